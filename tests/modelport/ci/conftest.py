"""A project with small ONNX models, which convert and compare in a second and need no JVM."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pyarrow as pa
import pytest
from onnx import TensorProto, helper, numpy_helper

from modelport import api
from modelport.ci.result import ProjectReport
from modelport.signature import Column, Signature, Task, regression_outputs
from modelport_onnx.assemble import stamp

HEAD = """
[parity]
rows = 50
strata = ["data", "random"]
runtimes = ["onnxruntime"]
isolate = false
"""


def linear(path: Path, *weights: float) -> Path:
    """A linear model of the columns a and b."""
    graph = helper.make_graph(
        [helper.make_node("MatMul", ["X", "w"], ["prediction"])],
        "linear",
        [helper.make_tensor_value_info("X", TensorProto.DOUBLE, ["N", 2])],
        [helper.make_tensor_value_info("prediction", TensorProto.DOUBLE, ["N", 1])],
        [numpy_helper.from_array(np.array(weights).reshape(-1, 1), "w")],
    )
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 21)], ir_version=10)
    inputs = (Column("a", pa.float64()), Column("b", pa.float64()))
    stamp(made, Signature(inputs, regression_outputs(), Task.REGRESSION))
    onnx.save(made, path)
    return path


@pytest.fixture
def model() -> Callable[..., Path]:
    """`model(path, 2.0, -1.0)` writes a linear model."""
    return linear


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty project with models, rows and no settings; the current folder."""
    linear(tmp_path / "price.onnx", 2.0, -1.0)
    linear(tmp_path / "same.onnx", 2.0, -1.0)
    linear(tmp_path / "other.onnx", 2.0, -1.001)
    (tmp_path / "rows.csv").write_text("a,b\n" + "".join(f"{i}.5,{i % 3}.25\n" for i in range(20)))
    monkeypatch.chdir(tmp_path)
    for name in ("GITHUB_ACTIONS", "GITHUB_STEP_SUMMARY", "GITHUB_OUTPUT"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


@pytest.fixture
def declare(folder: Path) -> Callable[..., Path]:
    """`declare("[models.price]…")` writes modelport.toml, with settings that keep comparisons short."""

    def write(*tables: str, head: str = HEAD) -> Path:
        (folder / "modelport.toml").write_text(head + "\n".join(tables))
        return folder / "modelport.toml"

    return write


@pytest.fixture
def run(folder: Path) -> Callable[..., ProjectReport]:
    """`api.run_ci` in the project."""

    def start(**wishes: Any) -> ProjectReport:
        return api.run_ci(folder, **wishes)

    return start
