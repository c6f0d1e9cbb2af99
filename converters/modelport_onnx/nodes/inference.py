"""What type a node's results have: by a rule, from an earlier node that was the same, or from ONNX as spox asks it."""

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import numpy as np
from spox._attributes import AttrGraph
from spox._graph import Graph
from spox._node import Node
from spox._type_system import Type
from spox._value_prop import PropDict

from modelport_onnx.nodes import broadcasting, shapes
from modelport_onnx.nodes.broadcasting import Rule, Unsure
from modelport_onnx.nodes.plain import Plain, plain, tensor

RULES: dict[str, Rule] = {**broadcasting.RULES, **shapes.RULES}

_MOST, _LARGEST = 4096, 1024
"""Answers that are remembered, and the bytes of a constant that may be part of a question."""

_remembered: dict[Hashable, tuple[Type | None, ...]] = {}


def by_rule(name: str, types: Sequence[Any], values: Sequence[Any], attributes: Mapping[str, Any]) -> list[Type] | None:
    """The result types a rule gives; None where it is not sure."""
    rule = RULES.get(name)
    if rule is None:
        return None
    try:
        found = rule([None if kind is None else _tensor(kind) for kind in types], values, attributes)
    except Unsure:
        return None
    return None if found is None else [tensor(item) for item in found]


def _tensor(kind: Any) -> Plain:
    known = plain(kind)
    if known is None:
        raise Unsure
    return known


def asked(node: Node, constants: PropDict) -> tuple[Type | None, ...]:
    """The result types as spox finds them, in the order of the node's outputs."""
    key = _question(node, constants)
    known = _remembered.get(key) if key is not None else None
    if known is None:
        types = node.infer_output_types(input_prop_values=constants)
        known = tuple(types.get(name) for name in node.outputs.get_var_infos())
        if key is not None:
            if len(_remembered) >= _MOST:
                _remembered.clear()
            _remembered[key] = known
    return known


def _question(node: Node, constants: PropDict) -> Hashable:
    """All that the answer depends on; None where that is too much to keep."""
    types = tuple((name, var.type) for name, var in node.inputs.get_var_infos().items())
    attributes = tuple((name, _setting(item)) for name, item in node.attrs.get_fields().items() if item is not None)
    held = tuple((name, _bytes(item.value)) for name, item in constants.items())
    parts = (type(node), len(node.outputs), types, attributes, held)
    return None if any(item is None for _, item in (*attributes, *held)) else parts


def _setting(attribute: Any) -> Hashable:
    if isinstance(attribute, AttrGraph):
        body: Graph = attribute.value
        arguments = tuple(var.type for var in body.requested_arguments or ())
        return arguments, tuple(var.type for var in body.requested_results.values())
    raw: bytes = attribute._to_onnx().SerializeToString()
    return raw if len(raw) <= _LARGEST else None


def _bytes(value: Any) -> Hashable:
    if not isinstance(value, np.ndarray) or value.nbytes > _LARGEST:
        return None
    return value.dtype.str, value.shape, value.tobytes()
