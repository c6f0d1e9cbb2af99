"""The tensors of an ONNX model: names, types, widths and the columns in them."""

import numpy as np
import onnx
import pyarrow as pa
import pytest
from onnx import TensorProto, helper

from modelport.errors import CannotConvert
from modelport.signature import Column, Signature, Task, regression_outputs
from modelport_onnx.assemble import stamp
from modelport_onnx.tensors import tensors


def model(kind: int = TensorProto.DOUBLE, shape: tuple[object, ...] = ("N", 2)) -> onnx.ModelProto:
    ends = [
        helper.make_tensor_value_info("X", kind, shape),
        helper.make_tensor_value_info("prediction", TensorProto.DOUBLE, ["N", 1]),
    ]
    nodes = [
        helper.make_node("Cast", ["X"], ["x"], to=TensorProto.DOUBLE),
        helper.make_node("ReduceSum", ["x", "axis"], ["prediction"]),
    ]
    axis = onnx.numpy_helper.from_array(np.array([1]), "axis")
    made = helper.make_model(helper.make_graph(nodes, "sum", ends[:1], ends[1:], [axis]))
    columns = (Column("a", pa.float64(), nullable=True), Column("b", pa.int64(), nullable=True))
    stamp(made, Signature(columns, regression_outputs(), Task.REGRESSION))
    return made


def test_a_matrix_holds_its_columns() -> None:
    found = tensors(model())
    assert [(t.name, t.dtype, t.shape, t.columns) for t in found.inputs] == [("X", "float64", (None, 2), ("a", "b"))]
    assert [(t.name, t.shape, t.columns) for t in found.outputs] == [("prediction", (None, 1), ("prediction",))]


def test_rows_become_tensors_and_come_back() -> None:
    found = tensors(model())
    fed = found.feed(pa.RecordBatch.from_pydict({"a": [1.5, None], "b": pa.array([None, 7], pa.int64())}))
    np.testing.assert_array_equal(fed["X"], [[1.5, np.nan], [np.nan, 7.0]])
    assert found.rows({"prediction": np.array([[1.0], [2.0]])}).column(0).to_pylist() == [1.0, 2.0]


def test_a_portable_graph_is_fed_float32() -> None:
    found = tensors(model(TensorProto.FLOAT))
    assert found.inputs[0].dtype == "float32"
    fed = found.feed(pa.RecordBatch.from_pydict({"a": [0.1], "b": [1]}))
    assert fed["X"].dtype == np.float32


@pytest.mark.parametrize(
    ("kind", "shape"),
    [(TensorProto.INT8, ("N", 2)), (TensorProto.DOUBLE, ("N", "M")), (TensorProto.DOUBLE, ("N", 2, 2))],
)
def test_what_is_no_tensor_of_rows_is_refused(kind: int, shape: tuple[object, ...]) -> None:
    with pytest.raises(CannotConvert) as caught:
        tensors(model(kind, shape))
    assert caught.value.where == "X"
