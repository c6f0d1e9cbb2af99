"""Rules for operators whose result has the shape their inputs broadcast to.

Source of all rules here: `onnx/defs/shape_inference.h` and `onnx/defs/*/defs.cc` (onnx 1.23), whose answers they give;
where a rule is not sure it gives None, and ONNX itself is asked.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from modelport_onnx.nodes.plain import Dim, Plain, Shape

Values = Sequence[Any]
Attributes = Mapping[str, Any]
Rule = Callable[[Sequence[Plain | None], Values, Attributes], list[Plain] | None]
"""Input types (None: an optional input that is not given), their values where they are constant, and attributes."""

FLOATS = frozenset({np.float64, np.float32})
NUMBERS = frozenset({*FLOATS, np.int64, np.int32})
LOGIC = frozenset({np.bool_})
COMPARED = frozenset({*NUMBERS, np.bool_, np.str_})


class Unsure(Exception):
    """A rule does not know; ONNX is asked."""


def broadcast(shapes: Sequence[Shape]) -> Shape:
    """`multidirectionalBroadcastShapeInference`."""
    first = shapes[0]
    if all(shape == first for shape in shapes[1:]):
        return first
    known = [shape for shape in shapes if shape is not None]
    if len(known) < len(shapes):
        return None
    rank = max(len(shape) for shape in known)
    return tuple(_one([shape[i - rank] for shape in known if len(shape) >= rank - i]) for i in range(rank))


def _one(dims: Sequence[Dim]) -> Dim:
    value, names = 1, []
    for dim in dims:
        if isinstance(dim, int):
            if dim != 1 and value not in (1, dim):
                raise Unsure
            value = dim if dim != 1 else value
        elif dim not in names:
            names.append(dim)
    if value != 1 or not names:
        return value
    return names[0] if len(names) == 1 else None


def _common(types: Sequence[Plain | None], allowed: frozenset[Any]) -> Any:
    """The element type that all inputs share."""
    elements = {item[0] for item in types if item is not None}
    if len(elements) != 1 or None in types:
        raise Unsure
    (element,) = elements
    if element not in allowed:
        raise Unsure
    return element


def _shapes(types: Sequence[Plain | None]) -> list[Shape]:
    return [item[1] for item in types if item is not None]


def same(allowed: frozenset[Any], becomes: type[np.generic] | None = None) -> Rule:
    """One tensor in, one of the same shape out."""

    def rule(types: Sequence[Plain | None], values: Values, attributes: Attributes) -> list[Plain] | None:
        first = types[0]
        if first is None or first[0] not in allowed:
            return None
        return [(becomes or first[0], first[1])]

    return rule


def together(allowed: frozenset[Any], becomes: type[np.generic] | None = None) -> Rule:
    """Tensors of one element type, broadcast to each other."""

    def rule(types: Sequence[Plain | None], values: Values, attributes: Attributes) -> list[Plain] | None:
        element = _common(types, allowed)
        return [(becomes or element, broadcast(_shapes(types)))]

    return rule


def where(types: Sequence[Plain | None], values: Values, attributes: Attributes) -> list[Plain] | None:
    """`Where`: a condition, and two tensors of one element type."""
    condition = types[0]
    if condition is None or condition[0] is not np.bool_:
        return None
    return [(_common(types[1:], COMPARED), broadcast(_shapes(types)))]


def power(types: Sequence[Plain | None], values: Values, attributes: Attributes) -> list[Plain] | None:
    """`Pow`: the type of the base."""
    if any(item is None or item[0] not in NUMBERS for item in types):
        return None
    assert types[0] is not None, "looked at above"
    return [(types[0][0], broadcast(_shapes(types)))]


def cast(types: Sequence[Plain | None], values: Values, attributes: Attributes) -> list[Plain] | None:
    """`Cast`: the same shape in another type."""
    if types[0] is None:
        return None
    return [(np.dtype(attributes["to"]).type, types[0][1])]


RULES: Mapping[str, Rule] = {
    **dict.fromkeys(("Abs", "Neg", "Sign"), same(NUMBERS)),
    **dict.fromkeys(("Ceil", "Exp", "Floor", "Log", "Reciprocal", "Round", "Sigmoid", "Sqrt", "Tanh"), same(FLOATS)),
    **dict.fromkeys(("Cos", "Erf", "Sin"), same(FLOATS)),
    "Cast": cast,
    "IsInf": same(FLOATS, np.bool_),
    "IsNaN": same(FLOATS, np.bool_),
    "Not": same(LOGIC),
    "Relu": same(NUMBERS),
    **dict.fromkeys(("Add", "Div", "Max", "Min", "Mul", "Sub"), together(NUMBERS)),
    **dict.fromkeys(("And", "Or", "Xor"), together(LOGIC)),
    **dict.fromkeys(("Greater", "GreaterOrEqual", "Less", "LessOrEqual"), together(NUMBERS, np.bool_)),
    "Equal": together(COMPARED, np.bool_),
    "Pow": power,
    "Sum": together(FLOATS),
    "Where": where,
}
"""Operator → its rule."""
