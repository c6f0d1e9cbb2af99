"""Graphs that are no everyday model: carried with equal answers, or refused with the node or tensor named."""

from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from modelport.api import convert
from modelport.conversion import Context
from modelport.errors import InputError, ModelportError, Unsafe
from modelport_onnx.file import signature
from modelport_onnx.ort import OrtSession
from modelport_sklearn.from_onnx.convert import convert as from_onnx

ROWS = np.random.default_rng(0).normal(size=(50, 3))
Node = onnx.NodeProto


def graph(nodes: list[Node], constants: dict[str, Any], *, width: Any = 3, out: Any = (None, 1)) -> onnx.ModelProto:
    """A regression: X [N, 3] → y."""
    body = helper.make_graph(
        nodes,
        "g",
        [helper.make_tensor_value_info("X", TensorProto.DOUBLE, ["N", width])],
        [helper.make_tensor_value_info("y", TensorProto.DOUBLE, list(out))],
        [numpy_helper.from_array(np.asarray(value), name) for name, value in constants.items()],
    )
    domains = [helper.make_opsetid("", 21), helper.make_opsetid("ai.onnx.ml", 5)]
    domains += [helper.make_opsetid(name, 1) for name in sorted({node.domain for node in nodes} - {"", "ai.onnx.ml"})]
    return helper.make_model(body, opset_imports=domains, ir_version=10)


def linear(*more: Node, last: str = "y") -> list[Node]:
    return [helper.make_node("MatMul", ["X", "W"], [last]), *more]


WEIGHTS = {"W": np.array([[1.0], [2.0], [3.0]])}


def answers_as_its_graph(model: onnx.ModelProto) -> Any:
    made = from_onnx(model, Context(signature(model)))
    session = onnx_answers(model)
    np.testing.assert_allclose(np.asarray(made.predict(ROWS)).reshape(len(ROWS), -1), session, rtol=0, atol=1e-12)
    return made


def onnx_answers(model: onnx.ModelProto) -> np.ndarray:
    import onnxruntime

    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    return np.asarray(session.run(None, {"X": ROWS})[0]).reshape(len(ROWS), -1)


def test_a_subgraph_is_carried() -> None:
    branch = lambda name, factor: helper.make_graph(  # noqa: E731
        [helper.make_node("Mul", ["z", factor], [f"{name}_y"])],
        name,
        [],
        [helper.make_tensor_value_info(f"{name}_y", TensorProto.DOUBLE, None)],
    )
    nodes = linear(
        helper.make_node("ReduceMax", ["z"], ["top"], keepdims=0),
        helper.make_node("Greater", ["top", "limit"], ["big"]),
        helper.make_node("If", ["big"], ["y"], then_branch=branch("a", "limit"), else_branch=branch("b", "limit")),
        last="z",
    )
    made = answers_as_its_graph(graph(nodes, {**WEIGHTS, "limit": np.float64(2.0)}))
    assert type(made).__name__ == "OnnxRegressor"


def test_a_scan_over_rows_is_carried() -> None:
    body = helper.make_graph(
        [helper.make_node("ReduceSum", ["row"], ["total"], keepdims=1)],
        "body",
        [helper.make_tensor_value_info("row", TensorProto.DOUBLE, [3])],
        [helper.make_tensor_value_info("total", TensorProto.DOUBLE, [1])],
    )
    made = answers_as_its_graph(graph([helper.make_node("Scan", ["X"], ["y"], body=body, num_scan_inputs=1)], {}))
    assert type(made).__name__ == "OnnxRegressor"


def test_a_width_that_the_graph_leaves_open_is_asked_of_the_rows(tmp_path: Path) -> None:
    onnx.save(graph(linear(), WEIGHTS, width="C"), tmp_path / "open.onnx")
    with pytest.raises(ModelportError, match="how many columns"):
        convert(tmp_path / "open.onnx", tmp_path / "a.pkl")


def test_external_data(tmp_path: Path) -> None:
    model = graph(linear(), {"W": np.ones((3, 1)) * np.arange(1, 4)[:, None]})
    onnx.save_model(model, tmp_path / "m.onnx", save_as_external_data=True, location="w.bin", size_threshold=0)
    found = convert(tmp_path / "m.onnx", tmp_path / "m.pkl", verify=False).model.artifact.model
    assert found.coef_.tolist() == [1.0, 2.0, 3.0]
    (tmp_path / "w.bin").unlink()
    with pytest.raises(InputError, match="missing"):
        convert(tmp_path / "m.onnx", tmp_path / "again.pkl", verify=False)


def test_external_data_of_another_folder(tmp_path: Path) -> None:
    model = graph(linear(), WEIGHTS)
    onnx.save_model(model, tmp_path / "m.onnx", save_as_external_data=True, location="w.bin", size_threshold=0)
    text = (tmp_path / "m.onnx").read_bytes().replace(b"w.bin", b"/etc/")
    (tmp_path / "m.onnx").write_bytes(text)
    with pytest.raises(Unsafe):
        convert(tmp_path / "m.onnx", tmp_path / "a.pkl", verify=False)


def test_an_unknown_domain_is_named() -> None:
    model = graph([helper.make_node("Mystery", ["X"], ["y"], domain="com.example")], {})
    with pytest.raises(ModelportError) as caught:
        from_onnx(model, Context(signature(model)))
    assert "Mystery" in str(caught.value)


def test_a_cycle_is_named(tmp_path: Path) -> None:
    nodes = [helper.make_node("Add", ["X", "b"], ["a"], name="first"), helper.make_node("Neg", ["a"], ["b"]),
             helper.make_node("ReduceSum", ["a"], ["y"])]  # fmt: skip
    (tmp_path / "m.onnx").write_bytes(graph(nodes, {}).SerializeToString())
    with pytest.raises(InputError, match="b"):
        convert(tmp_path / "m.onnx", tmp_path / "a.pkl")


@pytest.mark.parametrize("operator", ["Identity", "Cast", "Reshape"])
def test_a_cycle_of_what_is_looked_through_ends(operator: str) -> None:
    more = {"Cast": {"to": TensorProto.DOUBLE}}.get(operator, {})
    inputs = (["b", "shape"], ["a", "shape"]) if operator == "Reshape" else (["b"], ["a"])
    nodes = [helper.make_node(operator, inputs[0], ["a"], **more), helper.make_node(operator, inputs[1], ["b"], **more)]
    model = graph([*nodes, helper.make_node("MatMul", ["a", "W"], ["y"])], {**WEIGHTS, "shape": np.array([-1, 3])})
    with pytest.raises(ModelportError):
        from_onnx(model, Context(signature(model)))


def test_quantised_weights_are_carried() -> None:
    nodes = [
        helper.make_node("DequantizeLinear", ["W8", "scale", "zero"], ["W32"]),
        helper.make_node("Cast", ["W32"], ["W"], to=TensorProto.DOUBLE),
        *linear(),
    ]
    constants = {"W8": np.array([[10], [-20], [7]], np.int8), "scale": np.float32(0.1), "zero": np.int8(1)}
    assert type(answers_as_its_graph(graph(nodes, constants))).__name__ == "OnnxRegressor"


def test_five_hundred_outputs() -> None:
    weights = np.random.default_rng(1).normal(size=(3, 500))
    made = answers_as_its_graph(graph(linear(), {"W": weights}, out=("N", 500)))
    assert type(made).__name__ == "LinearRegression"
    np.testing.assert_array_equal(made.coef_, weights.T)


def test_a_deep_graph_is_carried() -> None:
    names = ["z0", *(f"z{i}" for i in range(1, 1500)), "y"]
    nodes = [helper.make_node("Add", [a, "one"], [b]) for a, b in pairwise(names)]
    model = graph(linear(*nodes, last="z0"), {**WEIGHTS, "one": np.float64(1.0)})
    assert type(answers_as_its_graph(model)).__name__ == "OnnxRegressor"


@pytest.mark.parametrize(
    ("name", "value"),
    [("nodes_falsenodeids", [7]), ("nodes_truenodeids", [-3]), ("leaf_targetids", [0, 9]), ("nodes_featureids", [12])],
)
def test_trees_that_point_outside_are_refused_or_carried(name: str, value: list[int]) -> None:
    attributes: dict[str, Any] = {
        "aggregate_function": 1, "leaf_targetids": [0, 0], "n_targets": 1, "nodes_falseleafs": [1],
        "nodes_falsenodeids": [1], "nodes_featureids": [0], "nodes_trueleafs": [1], "nodes_truenodeids": [0],
        "post_transform": 0, "tree_roots": [0],
        "leaf_weights": numpy_helper.from_array(np.array([1.0, 2.0])),
        "nodes_modes": numpy_helper.from_array(np.array([0], np.uint8)),
        "nodes_splits": numpy_helper.from_array(np.array([0.5])),
    }  # fmt: skip
    node = helper.make_node("TreeEnsemble", ["X"], ["y"], domain="ai.onnx.ml", **attributes | {name: value})
    model = graph([node], {})
    try:
        made = from_onnx(model, Context(signature(model)))
    except ModelportError:
        return
    assert not type(made).__module__.startswith("sklearn."), "a tree that points outside itself was rebuilt"


def test_the_signature_of_a_graph_is_what_its_session_says() -> None:
    model = graph(linear(), WEIGHTS)
    assert [column.name for column in OrtSession(model).signature.inputs] == ["x0", "x1", "x2"]
