"""Factors that are nearly one survive onnxruntime's optimizer, bit for bit."""

from typing import Any

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from modelport_onnx.ort import load
from modelport_onnx.passes.near_one import keep_factors

FACTORS = (1 + 1e-8, 1 - 1e-8, float(np.nextafter(1.0, 2.0)), float(np.nextafter(1.0, 0.0)), 1 + 5.9e-8)
X = np.array([[3.0], [-0.0], [5e-324], [1.7e308], [np.inf], [np.nan], [3500.0]])


def graph(op: str, factor: Any, place: int = 1, *, initializer: bool = False) -> onnx.ModelProto:
    """abs(x) op factor, rounded by nothing; the nodes around keep the optimizer from the graph's own ends."""
    cell = numpy_helper.from_array(np.asarray(factor), "c")
    names = ["z", "c"] if place else ["c", "z"]
    nodes = [helper.make_node("Abs", ["x"], ["z"]), helper.make_node(op, names, ["w"])]
    nodes += [helper.make_node("Identity", ["w"], ["w2"]), helper.make_node("Abs", ["w2"], ["y"])]
    if not initializer:
        nodes.insert(0, helper.make_node("Constant", [], ["c"], value=cell))
    ends = [helper.make_tensor_value_info(name, TensorProto.DOUBLE, ["N", 1]) for name in ("x", "y")]
    made = helper.make_graph(nodes, "g", ends[:1], ends[1:], [cell] if initializer else [])
    return helper.make_model(made, opset_imports=[helper.make_opsetid("", 21)], ir_version=10)


def answer(model: onnx.ModelProto) -> Any:
    return load(model, 1).run(["y"], {"x": X})[0]


def wanted(op: str, factor: float) -> Any:
    with np.errstate(over="ignore", invalid="ignore"):
        return np.abs(X) * factor if op == "Mul" else np.abs(X) / factor


@pytest.mark.parametrize("initializer", [False, True])
@pytest.mark.parametrize("shape", [(), (1,), (1, 1)])
@pytest.mark.parametrize(("op", "place"), [("Mul", 1), ("Mul", 0), ("Div", 1)])
@pytest.mark.parametrize("factor", FACTORS)
def test_the_product_is_exact(factor: float, op: str, place: int, shape: tuple[int, ...], initializer: bool) -> None:
    model = keep_factors(graph(op, np.full(shape, factor), place, initializer=initializer))
    onnx.checker.check_model(model, full_check=True)
    np.testing.assert_array_equal(answer(model), wanted(op, factor))
    assert "c" not in {tensor.name for tensor in model.graph.initializer}
    assert not any("c" in node.output for node in model.graph.node)


def test_without_the_pass_onnxruntime_drops_them() -> None:
    """The reason for it all: should this fail with a newer onnxruntime, the pass may go."""
    assert answer(graph("Mul", 1 + 1e-8))[0, 0] == 3.0


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("factor", [1.0, 1.1, -1.0, np.nan, np.inf, 1e300, np.float32(1.0), [1 + 1e-8, 2.0]])
def test_other_factors_stay_as_they_are(factor: Any) -> None:
    model = graph("Mul", np.asarray(factor))
    before = model.SerializeToString()
    assert keep_factors(model).SerializeToString() == before


def test_a_division_of_nearly_one_is_left_alone() -> None:
    model = graph("Div", 1 + 1e-8, 0)
    before = model.SerializeToString()
    assert keep_factors(model).SerializeToString() == before


def test_branches_are_looked_into() -> None:
    then = graph("Mul", 1 + 1e-8).graph
    inner = [node for node in then.node if node.op_type != "Constant"]
    body = helper.make_graph(inner, "then", [], [helper.make_tensor_value_info("y", TensorProto.DOUBLE, None)])
    other = helper.make_graph(
        [helper.make_node("Identity", ["x"], ["o"])], "else", [], [helper.make_tensor_value_info("o", 11, None)]
    )
    nodes = [
        helper.make_node("Constant", [], ["c"], value=numpy_helper.from_array(np.array(1 + 1e-8))),
        helper.make_node("Constant", [], ["yes"], value=numpy_helper.from_array(np.array(True))),
        helper.make_node("If", ["yes"], ["y_out"], then_branch=body, else_branch=other),
    ]
    ends = [helper.make_tensor_value_info(name, TensorProto.DOUBLE, ["N", 1]) for name in ("x", "y_out")]
    made = helper.make_graph(nodes, "g", ends[:1], ends[1:])
    model = helper.make_model(made, opset_imports=[helper.make_opsetid("", 21)], ir_version=10)
    got = load(keep_factors(model), 1).run(None, {"x": X})[0]
    np.testing.assert_array_equal(got, wanted("Mul", 1 + 1e-8))


def test_a_scaler_of_one_column_whose_deviation_is_nearly_one() -> None:
    from sklearn.preprocessing import StandardScaler

    from modelport.artifacts import artifact
    from modelport.conversion import Context
    from modelport_onnx.build import to_onnx

    scaler = StandardScaler(with_mean=False).fit(np.array([[1.0], [3.0], [4.0]]))
    scaler.scale_[0] = 1 + 3e-8
    signature = artifact(scaler).format.signature(scaler, None)
    proto = to_onnx(scaler, Context(signature))
    x = np.array([[0.1], [12345.678], [1e300]])
    got = next(iter(load(proto, 1).run(None, {proto.graph.input[0].name: x})))
    np.testing.assert_array_equal(np.ravel(got), np.ravel(scaler.transform(x)))
