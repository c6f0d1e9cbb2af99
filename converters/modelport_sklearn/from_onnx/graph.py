"""Graph: an ONNX graph read backwards, from what comes out to what went in, as recognisers need it.

A recogniser asks for what it expects and gets it or `NoMatch`; it never guesses. Constants are initializers and
`Constant` nodes alike; `Identity` and casts that change nothing are looked through.
"""

from collections.abc import Iterable
from typing import Any

import numpy as np
import onnx
from onnx import NodeProto, TensorProto, helper

from modelport_onnx.landmarks import constants_of

Array = np.ndarray[Any, np.dtype[Any]]


TRUTHS = frozenset(
    ("And", "Equal", "Greater", "GreaterOrEqual", "IsInf", "IsNaN", "Less", "LessOrEqual", "Not", "Or", "Xor")
)
"""Operators that give truth values."""


class NoMatch(Exception):
    """The graph is not what a recogniser looks for."""


def expect(condition: object, what: str = "") -> None:
    """Goes on only where a condition holds.

    Raises:
        NoMatch: it does not.
    """
    if not condition:
        raise NoMatch(what)


def _is_nan(value: Array | None) -> bool:
    return value is not None and value.dtype.kind == "f" and bool(np.isnan(value).all())


class Graph:
    """An ONNX graph without subgraphs of interest.

    Args:
        width: columns of the signature, for a graph with one input that does not say its width.

    Attributes:
        model: the graph as it was read.
        inputs, outputs: names, in order; initializers are no inputs.
        shapes: of inputs, their declared dimensions (0 where open).
        types: of inputs and of what casts give: ONNX element types.
    """

    def __init__(self, model: onnx.ModelProto, width: int) -> None:
        self.model = model
        self.constants = constants_of(model)
        self._made_by = {name: node for node in model.graph.node for name in node.output if name}
        given = [value for value in model.graph.input if value.name not in self.constants]
        self.inputs = [value.name for value in given]
        self.types = {value.name: value.type.tensor_type.elem_type for value in given}
        shapes = {v.name: [d.dim_value for d in v.type.tensor_type.shape.dim] for v in given}
        if len(given) == 1 and len(shapes[given[0].name]) == 2:
            shapes[given[0].name][1] = width
        self.shapes = {name: tuple(shape) for name, shape in shapes.items()}
        self._check_order()
        self.outputs = [self.plain(value.name) for value in model.graph.output]

    def _check_order(self) -> None:
        """Every node stands after those it reads from, as ONNX has it; so reading backwards ends."""
        known = {*self.inputs, *self.constants}
        for node in self.model.graph.node:
            unknown = [name for name in node.input if name and name not in known]
            if unknown:
                raise NoMatch(f"{node.op_type} reads {unknown[0]}, which nothing before it makes")
            known.update(node.output)

    def plain(self, name: str) -> str:
        """The tensor behind what changes no number of an answered row.

        `Identity`; `Expand` of what is computed, which only widens it over the rows; and `Where` that puts NaN in the
        place of an answer, as PMML does where an input is missing: scikit-learn takes no such row.
        """
        while (behind := self._behind(self._made_by.get(name))) is not None:
            name = behind
        return name

    def _behind(self, node: NodeProto | None) -> str | None:
        if node is None:
            return None
        if node.op_type == "Identity" or (node.op_type == "Expand" and node.input[0] not in self.constants):
            return str(node.input[0])
        if node.op_type == "Where" and _is_nan(self.constants.get(node.input[1])):
            return str(node.input[2])
        return None

    def maker(self, name: str) -> NodeProto | None:
        """The node that makes a tensor; None for inputs and constants."""
        node = self._made_by.get(self.plain(name))
        return None if node is None or node.op_type == "Constant" else node

    def op(self, name: str) -> str:
        """The operator that makes a tensor; empty for inputs and constants."""
        node = self.maker(name)
        return node.op_type if node is not None else ""

    def node(self, name: str, *operators: str) -> NodeProto:
        """The node that makes a tensor, if it is one of these operators."""
        node = self.maker(name)
        if node is None or node.op_type not in operators:
            raise NoMatch(f"{name} is made by {node.op_type if node is not None else 'nothing'}, not {operators}")
        return node

    def behind(self, name: str, operator: str) -> str:
        """The first input of the operator that makes a tensor."""
        return self.plain(self.node(name, operator).input[0])

    def is_constant(self, name: str) -> bool:
        return self.plain(name) in self.constants

    def constant(self, name: str) -> Array:
        """The value of a constant."""
        found = self.constants.get(self.plain(name))
        if found is None:
            raise NoMatch(f"{name} is no constant")
        return found

    def with_constant(self, name: str, *operators: str) -> tuple[str, Array]:
        """The computed and the constant argument of a commutative operator with two."""
        node = self.node(name, *operators)
        expect(len(node.input) == 2)
        left, right = node.input
        if self.is_constant(left):
            left, right = right, left
        return self.plain(left), self.constant(right)

    def by_constant(self, name: str, operator: str) -> tuple[str, Array]:
        """`x` and `c` of `x - c`, `x / c` and their like."""
        node = self.node(name, operator)
        return self.plain(node.input[0]), self.constant(node.input[1])

    def uncast(self, name: str, *kinds: int) -> str:
        """The tensor behind casts to these ONNX types (any, where none are given)."""
        name = self.plain(name)
        while self.op(name) == "Cast" and (not kinds or self.cast_to(name) in kinds):
            name = self.behind(name, "Cast")
        return name

    def cast_to(self, name: str) -> int:
        """The ONNX type a cast gives."""
        return int(self.attribute(self.node(name, "Cast"), "to"))

    def widened(self, name: str) -> str:
        """The tensor behind casts to float64, which change no number; truth values stay as they are cast."""
        name = self.plain(name)
        while self.op(name) == "Cast" and self.cast_to(name) == TensorProto.DOUBLE:
            inner = self.behind(name, "Cast")
            if self.op(inner) in TRUTHS:
                break
            name = inner
        return name

    def reshaped(self, name: str) -> str:
        """The tensor behind a change of shape that keeps the order of its cells."""
        name = self.plain(name)
        while self.op(name) in ("Reshape", "Squeeze", "Flatten"):
            name = self.behind(name, self.op(name))
        return name

    def width(self, name: str) -> int:
        """Columns of a tensor [N, C]."""
        from modelport_sklearn.from_onnx.width import width_after

        found = width_after(self, name)
        expect(found > 0, f"the width of {name} is not known")
        return found

    def told(self, name: str) -> int | None:
        """Columns of an input; None for what nodes make."""
        shape = self.shapes.get(self.plain(name))
        return None if shape is None else shape[1] if len(shape) == 2 else 1

    def attributes(self, node: NodeProto) -> dict[str, Any]:
        return {item.name: helper.get_attribute_value(item) for item in node.attribute}

    def attribute(self, node: NodeProto, name: str, default: Any = None) -> Any:
        return self.attributes(node).get(name, default)

    def same(self, names: Iterable[str]) -> str:
        """The one tensor that all names stand for."""
        found = {self.plain(name) for name in names}
        expect(len(found) == 1, "several tensors where one is expected")
        return found.pop()
