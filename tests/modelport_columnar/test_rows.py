"""Graphs that look at several rows, as columns: row by row, failing on some, or refused by name."""

import numpy as np
import onnx
import pytest
import spox
import spox.opset.ai.onnx.v21 as op
from sklearn.datasets import load_iris
from sklearn.discriminant_analysis import QuadraticDiscriminantAnalysis
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.neighbors import KNeighborsClassifier
from spox import Tensor, Var, argument

from modelport.conversion import Context
from modelport.errors import CannotConvert
from modelport.signature import Signature, Task, matrix_inputs
from modelport_columnar.evaluate import evaluate
from modelport_columnar.execute import Columns, execute
from modelport_onnx.assemble import stamp
from modelport_onnx.blocks.guard import fail_where
from modelport_onnx.build import to_onnx
from modelport_onnx.ort import OrtSession

ROWS, TARGET = load_iris(return_X_y=True)


def matrix() -> Var:
    return argument(Tensor(np.float64, ("N", 4)))


def built(x: Var, y: Var) -> onnx.ModelProto:
    model = spox.build({"X": x}, {"y": y})
    stamp(model, Signature(matrix_inputs(4)).with_outputs(matrix_inputs(4), Task.TRANSFORM, ()))
    return model


def values(columns: Columns, rows: np.ndarray) -> np.ndarray:
    inputs = {column.name: rows[:, i] for i, column in enumerate(columns.signature.inputs)}
    return np.column_stack([np.asarray(item, float) for item in evaluate(columns.outputs, inputs)])


def scanned(body: object) -> onnx.ModelProto:
    x = matrix()
    (y,) = op.scan([x], body=body, num_scan_inputs=1)  # type: ignore[arg-type]  # spox's stub wants fewer arguments
    return built(x, op.reshape(y, op.const(np.array([-1, 4]))))


CENTRES = np.arange(12.0).reshape(4, 3)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (lambda row: [op.sub(row, op.const(np.arange(4.0)))], lambda x: x - np.arange(4.0)),
        (lambda row: [op.softmax(row)], lambda x: np.exp(x) / np.exp(x).sum(axis=1, keepdims=True)),
        (
            lambda row: [
                op.concat([op.slice(row, *(op.const(np.array([i])) for i in (1, 4, 0))), op.const([7.0])], axis=0)
            ],
            lambda x: np.column_stack([x[:, 1:], np.full(len(x), 7.0)]),
        ),
        (
            lambda row: [
                op.add(
                    row, op.reduce_sum(op.unsqueeze(row, op.const(np.array([0]))), op.const(np.array([1])), keepdims=0)
                )
            ],
            lambda x: x + x.sum(axis=1, keepdims=True),
        ),
        (lambda row: [op.matmul(row, op.const(np.eye(4) * 2))], lambda x: 2 * x),
    ],
    ids=["sub", "softmax", "concat", "unsqueeze-sum", "matmul"],
)
def test_a_scan_over_the_rows_is_what_it_does_to_one(body: object, expected: object) -> None:
    found = values(execute(scanned(body)), ROWS)
    np.testing.assert_allclose(found, expected(ROWS), rtol=1e-14)  # type: ignore[operator]


def test_a_scan_with_a_state_is_refused_by_name() -> None:
    kinds = {name: onnx.helper.make_tensor_value_info(name, 11, shape) for name, shape in
             {"X": ("N", 4), "y": ("N", 4), "s": (4,), "row": (4,), "total": (4,), "copy": (4,)}.items()}  # fmt: skip
    nodes = [
        onnx.helper.make_node("Add", ["s", "row"], ["total"]),
        onnx.helper.make_node("Identity", ["total"], ["copy"]),
    ]
    body = onnx.helper.make_graph(nodes, "body", [kinds["s"], kinds["row"]], [kinds["total"], kinds["copy"]])
    scan = onnx.helper.make_node("Scan", ["zero", "X"], ["last", "y"], "running", body=body, num_scan_inputs=1)
    zero = onnx.numpy_helper.from_array(np.zeros(4), "zero")
    model = onnx.helper.make_model(onnx.helper.make_graph([scan], "g", [kinds["X"]], [kinds["y"]], [zero]))
    stamp(model, Signature(matrix_inputs(4)).with_outputs(matrix_inputs(4), Task.TRANSFORM, ()))
    with pytest.raises(CannotConvert, match="rows depend on one another") as refused:
        execute(model)
    assert "running" in str(refused.value)


def test_a_row_on_which_the_original_fails_has_no_result_and_the_others_do() -> None:
    x = matrix()
    columns = execute(built(x, fail_where(op.less(x, op.const(0.0)), x)))
    rows = np.array([[1.0, 2, 3, 4], [1, -2, 3, 4]])
    found = values(columns, rows)
    np.testing.assert_array_equal(found, [[1, 2, 3, 4], [np.nan] * 4])


def test_a_sum_over_the_rows_is_refused() -> None:
    x = matrix()
    with pytest.raises(CannotConvert, match="sums over the rows"):
        execute(built(x, op.add(x, op.reduce_sum(x, op.const(np.array([0]))))))


@pytest.mark.parametrize("condition", ["any", "rows"])
def test_an_if_about_the_rows_is_refused_unless_it_only_replaces_those_rows(condition: str) -> None:
    x = matrix()
    flags = op.cast(op.less(x, op.const(0.0)), to=np.int64)
    some = op.cast(op.reduce_max(flags, keepdims=0), to=np.bool_)
    if condition == "rows":
        some = op.equal(
            op.reshape(op.shape(x, start=0, end=1), op.const(np.array([], np.int64))), op.const(np.int64(1))
        )
    (y,) = op.if_(some, then_branch=lambda: [op.neg(x)], else_branch=lambda: [op.identity(x)])
    with pytest.raises(CannotConvert, match=r"depends on the rows|number of rows"):
        execute(built(x, y))


ESTIMATORS = [
    KNeighborsClassifier(5),
    QuadraticDiscriminantAnalysis(),
    GaussianProcessRegressor(alpha=1e-2),
]


@pytest.mark.parametrize("estimator", ESTIMATORS, ids=lambda item: type(item).__name__)
def test_estimators_that_go_row_by_row(estimator: object) -> None:
    rows = ROWS + np.random.default_rng(0).normal(0, 1e-3, ROWS.shape)
    estimator.fit(rows, TARGET)  # type: ignore[attr-defined]
    model = to_onnx(estimator, Context(Signature(matrix_inputs(4))))
    found = values(execute(model), rows[::3])
    session = OrtSession(model)
    import pyarrow as pa

    batch = pa.RecordBatch.from_arrays([pa.array(c) for c in rows[::3].T.copy()], names=["x0", "x1", "x2", "x3"])
    want = np.column_stack([np.asarray(column, float) for column in session.score(batch).columns])
    np.testing.assert_allclose(found, want, rtol=1e-9, atol=1e-9)


def test_ties_are_told() -> None:
    model = to_onnx(KNeighborsClassifier(5).fit(ROWS, TARGET), Context(Signature(matrix_inputs(4))))
    assert any("same distance" in sentence for sentence in execute(model).assumed)
