"""Factors that are nearly one, kept from onnxruntime's optimizer.

It drops a multiplication by, and a division by, a constant cell that is 1 once it is rounded to float32, whatever the
type of the cell (`NoopElimination` in `core/optimizer/noop_elimination.cc`, measured with 1.32): a float64 factor of
1 + 1e-8 would be lost. Turning both signs changes no bit of the product, and -1 is not dropped.
"""

from collections.abc import Iterator
from math import prod
from typing import Any

import numpy as np
import onnx
from onnx import AttributeProto, GraphProto, NodeProto, helper, numpy_helper

Array = np.ndarray[Any, np.dtype[Any]]

_PLACES = {"Mul": (0, 1), "Div": (1,)}
"""Operator → inputs at which a factor of one changes nothing."""

_NEAR = 2.0**-23
"""How far from 1 a number may be that is 1 in float32; others need not be rounded to it, which may overflow."""


def keep_factors(model: onnx.ModelProto) -> onnx.ModelProto:
    """The model with every factor that onnxruntime would drop written so that it stays; changed in place."""
    _in_graph(model.graph, {})
    return model


def _in_graph(graph: GraphProto, outer: dict[str, Array]) -> None:
    factors = outer | dict(_factors(graph))
    nodes: list[NodeProto] = []
    for node in graph.node:
        for inside in _graphs(node):
            _in_graph(inside, factors)
        at = next((i for i in _PLACES.get(node.op_type, ()) if not node.domain and node.input[i] in factors), None)
        nodes += [node] if at is None else _turned(node, at, factors[node.input[at]])
    if len(nodes) > len(graph.node):
        _replace(graph, [NodeProto.FromString(node.SerializeToString()) for node in nodes])


def _replace(graph: GraphProto, nodes: list[NodeProto]) -> None:
    """Gives a graph other nodes, without the factors that none of them takes any more."""
    own = {name for name, _ in _factors(graph)}
    idle = own - {name for node in nodes for name in _taken(node)} - {value.name for value in graph.output}
    del graph.node[:]
    graph.node.extend(node for node in nodes if not idle.intersection(node.output))
    tensors = [tensor for tensor in graph.initializer if tensor.name not in idle]
    del graph.initializer[:]
    graph.initializer.extend(tensors)


def _taken(node: NodeProto) -> Iterator[str]:
    """Names that a node takes, those inside its branches among them."""
    yield from node.input
    for inside in _graphs(node):
        yield from (value.name for value in inside.output)
        for deeper in inside.node:
            yield from _taken(deeper)


def _factors(graph: GraphProto) -> Iterator[tuple[str, Array]]:
    """Constants of one float64 cell that are nearly one, by name."""
    for tensor in graph.initializer:
        yield from _nearly_one(tensor.name, tensor)
    for node in graph.node:
        if node.op_type == "Constant" and not node.domain:
            for attribute in node.attribute:
                if attribute.name == "value":
                    yield from _nearly_one(node.output[0], attribute.t)


def _nearly_one(name: str, tensor: onnx.TensorProto) -> Iterator[tuple[str, Array]]:
    if tensor.data_type == onnx.TensorProto.DOUBLE and prod(tensor.dims) == 1:
        cell = numpy_helper.to_array(tensor)
        if cell.item() != 1.0 and abs(cell.item() - 1.0) < _NEAR and np.float32(cell.item()) == 1.0:
            yield name, cell


def _graphs(node: NodeProto) -> Iterator[GraphProto]:
    for attribute in node.attribute:
        if attribute.type == AttributeProto.GRAPH:
            yield attribute.g


def _turned(node: NodeProto, at: int, factor: Array) -> list[NodeProto]:
    """`x * c` as `-x * -c`, and `x / c` as `-x / -c`."""
    names = [f"{node.output[0]}_{word}" for word in ("turned", "factor")]
    turned = NodeProto.FromString(node.SerializeToString())
    turned.input[1 - at], turned.input[at] = names
    return [
        helper.make_node("Neg", [node.input[1 - at]], [names[0]]),
        helper.make_node("Constant", [], [names[1]], value=numpy_helper.from_array(-factor)),
        turned,
    ]
