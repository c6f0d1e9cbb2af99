"""Making a node of spox without what takes spox its time.

spox builds a model of one node and has ONNX infer its types, twice for each node, and checks every attribute by
writing it out. Here the same objects are made, their types come from `inference`, and attributes are shared.
"""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

import numpy as np
from spox import Var
from spox._attributes import Attr, AttrDtype, AttrInt64, AttrInt64s, AttrString, AttrTensor
from spox._node import Node
from spox._type_system import Type
from spox._value_prop import PropDict, PropValue
from spox._var import _VarInfo

from modelport_onnx.nodes.inference import asked, by_rule

_SHARED = (AttrInt64, AttrInt64s, AttrString, AttrDtype)
"""Attributes of which equal ones are one object. (Not numbers with a point: 0.0 equals -0.0.)"""

_MOST = 4096
_shared: dict[tuple[Any, ...], Attr[Any]] = {}


def attribute(kind: type[Attr[Any]], value: Any, name: str) -> Attr[Any]:
    """An attribute as spox makes it, or one that was made before."""
    if kind is AttrTensor:
        return unchecked(kind, np.array(value), name)
    if kind not in _SHARED:
        return kind(value, name)
    fixed: Any = tuple(value) if kind is AttrInt64s else value
    key = (kind, fixed, type(fixed), name)
    made = _shared.get(key)
    if made is None:
        if len(_shared) >= _MOST:
            _shared.clear()
        made = _shared[key] = kind(fixed, name)
    return made


A = TypeVar("A", bound=Attr[Any])


def unchecked(kind: type[A], value: Any, name: str) -> A:
    """An attribute that is written out only when the graph is."""
    made = kind.__new__(kind)
    made._value, made._name, made._cached_onnx = value, name, None
    return made


def output(node: Node, kind: Type | None) -> _VarInfo:
    made = _VarInfo.__new__(_VarInfo)
    made.type, made._op, made._name = kind, node, None
    return made


def var(info: _VarInfo, value: PropValue | None = None) -> Var:
    made = Var.__new__(Var)
    made._var_info, made._value = info, value
    return made


def bare(kind: type[Node], attrs: Any, inputs: Any, variadic: int | None = None) -> Node:
    """A node whose outputs are still to be set."""
    node = kind.__new__(kind)
    node.attrs, node.inputs, node.out_variadic = attrs, inputs, variadic
    node._traceback, node._validate = None, False
    return node


def finished(node: Node, names: Sequence[str], types: Sequence[Type | None]) -> list[Var]:
    """The results of a node of known types, one for each output field; or all in one field, where that is variadic."""
    infos = [output(node, kind) for kind in types]
    if node.out_variadic is None:
        node.outputs = node.Outputs(**dict(zip(names, infos, strict=True)))
    else:
        node.outputs = node.Outputs(**{names[0]: tuple(infos)})
    return [var(info) for info in infos]


def node(
    kind: type[Node],
    attrs: Any,
    settings: Mapping[str, Any],
    inputs: Mapping[str, Any],
    names: Sequence[str],
    variadic: int | None = None,
    types: Sequence[Type | None] | None = None,
) -> list[Var]:
    """A node and its results.

    Args:
        attrs: the node's attributes, and `settings` their values by name.
        inputs: field → Var, None, or a sequence of Vars.
        names: output fields, one result each.
        variadic: how many results there are, where the only output field takes several.
        types: of the results, where the caller knows them.
    """
    given = _Given(inputs)
    made = bare(kind, attrs, kind.Inputs(**given.fields), variadic)
    constants = given.constants
    if types is None:
        types = by_rule(kind.op_type.identifier, given.types, given.values, settings)
        results = finished(made, names, types or [None] * (variadic or len(names)))
        if types is None:
            _ask(made, constants)
    else:
        results = finished(made, names, types)
    if constants and len(constants) == given.present:
        _propagate(made, results, constants)
    return results


def _ask(made: Node, constants: PropDict) -> None:
    for info, kind in zip(made.outputs.get_var_infos().values(), asked(made, constants), strict=True):
        info.type = kind


def _propagate(made: Node, results: Sequence[Var], constants: PropDict) -> None:
    """Values of results all of whose inputs are constant, as spox finds them."""
    values = made.propagate_values(constants)
    for name, item in zip(made.outputs.get_var_infos(), results, strict=True):
        if name in values and values[name] is not None and item.type is not None:
            item._value = PropValue(item.type, values[name].value)


class _Given:
    """Inputs, looked at once: what a node holds of them, and their types and constant values one by one."""

    __slots__ = ("constants", "fields", "present", "types", "values")

    def __init__(self, inputs: Mapping[str, Any]) -> None:
        self.fields: dict[str, Any] = {}
        self.types: list[Type | None] = []
        self.values: list[Any] = []
        self.constants: PropDict = {}
        self.present = 0
        for name, item in inputs.items():
            if item is None or isinstance(item, Var):
                self.fields[name] = self._one(name, item)
            else:
                self.fields[name] = tuple([self._one(f"{name}_{i}", part) for i, part in enumerate(item)])

    def _one(self, name: str, item: Var | None) -> _VarInfo | None:
        if item is None:
            self.types.append(None)
            self.values.append(None)
            return None
        info, value = item._var_info, item._value
        self.present += 1
        self.types.append(info.type)
        self.values.append(None if value is None else value.value)
        if value is not None:
            self.constants[name] = value
        return info
