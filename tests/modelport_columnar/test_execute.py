"""Symbolic execution means what onnxruntime computes; what has no columnar form is refused by name."""

import numpy as np
import onnx
import pyarrow as pa
import pytest
import spox
import spox.opset.ai.onnx.ml.v5 as ml
import spox.opset.ai.onnx.v21 as op
from sklearn.datasets import load_iris
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from spox import Tensor, Var, argument

from modelport.conversion import Context
from modelport.errors import CannotConvert
from modelport.signature import Column, Signature, Task, matrix_inputs
from modelport_columnar.evaluate import evaluate
from modelport_columnar.execute import execute
from modelport_columnar.expression import reachable
from modelport_columnar.table import OPERATORS
from modelport_onnx.assemble import stamp
from modelport_onnx.build import to_onnx
from modelport_onnx.ort import OrtSession

ROWS, TARGET = load_iris(return_X_y=True)


def agree(model: onnx.ModelProto, rows: np.ndarray, atol: float = 1e-12) -> None:
    """Columnar evaluation against onnxruntime, column by column."""
    columns = execute(model)
    session = OrtSession(model)
    batch = pa.RecordBatch.from_arrays(
        [pa.array(rows[:, i], column.type) for i, column in enumerate(session.signature.inputs)],
        names=[column.name for column in session.signature.inputs],
    )
    want = session.score(batch)
    inputs = {column.name: rows[:, i] for i, column in enumerate(columns.signature.inputs)}
    have = evaluate(columns.outputs, inputs)
    for name, left, right in zip(want.schema.names, want.columns, have, strict=True):
        if pa.types.is_string(left.type):
            assert left.to_pylist() == list(right), name
        else:
            np.testing.assert_allclose(np.asarray(right, float), left.to_numpy(zero_copy_only=False), atol=atol)


@pytest.mark.parametrize(
    "estimator",
    [
        LinearRegression(),
        make_pipeline(StandardScaler(), LogisticRegression(max_iter=500)),
        RandomForestClassifier(7, max_depth=4, random_state=0),
    ],
    ids=lambda e: type(e).__name__,
)
def test_exact_graphs_keep_their_answers(estimator: object) -> None:
    names = np.array(["se<tosa", "versi color", "virginica"])
    target = TARGET if isinstance(estimator, LinearRegression) else names[TARGET]
    estimator.fit(ROWS, target)  # type: ignore[attr-defined]
    agree(to_onnx(estimator, Context(Signature(matrix_inputs(4)))), ROWS)


def test_a_deep_network_does_not_grow_exponentially() -> None:
    x: Var = argument(Tensor(np.float64, ("N", 4)))
    y = x
    for depth in range(40):
        weights = np.random.default_rng(depth).normal(size=(4, 4)) / 2
        y = op.tanh(op.add(op.matmul(y, op.const(weights)), op.mul(y, y)))
    columns = execute(spox.build({"X": x}, {"Y": y}))
    assert sum(1 for _ in reachable(columns.outputs)) < 40 * 4 * 5


@pytest.mark.parametrize(
    ("name", "build"),
    [
        ("Transpose", lambda x: op.transpose(x, perm=[1, 0])),
        ("ReduceSum", lambda x: op.reduce_sum(x, op.const(np.array([0], np.int64)))),
        ("Add", lambda x: op.add(x, op.const(np.zeros((2, 4))))),
        ("Det", lambda x: op.det(op.matmul(op.transpose(x), x))),
    ],
)
def test_what_moves_rows_is_refused_by_name(name: str, build: object) -> None:
    x = argument(Tensor(np.float64, ("N", 4)))
    model = spox.build({"X": x}, {"Y": build(x)})  # type: ignore[operator]
    model.graph.output[0].type.tensor_type.shape.CopyFrom(
        onnx.helper.make_tensor_value_info("Y", 1, ["N", 4]).type.tensor_type.shape
    )
    with pytest.raises(CannotConvert, match=f"{name}|Transpose|MatMul"):
        execute(model)


ELEMENTWISE = {
    "Abs": op.abs, "Ceil": op.ceil, "Cos": op.cos, "Erf": op.erf, "Exp": op.exp, "Floor": op.floor, "Neg": op.neg,
    "Reciprocal": op.reciprocal, "Round": op.round, "Sigmoid": op.sigmoid, "Sign": op.sign, "Sin": op.sin,
    "Sqrt": op.sqrt, "Tanh": op.tanh, "Relu": op.relu, "Elu": lambda x: op.elu(x, alpha=0.7),
    "LeakyRelu": lambda x: op.leaky_relu(x, alpha=0.2), "Softplus": op.softplus, "Log": op.log,
    "Softmax": lambda x: op.softmax(x, axis=1), "LogSoftmax": lambda x: op.log_softmax(x, axis=1),
    "ReduceMax": lambda x: op.reduce_max(x, op.const(np.array([1], np.int64))),
    "ReduceMean": lambda x: op.reduce_mean(x, op.const(np.array([1], np.int64))),
    "ReduceL1": lambda x: op.reduce_l1(x, op.const(np.array([1], np.int64)), keepdims=0),
    "ReduceL2": lambda x: op.reduce_l2(x, op.const(np.array([1], np.int64))),
    "ReduceSumSquare": lambda x: op.reduce_sum_square(x, op.const(np.array([1], np.int64))),
    "ReduceLogSumExp": lambda x: op.reduce_log_sum_exp(x, op.const(np.array([1], np.int64))),
    "CumSum": lambda x: op.cumsum(x, op.const(np.array(1, np.int64)), exclusive=1, reverse=1),
    "ArgMax": lambda x: op.arg_max(x, axis=1, keepdims=0),
    "ArgMin": lambda x: op.arg_min(x, axis=1, keepdims=1, select_last_index=1),
    "Hardmax": lambda x: op.hardmax(x, axis=1),
    "Clip": lambda x: op.clip(x, op.const(np.float64(-0.5)), op.const(np.float64(0.5))),
    "Split": lambda x: op.split(x, num_outputs=3, axis=1)[1],
    "Slice": lambda x: op.slice(
        x, *[op.const(np.array([i], np.int64)) for i in (3, 0, 1, -1)]
    ),
    "Gather": lambda x: op.gather(x, op.const(np.array([2, 0], np.int64)), axis=1),
    "GatherElements": lambda x: op.gather_elements(x, op.arg_max(x, axis=1), axis=1),
    "TopK": lambda x: op.top_k(x, op.const(np.array([2], np.int64)), largest=0)[0],
    "Flatten": lambda x: op.flatten(op.unsqueeze(x, op.const(np.array([1], np.int64)))),
    "Reshape": lambda x: op.reshape(x, op.const(np.array([-1, 2, 2], np.int64))),
    "Transpose": lambda x: op.transpose(op.reshape(x, op.const(np.array([-1, 2, 2], np.int64))), perm=[0, 2, 1]),
    "Tile": lambda x: op.tile(x, op.const(np.array([1, 2], np.int64))),
    "Expand": lambda x: op.expand(op.unsqueeze(op.arg_max(x, axis=1, keepdims=0), op.const(np.array([1], np.int64))),
                                  op.shape(x)),
    "Where": lambda x: op.where(op.isnan(x), op.const(np.float64(7)), x),
    "Mod": lambda x: op.mod(x, op.const(np.float64(0.7)), fmod=1),
    "Pow": lambda x: op.pow(x, op.const(np.float64(3))),
    "Min": lambda x: op.min([x, op.const(np.array([[0.1, 0.2, 0.3, 0.4]]))]),
    "Cast": lambda x: op.cast(x, to=np.float32),
    "OneHot": lambda x: op.one_hot(op.arg_max(x, axis=1, keepdims=0), op.const(np.array(4, np.int64)),
                                   op.const(np.array([0.0, 1.0], np.float32))),
}  # fmt: skip


ONLY_FLOAT32 = {"Erf", "Elu", "LeakyRelu", "Softplus", "Hardmax"}
"""Operators that onnxruntime 1.32 has in float32 alone."""


@pytest.mark.parametrize("name", ELEMENTWISE)
def test_an_operator_means_what_onnxruntime_computes(name: str) -> None:
    rows = np.random.default_rng(3).normal(size=(50, 4))
    rows[0], rows[1, 2], rows[2] = [0.0, -0.0, 1.0, 1.0], 700.0, [2.5, -0.5, 0.5, 1.5]
    if name == "Where":
        rows[3, 1] = np.nan
    dtype = np.float32 if name in ONLY_FLOAT32 else np.float64
    rows = rows.astype(dtype)
    x = argument(Tensor(dtype, ("N", 4)))
    model = spox.build({"X": x}, {"Y": op.flatten(ELEMENTWISE[name](x))})
    import onnxruntime

    want = onnxruntime.InferenceSession(model.SerializeToString()).run(None, {"X": rows})[0]
    model.graph.output[0].type.tensor_type.shape.dim[1].dim_value = want.shape[1]
    columns = execute(model) if want.dtype.kind == "f" else None
    if columns is None:
        floats = spox.build({"X": x}, {"Y": op.cast(op.flatten(ELEMENTWISE[name](x)), to=np.float64)})
        floats.graph.output[0].type.tensor_type.shape.dim[1].dim_value = want.shape[1]
        columns = execute(floats)
    have = evaluate(columns.outputs, {f"x{i}": rows[:, i] for i in range(4)})
    np.testing.assert_allclose(
        np.column_stack(have),
        want,
        rtol=1e-14 if dtype is np.float64 else 1e-6,
        atol=0 if dtype is np.float64 else 1e-7,
    )


def test_the_table_names_operators_that_exist() -> None:
    known = {(schema.domain, schema.name) for schema in onnx.defs.get_all_schemas()}
    for domain, name in OPERATORS:
        assert ({"": "", "ml": "ai.onnx.ml"}[domain], name) in known or name == "Cast"


@pytest.mark.parametrize("shape", [(-1,), (-1, 1)])
def test_a_list_at_a_computed_position(shape: tuple[int, ...]) -> None:
    """skl2onnx's labels: the operator gives [1, N], which is reshaped to the rows."""
    labels = np.array(["a", "b", "c", "d"])
    x = argument(Tensor(np.float64, ("N", 4)))
    best = op.arg_max(x, axis=1, keepdims=0)
    found = op.reshape(ml.array_feature_extractor(op.const(labels), best), op.const(np.array(shape, np.int64)))
    model = spox.build({"X": x}, {"label": found})
    stamp(model, Signature(matrix_inputs(4)).with_outputs((Column("label", pa.string()),), Task.TRANSFORM, ()))
    rows = np.eye(4)[[2, 0, 3, 1]]
    columns = execute(model)
    have = evaluate(columns.outputs, {f"x{i}": rows[:, i] for i in range(4)})[0]
    assert have.tolist() == ["c", "a", "d", "b"]


@pytest.mark.parametrize("transform", ["NONE", "LOGISTIC"])
@pytest.mark.parametrize("weights", [(-1.0, 2.0), (0.2, 0.9), (0.0, 0.5)], ids=str)
@pytest.mark.parametrize("base", [None, [0.3]])
def test_trees_with_one_score_for_two_classes(
    weights: tuple[float, float], transform: str, base: list[float] | None
) -> None:
    """As onnxruntime reads them: shares where no weight is negative, else margins; the first class has the rest."""
    more = {} if base is None else {"base_values": base}
    node = onnx.helper.make_node(
        "TreeEnsembleClassifier", ["X"], ["label", "scores"], domain="ai.onnx.ml", post_transform=transform,
        nodes_treeids=[0] * 3, nodes_nodeids=[0, 1, 2], nodes_featureids=[0] * 3, nodes_values=[0.0] * 3,
        nodes_modes=["BRANCH_LEQ", "LEAF", "LEAF"], nodes_truenodeids=[1, 0, 0], nodes_falsenodeids=[2, 0, 0],
        class_treeids=[0, 0], class_nodeids=[1, 2], class_ids=[0, 0], class_weights=weights,
        classlabels_int64s=[10, 20], **more,
    )  # fmt: skip
    info = onnx.helper.make_tensor_value_info
    outputs = [info("label", onnx.TensorProto.INT64, ["N"]), info("scores", onnx.TensorProto.FLOAT, ["N", 2])]
    inputs = [info("X", onnx.TensorProto.FLOAT, ["N", 1])]
    opsets = [onnx.helper.make_opsetid("", 15), onnx.helper.make_opsetid("ai.onnx.ml", 3)]
    model = onnx.helper.make_model(
        onnx.helper.make_graph([node], "g", inputs, outputs), opset_imports=opsets, ir_version=8
    )
    agree(model, np.array([[-1.0], [0.0], [1.0]], np.float32), atol=1e-6)


def single(node: onnx.NodeProto, kind: int, gives: int, width: int = 4) -> onnx.ModelProto:
    """One node from `X` [N, 4] to `Y`."""
    info = onnx.helper.make_tensor_value_info
    opsets = [onnx.helper.make_opsetid("", 21), onnx.helper.make_opsetid("ai.onnx.ml", 3)]
    made = onnx.helper.make_graph([node], "g", [info("X", kind, ["N", 4])], [info("Y", gives, ["N", width])])
    return onnx.helper.make_model(made, opset_imports=opsets, ir_version=10)


FLOAT, INT, TEXT = onnx.TensorProto.FLOAT, onnx.TensorProto.INT64, onnx.TensorProto.STRING
SMALL = (ROWS[::10] / 4).astype(np.float32)


@pytest.mark.parametrize("kernel", ["LINEAR", "POLY", "RBF", "SIGMOID", "none"])
@pytest.mark.parametrize("one_class", [0, 1])
def test_svm_regressor(kernel: str, one_class: int) -> None:
    vectors = SMALL[:3] + np.float32(0.25)
    supports = {"kernel_params": [0.5, 0.25, 3.0], "kernel_type": "LINEAR"} if kernel == "none" else {
        "kernel_type": kernel, "n_supports": 3, "support_vectors": vectors.ravel().tolist(),
        "kernel_params": [0.5, 0.25, 3.0],
    }  # fmt: skip
    weights = [1.0, -2.0, 0.75, -0.5][: 4 if kernel == "none" else 3]
    node = onnx.helper.make_node(
        "SVMRegressor", ["X"], ["Y"], domain="ai.onnx.ml", coefficients=weights, rho=[0.125], one_class=one_class,
        **supports,
    )  # fmt: skip
    agree(single(node, FLOAT, FLOAT, 1), SMALL, atol=1e-5)


@pytest.mark.parametrize("p", [1, 2])
def test_lp_normalization(p: int) -> None:
    rows = np.concatenate([SMALL, -SMALL, np.zeros((1, 4), np.float32)])
    agree(single(onnx.helper.make_node("LpNormalization", ["X"], ["Y"], axis=1, p=p), FLOAT, FLOAT), rows, atol=1e-6)


def test_category_mapper() -> None:
    pairs = {"cats_strings": ["a", "b"], "cats_int64s": [7, 9]}
    node = onnx.helper.make_node("CategoryMapper", ["X"], ["Y"], domain="ai.onnx.ml", default_int64=-3, **pairs)
    agree(single(node, TEXT, INT), np.array([["a", "b", "c", ""]], object))
    node = onnx.helper.make_node("CategoryMapper", ["X"], ["Y"], domain="ai.onnx.ml", default_string="else", **pairs)
    agree(single(node, INT, TEXT), np.array([[7, 9, 8, 0]]))
