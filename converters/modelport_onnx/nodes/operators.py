"""The functions of a spox opset module, making their nodes the quick way; same names, arguments and results."""

import inspect
from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any

import spox._attributes
from spox._attributes import Attr
from spox._fields import BaseInputs
from spox._node import Node

from modelport_onnx.nodes.create import attribute, node

Function = Callable[..., Any]


def functions(module: ModuleType) -> dict[str, Function]:
    """Every operator of a module by the name of its function; spox's own where the quick way does not fit."""
    found: dict[str, Function] = {}
    for name, function in module._CONSTRUCTORS.items():
        kind: type[Node] = module._OPERATORS[name]
        found[function.__name__] = _quick(function, kind) if _fits(function, kind) else function
    return found


def _fits(function: Function, kind: type[Node]) -> bool:
    """Whether a function's arguments are its node's fields, one result each."""
    positional, named = _arguments(function)
    outputs = list(getattr(kind.Outputs, "__annotations__", {}).values())
    return (
        list(positional) == _fields(kind.Inputs)
        and set(named) == set(_fields(kind.Attributes))
        and bool(outputs)
        and all(item == "_VarInfo" for item in outputs)
        and not any("Graph" in item for item in kind.Attributes.__annotations__.values())
        and kind.infer_output_types is not None
    )


def _fields(kind: type) -> list[str]:
    return [] if kind is BaseInputs else list(getattr(kind, "__dataclass_fields__", {}))


def _arguments(function: Function) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """Inputs and attributes with their defaults (`inspect.Parameter.empty` where there is none)."""
    known = inspect.signature(function).parameters.values()
    positional = {item.name: item.default for item in known if item.kind is not item.KEYWORD_ONLY}
    return positional, {item.name: item.default for item in known if item.kind is item.KEYWORD_ONLY}


def _kinds(kind: type[Node]) -> dict[str, type[Attr[Any]]]:
    annotations = getattr(kind.Attributes, "__annotations__", {})
    return {name: getattr(spox._attributes, text.split(" ")[0]) for name, text in annotations.items()}


def _quick(function: Function, kind: type[Node]) -> Function:
    positional, named = _arguments(function)
    fields, defaults = tuple(positional), dict(named)
    missing = tuple(positional.values())
    needed = missing.count(inspect.Parameter.empty)
    needed_named = {name for name, default in named.items() if default is inspect.Parameter.empty}
    kinds, outputs = _kinds(kind), tuple(kind.Outputs.__annotations__)
    usual = {
        n: None if v in (None, inspect.Parameter.empty) else attribute(kinds[n], v, n) for n, v in defaults.items()
    }
    plain = kind.Attributes(**usual)

    def call(*given: Any, **options: Any) -> Any:
        if len(given) < needed or len(given) > len(fields) or not options.keys() <= defaults.keys():
            given, options = _bound(function, fields, given, options)
        if not needed_named <= options.keys():
            function(*given, **options)  # raises as spox does
        inputs = dict(zip(fields, (*given, *missing[len(given) :]), strict=True))
        if options:
            made = {n: None if v is None else attribute(kinds[n], v, n) for n, v in options.items()}
            found = node(kind, kind.Attributes(**{**usual, **made}), {**defaults, **options}, inputs, outputs)
        else:
            found = node(kind, plain, defaults, inputs, outputs)
        return found[0] if len(found) == 1 else tuple(found)

    call.__name__, call.__doc__ = function.__name__, function.__doc__
    return call


def _bound(function: Function, fields: tuple[str, ...], given: Any, options: Any) -> tuple[Any, Any]:
    """Inputs that came by name, in their places. Raises TypeError as spox does."""
    try:
        bound = inspect.signature(function).bind(*given, **options)
    except TypeError:
        return function(*given, **options), {}  # raises it in its own words
    bound.apply_defaults()
    everything = dict(bound.arguments)
    return tuple(everything.pop(name) for name in fields), everything
