"""The two ONNX runtimes: foreign graphs, missing values, one vocabulary."""

import numpy as np
import onnx
import pyarrow as pa
import pytest
from onnx import TensorProto, helper, numpy_helper
from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression

from modelport.errors import DataError, RuntimeFailed
from modelport.signature import Column, Signature, Task
from modelport_onnx.assemble import stamp
from modelport_onnx.ort import OrtSession
from modelport_onnx.reference import ReferenceSession

SESSIONS = [OrtSession, ReferenceSession]


def add_one(kind: int = TensorProto.DOUBLE, width: int | None = 2) -> onnx.ModelProto:
    dtype = helper.tensor_dtype_to_np_dtype(kind)
    graph = helper.make_graph(
        [helper.make_node("Add", ["X", "one"], ["Y"])],
        "adds",
        [helper.make_tensor_value_info("X", kind, ["N", width])],
        [helper.make_tensor_value_info("Y", kind, ["N", width])],
        [numpy_helper.from_array(np.ones(1, dtype), "one")],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 21)], ir_version=10)


def batch(**columns: list[float | None]) -> pa.RecordBatch:
    return pa.RecordBatch.from_pydict({name: pa.array(v, pa.float64()) for name, v in columns.items()})


@pytest.mark.parametrize("kind", SESSIONS)
def test_null_travels_as_nan(kind: type) -> None:
    out = kind(add_one()).score(batch(x0=[1.0, None], x1=[2.0, 3.0]))
    assert out.column(0)[0].as_py() == 2.0
    assert np.isnan(out.column(0)[1].as_py())
    assert out.schema.names == ["prediction(y0)", "prediction(y1)"]


@pytest.mark.parametrize("kind", SESSIONS)
def test_a_null_where_the_signature_allows_none_is_refused(kind: type) -> None:
    model = add_one()
    columns = (Column("a", pa.float64()), Column("b", pa.float64()))
    outputs = (Column("prediction(a)", pa.float64()), Column("prediction(b)", pa.float64()))
    stamp(model, Signature(columns, outputs, Task.REGRESSION))
    with pytest.raises(DataError, match="'a' has a missing value"):
        kind(model).score(batch(a=[None], b=[1.0]))


@pytest.mark.parametrize("kind", SESSIONS)
def test_a_file_of_skl2onnx_with_zipmap_speaks_the_one_vocabulary(kind: type) -> None:
    from skl2onnx import to_onnx

    x, y = load_iris(return_X_y=True)
    names = np.array(["setosa", "versi<color>", "virginica ü"])
    estimator = LogisticRegression(max_iter=500).fit(x, names[y])
    model = to_onnx(estimator, x[:1].astype(np.float32), target_opset=21)
    assert any(node.op_type == "ZipMap" for node in model.graph.node)
    session = kind(model)
    assert session.signature.task is Task.CLASSIFICATION
    rows = pa.RecordBatch.from_arrays(
        [pa.array(x[:, i].astype(np.float32)) for i in range(4)], names=["x0", "x1", "x2", "x3"]
    )
    out = session.score(rows)
    assert out.schema.names == ["label", *(f"probability({name})" for name in names)]
    assert out.column("label").to_pylist() == list(estimator.predict(x))
    np.testing.assert_allclose(out.column(1).to_numpy(), estimator.predict_proba(x)[:, 0], atol=1e-5)


def test_a_graph_onnxruntime_cannot_run_fails_in_one_line() -> None:
    model = add_one(TensorProto.DOUBLE)
    model.graph.node[0].op_type = "BitShift"
    with pytest.raises(RuntimeFailed, match="does not load") as caught:
        OrtSession(model)
    assert "\n" not in caught.value.what


def test_an_open_width_is_filled_from_the_signature() -> None:
    model = add_one(width=None)
    columns = tuple(Column(f"x{i}", pa.float64()) for i in range(3))
    outputs = tuple(Column(f"out(x{i})", pa.float64()) for i in range(3))
    stamp(model, Signature(columns, outputs, Task.TRANSFORM))
    out = OrtSession(model).score(batch(x0=[1.0], x1=[2.0], x2=[3.0]))
    assert [column[0].as_py() for column in out.columns] == [2.0, 3.0, 4.0]


def test_an_integer_that_float64_cannot_hold_is_refused() -> None:
    model = add_one(width=1)
    stamp(
        model,
        Signature((Column("n", pa.int64(), nullable=True),), (Column("prediction", pa.float64()),), Task.REGRESSION),
    )
    rows = pa.RecordBatch.from_pydict({"n": pa.array([2**53 + 1], pa.int64())})
    with pytest.raises(DataError, match="2\\^53"):
        OrtSession(model).score(rows)
