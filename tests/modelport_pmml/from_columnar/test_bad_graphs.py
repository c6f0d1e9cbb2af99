"""Graphs that are no table model, or whose names XML finds hard: exact, or refused with the node named."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pandas as pd
import pytest
from lxml import etree
from onnx import TensorProto, helper, numpy_helper
from sklearn.datasets import load_iris
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.tree import DecisionTreeClassifier

from modelport.api import convert
from modelport.errors import CannotConvert, InputError, ModelportError
from modelport_pmml.document import PmmlDocument
from modelport_pmml.runtimes.jpmml import JpmmlSession

X, Y = load_iris(return_X_y=True)
LABELS = np.array(["<a & 'b'>", 'line\nbreak\t"x"', "東京 😀 "])


def to_pmml(path: Path) -> PmmlDocument:
    document: PmmlDocument = convert(path, "pmml", verify=False).model.artifact.model
    return document


def graph(
    nodes: list[Any], tensors: tuple[Any, ...] = (), shape: tuple[Any, ...] = ("N", 4), **more: Any
) -> onnx.ModelProto:
    x = helper.make_tensor_value_info("X", TensorProto.FLOAT, shape)
    y = helper.make_tensor_value_info("Y", TensorProto.FLOAT, more.pop("out", ("N", 4)))
    opsets = [helper.make_opsetid("", 21), helper.make_opsetid("com.example", 1)]
    made = helper.make_graph(nodes, "g", [x], [y], list(tensors))
    return helper.make_model(made, opset_imports=opsets, ir_version=10)


def refused(model: onnx.ModelProto, folder: Path) -> ModelportError:
    path = folder / "model.onnx"
    path.write_bytes(model.SerializeToString())
    with pytest.raises((CannotConvert, InputError, ModelportError)) as error:
        to_pmml(path)
    assert type(error.value).__name__ != "InternalError"
    return error.value


def test_an_unknown_domain_is_refused_with_its_node(tmp_path: Path) -> None:
    node = helper.make_node("Frobnicate", ["X"], ["Y"], "strange", domain="com.example")
    assert "strange" in str(refused(graph([node]), tmp_path)) or "Frobnicate" in str(refused(graph([node]), tmp_path))


def test_int8_quantisation_is_refused_with_its_node(tmp_path: Path) -> None:
    scale = numpy_helper.from_array(np.float32(0.1), "scale")
    zero = numpy_helper.from_array(np.int8(0), "zero")
    nodes = [
        helper.make_node("QuantizeLinear", ["X", "scale", "zero"], ["q"], "quantise"),
        helper.make_node("DequantizeLinear", ["q", "scale", "zero"], ["Y"], "back"),
    ]
    error = refused(graph(nodes, (scale, zero)), tmp_path)
    assert "QuantizeLinear" in str(error)
    assert "quantise" in str(error)


def test_a_cycle_is_refused(tmp_path: Path) -> None:
    nodes = [helper.make_node("Add", ["X", "b"], ["a"], "one"), helper.make_node("Add", ["a", "X"], ["b"], "two"),
             helper.make_node("Identity", ["b"], ["Y"])]  # fmt: skip
    refused(graph(nodes), tmp_path)


def test_external_data_that_is_not_there_is_refused(tmp_path: Path) -> None:
    weights = numpy_helper.from_array(np.eye(4, dtype=np.float32), "W")
    model = graph([helper.make_node("MatMul", ["X", "W"], ["Y"], "product")], (weights,))
    tensor = model.graph.initializer[0]
    tensor.ClearField("raw_data")
    tensor.data_location = TensorProto.EXTERNAL
    tensor.external_data.add(key="location", value="../../etc/passwd")
    refused(model, tmp_path)


def test_external_data_beside_the_file_is_read(tmp_path: Path) -> None:
    weights = numpy_helper.from_array(np.arange(16, dtype=np.float32).reshape(4, 4), "W")
    model = graph([helper.make_node("MatMul", ["X", "W"], ["Y"])], (weights,))
    path = tmp_path / "model.onnx"
    onnx.save_model(model, path, save_as_external_data=True, location="weights.bin", size_threshold=0)
    try:
        document = to_pmml(path)
    except ModelportError as error:
        assert "weights" in str(error) or "external" in str(error)  # noqa: PT017
        return
    assert b"15" in document.data


def test_a_width_that_the_graph_leaves_open_is_asked_for(tmp_path: Path) -> None:
    error = refused(graph([helper.make_node("Abs", ["X"], ["Y"])], shape=("N", "C"), out=("N", "C")), tmp_path)
    assert "column" in str(error)


def test_a_loop_over_rows_is_refused_with_its_node(tmp_path: Path) -> None:
    state, row = (helper.make_tensor_value_info(name, TensorProto.FLOAT, (4,)) for name in ("s", "r"))
    out, copy = (helper.make_tensor_value_info(name, TensorProto.FLOAT, (4,)) for name in ("o", "c"))
    body = helper.make_graph(
        [helper.make_node("Add", ["s", "r"], ["o"]), helper.make_node("Identity", ["o"], ["c"])],
        "body", [state, row], [out, copy],
    )  # fmt: skip
    zero = numpy_helper.from_array(np.zeros(4, np.float32), "zero")
    node = helper.make_node("Scan", ["zero", "X"], ["last", "Y"], "running sum", body=body, num_scan_inputs=1)
    assert "running sum" in str(refused(graph([node], (zero,)), tmp_path))


@pytest.mark.java
@pytest.mark.parametrize("estimator", [LogisticRegression(max_iter=500), DecisionTreeClassifier(max_depth=3)], ids=str)
def test_labels_and_names_that_xml_finds_hard(
    estimator: Any, to_pmml: Callable[[Any, Any], PmmlDocument], schema: etree.XMLSchema
) -> None:
    names = ["a b", "<&>", 'qu"ote', "1 é東"]
    frame = pd.DataFrame(X, columns=names)
    estimator.fit(frame, LABELS[Y])
    document = to_pmml(estimator, frame)
    schema.assertValid(document.root.getroottree())
    session = JpmmlSession(document)
    assert [column.name for column in session.signature.inputs] == names
    import pyarrow as pa

    found = session.score(pa.RecordBatch.from_pandas(frame)).to_pydict()
    assert found["label"] == estimator.predict(frame).tolist()


@pytest.mark.java
def test_five_hundred_outputs(to_pmml: Callable[[Any, Any], PmmlDocument], schema: etree.XMLSchema) -> None:
    targets = X @ np.random.default_rng(0).normal(size=(4, 500))
    model = LinearRegression().fit(X, targets)
    document = to_pmml(model, X)
    schema.assertValid(document.root.getroottree())
    import pyarrow as pa

    batch = pa.RecordBatch.from_arrays([pa.array(c) for c in X[:5].T.copy()], names=["x0", "x1", "x2", "x3"])
    found = np.column_stack([column.to_numpy() for column in JpmmlSession(document).score(batch).columns])
    np.testing.assert_allclose(found, model.predict(X[:5]), rtol=1e-12, atol=1e-12)


def test_a_name_that_xml_cannot_hold_is_refused() -> None:
    frame = pd.DataFrame(X, columns=["a\x00", "b", "c", "d"])
    with pytest.raises(CannotConvert, match="character"):
        convert(LinearRegression().fit(frame, Y), "pmml", data=frame, verify=False, engine="modelport")
