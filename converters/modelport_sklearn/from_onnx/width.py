"""How many columns an operator gives, from what it is given; only for operators that recognisers meet.

`onnx.shape_inference` would know more, but it is compiled code that some graphs crash (onnx 1.23: a Tokenizer before a
ragged Loop).
"""

from collections.abc import Callable, Mapping
from typing import Any

from modelport_sklearn.from_onnx.graph import Graph, NoMatch

_SAME = (
    "Abs", "Cast", "Ceil", "Clip", "Erf", "Exp", "Floor", "Identity", "Imputer", "IsNaN", "LabelEncoder", "Log", "Neg",
    "Normalizer", "Binarizer", "Not", "Reciprocal", "Relu", "Round", "Scaler", "Sigmoid", "Softmax", "Sqrt", "Tanh",
)  # fmt: skip
_WIDEST = (
    "Add", "And", "Div", "Equal", "Greater", "GreaterOrEqual", "Less", "LessOrEqual", "Mul", "Or", "Pow", "Sub", "Sum",
    "Where",
)  # fmt: skip

MOST = 200
"""Operators between a tensor and what tells its width, at most."""


def width_after(graph: Graph, name: str, depth: int = 0) -> int:
    """Columns of a tensor [N, C] that a node makes.

    Raises:
        NoMatch: the operator is none that is known here.
    """
    if depth > MOST:
        raise NoMatch("too deep a graph")
    if graph.is_constant(name):
        shape = graph.constant(name).shape
        return int(shape[-1]) if shape else 1
    told = graph.told(name)
    if told is not None:
        return told
    rule = _RULES.get(graph.op(name))
    if rule is None:
        raise NoMatch(f"the width of {name} is not known")
    return rule(graph, graph.node(name, graph.op(name)), depth + 1)


def _same(graph: Graph, node: Any, depth: int) -> int:
    return width_after(graph, node.input[0], depth)


def _widest(graph: Graph, node: Any, depth: int) -> int:
    return max(width_after(graph, item, depth) for item in node.input)


def _concat(graph: Graph, node: Any, depth: int) -> int:
    return sum(width_after(graph, item, depth) for item in node.input)


def _product(graph: Graph, node: Any, depth: int) -> int:
    shape = graph.constant(node.input[1]).shape
    return int(shape[0] if node.op_type == "Gemm" and graph.attribute(node, "transB", 0) else shape[-1])


def _gather(graph: Graph, node: Any, depth: int) -> int:
    if graph.is_constant(node.input[0]):
        table = graph.constant(node.input[0])
        return int(table.shape[-1]) if table.ndim > 1 else width_after(graph, node.input[1], depth)
    return int(graph.constant(node.input[1]).size)


def _slice(graph: Graph, node: Any, depth: int) -> int:
    starts, ends, *_ = [graph.constant(item).ravel() for item in node.input[1:]]
    return len(range(*slice(int(starts[0]), int(ends[0])).indices(width_after(graph, node.input[0], depth))))


def _reshape(graph: Graph, node: Any, depth: int) -> int:
    shape = graph.constant(node.input[1]).ravel()
    return int(shape[-1]) if len(shape) > 1 else 1


def _one(graph: Graph, node: Any, depth: int) -> int:
    return 1


def _targets(graph: Graph, node: Any, depth: int) -> int:
    return int(graph.attribute(node, "n_targets", 1))


_RULES: Mapping[str, Callable[[Graph, Any, int], int]] = {
    **dict.fromkeys(_SAME, _same),
    **dict.fromkeys(_WIDEST, _widest),
    **dict.fromkeys(("MatMul", "Gemm"), _product),
    **dict.fromkeys(("Gather", "ArrayFeatureExtractor"), _gather),
    **dict.fromkeys(("ArgMax", "ArgMin", "ReduceSum", "ReduceMax", "ReduceMin", "ReduceMean"), _one),
    **dict.fromkeys(("TreeEnsemble", "TreeEnsembleRegressor"), _targets),
    "Concat": _concat,
    "Reshape": _reshape,
    "Slice": _slice,
}
