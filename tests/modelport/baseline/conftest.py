"""Two small models as files, and their comparison."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pyarrow as pa
import pytest
from onnx import TensorProto, helper, numpy_helper

from modelport import api
from modelport.baseline import About
from modelport.contents import digest_of_rows
from modelport.data import data
from modelport.parity import ParityReport
from modelport.parity.settings import Settings
from modelport.signature import Column, Signature, Task, regression_outputs
from modelport_onnx.assemble import stamp

ROWS = {"a": [float(i) for i in range(20)], "b": [float(i % 3) for i in range(20)]}


@pytest.fixture
def about() -> About:
    """What `pair`'s reports are about."""
    return About(data_sha256=digest_of_rows(data(ROWS)))


@pytest.fixture
def rows() -> dict[str, list[float]]:
    """The rows that `pair` compares on."""
    return ROWS


def write(path: Path, beyond: float, step: float) -> Path:
    """`a`, and for `a` above `beyond` another `step`: so a difference has a size and a place."""
    nodes = [
        helper.make_node("Slice", ["X", "zero", "one", "columns"], ["a"]),
        helper.make_node("Greater", ["a", "beyond"], ["high"]),
        helper.make_node("Where", ["high", "step", "none"], ["more"]),
        helper.make_node("Add", ["a", "more"], ["prediction"]),
    ]
    held = [
        numpy_helper.from_array(np.array([0]), "zero"),
        numpy_helper.from_array(np.array([1]), "one"),
        numpy_helper.from_array(np.array([1]), "columns"),
        numpy_helper.from_array(np.array(beyond), "beyond"),
        numpy_helper.from_array(np.array(step), "step"),
        numpy_helper.from_array(np.array(0.0), "none"),
    ]
    double = TensorProto.DOUBLE
    inputs = [helper.make_tensor_value_info("X", double, ["N", 2])]
    outputs = [helper.make_tensor_value_info("prediction", double, ["N", 1])]
    graph = helper.make_graph(nodes, "step", inputs, outputs, held)
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 21)], ir_version=10)
    columns = (Column("a", pa.float64()), Column("b", pa.float64()))
    stamp(made, Signature(columns, regression_outputs(), Task.REGRESSION))
    onnx.save(made, path)
    return path


@pytest.fixture
def pair(tmp_path: Path) -> Callable[..., ParityReport]:
    """`pair(beyond, step)`: the comparison of a model with one that answers `step` more above `beyond`."""

    def compare(beyond: float = 15.0, step: float = 0.25, rows: Any = ROWS, **settings: Any) -> ParityReport:
        reference = write(tmp_path / "reference.onnx", 15.0, 0.0)
        candidate = write(tmp_path / "candidate.onnx", beyond, step)
        chosen = {"strata": ("data",), "runtimes": ("onnxruntime",), "shrink": False, "isolate": False, **settings}
        return api.verify(reference, candidate, data=rows, settings=Settings(**chosen))

    return compare
