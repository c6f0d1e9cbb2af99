"""Graphs that are no table model, or whose names XML finds hard: exact, or refused with the node named."""

import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pandas as pd
import pyarrow as pa
import pytest
from lxml import etree
from onnx import TensorProto, helper, numpy_helper
from sklearn.datasets import load_iris
from sklearn.ensemble import RandomForestRegressor
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.tree import DecisionTreeClassifier

from modelport.api import convert
from modelport.conversion import Context
from modelport.errors import CannotConvert, InputError, ModelportError
from modelport_onnx.file import signature as signature_of
from modelport_pmml.document import PmmlDocument, write
from modelport_pmml.from_columnar.convert import convert as from_columnar
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
    assert "name: one" in str(refused(graph(nodes), tmp_path))


def chosen(condition: list[Any], then: list[Any], other: list[Any], tensors: tuple[Any, ...]) -> onnx.ModelProto:
    """`Y`, from one of two graphs, by the condition `c`; both may use `X` of the graph around them."""
    found = [helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in ("t", "o")]
    branches = [helper.make_graph(nodes, f"b{i}", [], [found[i]]) for i, nodes in enumerate((then, other))]
    node = helper.make_node("If", ["c"], ["Y"], "choice", then_branch=branches[0], else_branch=branches[1])
    return graph([*condition, node], tensors)


@pytest.mark.java
@pytest.mark.parametrize("which", [True, False])
def test_a_subgraph_that_a_constant_chooses_is_exact(which: bool, tmp_path: Path) -> None:
    path = tmp_path / "model.onnx"
    flag = numpy_helper.from_array(np.array(which), "c")
    then, other = [helper.make_node("Abs", ["X"], ["t"])], [helper.make_node("Neg", ["X"], ["o"])]
    path.write_bytes(chosen([], then, other, (flag,)).SerializeToString())
    session = JpmmlSession(to_pmml(path))
    rows = np.array([[1.5, -2, 0, 3], [-1, 4, -7, 0.25]], np.float32)
    names = [column.name for column in session.signature.inputs]
    batch = pa.RecordBatch.from_arrays([pa.array(c) for c in rows.T.copy()], names=names)
    found = np.column_stack([column.to_numpy() for column in session.score(batch).columns])
    np.testing.assert_array_equal(found, np.abs(rows) if which else -rows)


def test_a_subgraph_that_the_whole_batch_chooses_is_refused_with_its_node(tmp_path: Path) -> None:
    condition = [
        helper.make_node("ReduceSum", ["X"], ["s"], "total", keepdims=0),
        helper.make_node("Greater", ["s", "zero"], ["c"], "positive"),
    ]
    then, other = [helper.make_node("Abs", ["X"], ["t"])], [helper.make_node("Neg", ["X"], ["o"])]
    zero = numpy_helper.from_array(np.float32(0), "zero")
    error = refused(chosen(condition, then, other, (zero,)), tmp_path)
    assert any(name in str(error) for name in ("total", "positive", "choice"))


def test_an_unknown_operator_inside_a_subgraph_is_refused_with_its_node(tmp_path: Path) -> None:
    flag = numpy_helper.from_array(np.array(True), "c")
    strange = helper.make_node("Frobnicate", ["X"], ["t"], "strange", domain="com.example")
    error = refused(chosen([], [strange], [helper.make_node("Neg", ["X"], ["o"])], (flag,)), tmp_path)
    assert "Frobnicate" in str(error)
    assert "strange" in str(error)


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
    inside, outside = tmp_path / "inside.onnx", tmp_path / "outside.onnx"
    inside.write_bytes(model.SerializeToString())
    onnx.save_model(model, outside, save_as_external_data=True, location="weights.bin", size_threshold=0)
    documents = [to_pmml(path).root for path in (inside, outside)]
    models = [etree.tostring(root[-1]) for root in documents]
    assert models[0] == models[1]


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


@pytest.mark.parametrize("names", [("N", 4), (None, 4), ("rows", 4), (1, 4), (7, 4)])
def test_the_number_of_rows_may_be_anything(names: tuple[Any, ...], tmp_path: Path) -> None:
    path = tmp_path / "model.onnx"
    path.write_bytes(graph([helper.make_node("Abs", ["X"], ["Y"])], shape=names, out=names).SerializeToString())
    fields = [item for item in to_pmml(path).root.iter() if str(item.tag).endswith("OutputField")]
    assert len(fields) == 4


def test_a_threshold_that_is_no_number_is_refused(tmp_path: Path) -> None:
    model: onnx.ModelProto = convert(
        DecisionTreeClassifier(max_depth=2).fit(X, Y), "onnx", data=X, verify=False
    ).model.artifact.model
    node = next(item for item in model.graph.node if item.op_type == "TreeEnsemble")
    splits = next(item for item in node.attribute if item.name == "nodes_splits")
    array = numpy_helper.to_array(splits.t).copy()
    array[0] = np.nan
    splits.t.CopyFrom(numpy_helper.from_array(array, splits.t.name))
    assert "NaN" in str(refused(model, tmp_path))


def test_a_forest_is_written_in_little_memory(tmp_path: Path) -> None:
    """Trees are made into text one by one; what is kept of each is less than its text."""
    rng = np.random.default_rng(0)
    rows = rng.normal(size=(2000, 5))
    path = tmp_path / "model.onnx"
    convert(RandomForestRegressor(20, random_state=0).fit(rows, rows[:, 0] * rows[:, 1]), path, data=rows, verify=False)
    source = onnx.load(path)
    write(from_columnar(source, Context(signature_of(source))), tmp_path / "first.pmml")  # imports what it needs
    tracemalloc.start()
    try:
        document = from_columnar(source, Context(signature_of(source)))
        write(document, tmp_path / "model.pmml")
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    size = (tmp_path / "model.pmml").stat().st_size
    assert size > 2 << 20
    assert peak < 1.5 * size


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
    found = session.score(pa.RecordBatch.from_pandas(frame)).to_pydict()
    assert found["label"] == estimator.predict(frame).tolist()


@pytest.mark.java
def test_five_hundred_outputs(to_pmml: Callable[[Any, Any], PmmlDocument], schema: etree.XMLSchema) -> None:
    targets = X @ np.random.default_rng(0).normal(size=(4, 500))
    model = LinearRegression().fit(X, targets)
    document = to_pmml(model, X)
    schema.assertValid(document.root.getroottree())
    batch = pa.RecordBatch.from_arrays([pa.array(c) for c in X[:5].T.copy()], names=["x0", "x1", "x2", "x3"])
    found = np.column_stack([column.to_numpy() for column in JpmmlSession(document).score(batch).columns])
    np.testing.assert_allclose(found, model.predict(X[:5]), rtol=1e-12, atol=1e-12)


def test_a_name_that_xml_cannot_hold_is_refused() -> None:
    frame = pd.DataFrame(X, columns=["a\x00", "b", "c", "d"])
    with pytest.raises(CannotConvert, match="character"):
        convert(LinearRegression().fit(frame, Y), "pmml", data=frame, verify=False, engine="modelport")
