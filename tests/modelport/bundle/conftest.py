"""A small linear model as ONNX, and a bundle of it."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
import pyarrow as pa
import pytest
from onnx import TensorProto, helper, numpy_helper

from modelport import api
from modelport.bundle import Bundle
from modelport.parity.settings import Settings
from modelport.signature import Column, Signature, Task, regression_outputs
from modelport_onnx.assemble import stamp


def make_linear(weights: tuple[float, ...] = (2.0, -1.0), names: tuple[str, ...] = ("a", "b")) -> onnx.ModelProto:
    graph = helper.make_graph(
        [helper.make_node("MatMul", ["X", "w"], ["prediction"])],
        "linear",
        [helper.make_tensor_value_info("X", TensorProto.DOUBLE, ["N", len(weights)])],
        [helper.make_tensor_value_info("prediction", TensorProto.DOUBLE, ["N", 1])],
        [numpy_helper.from_array(np.array(weights).reshape(-1, 1), "w")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 21)], ir_version=10)
    inputs = tuple(Column(name, pa.float64(), nullable=True) for name in names)
    stamp(model, Signature(inputs, regression_outputs(), Task.REGRESSION))
    return model


@pytest.fixture
def linear() -> Callable[..., onnx.ModelProto]:
    """Weights → the model `weights @ row`, whose columns may be missing."""
    return make_linear


def make_rows() -> pa.Table:
    rng = np.random.default_rng(0)
    a = rng.normal(size=250)
    a[::10] = np.nan
    return pa.table({"a": pa.array(a, from_pandas=True), "b": rng.normal(size=250)})


@pytest.fixture
def model(tmp_path: Path) -> Path:
    path = tmp_path / "linear.onnx"
    onnx.save(make_linear(), path)
    return path


@pytest.fixture
def rows() -> pa.Table:
    return make_rows()


@pytest.fixture
def settings() -> Settings:
    return Settings(rows=200, strata=("data", "random"))


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    """The bundle of the linear model, made once."""
    folder = tmp_path_factory.mktemp("built")
    onnx.save(make_linear(), folder / "linear.onnx")
    wanted = Settings(rows=200, strata=("data", "random"))
    return api.package(folder / "linear.onnx", output=folder / "linear.mport", data=make_rows(), settings=wanted)


@pytest.fixture
def bundle(built: Bundle, tmp_path: Path) -> Bundle:
    """A copy of it, which a test may change."""
    shutil.copy(built.path, tmp_path / "linear.mport")
    return replace(built, path=tmp_path / "linear.mport")
