"""From an lxml element to its dataclass: attributes and children by name and type, the rest kept as unknown."""

import types
from collections.abc import Iterator
from dataclasses import MISSING, Field, dataclass, field, fields
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from lxml import etree

from modelport.errors import InputError, Unsafe
from modelport_pmml.reader.element import Element, Location, Unknown
from modelport_pmml.reader.limits import MAX_DEPTH
from modelport_pmml.reader.scalars import PARSERS

Xml = etree._Element
IGNORED = frozenset({"Extension", "ModelStats", "ModelExplanation", "MiningBuildTask", "Taxonomy", "UnivariateStats",
                     "Partition", "PartitionFieldStats", "Annotation", "Timestamp", "Application"})  # fmt: skip
"""Elements that describe a model without changing what it answers."""


@dataclass(frozen=True, slots=True)
class _Slot:
    """How one dataclass field is filled."""

    name: str
    source: str
    kind: str
    parser: Any = None
    choices: tuple[str, ...] = ()
    required: bool = False


@dataclass(frozen=True, slots=True)
class _Plan:
    attributes: dict[str, _Slot]
    tags: dict[str, tuple[_Slot, type[Element]]]
    text: str | None
    compact: str | None
    required: tuple[str, ...]


def camel(name: str) -> str:
    first, *rest = name.rstrip("_").split("_")
    return first + "".join(part[:1].upper() + part[1:] for part in rest)


_PLANS: dict[type[Element], _Plan] = {}


def plan(kind: type[Element]) -> _Plan:
    """What of an XML element fills which field of a class; found out once."""
    found = _PLANS.get(kind)
    if found is None:
        found = _PLANS[kind] = _plan(kind)
    return found


def _plan(kind: type[Element]) -> _Plan:
    hints = get_type_hints(kind)
    attributes: dict[str, _Slot] = {}
    tags: dict[str, tuple[_Slot, type[Element]]] = {}
    text = held = None
    needed: list[str] = []
    for item in fields(kind):
        if item.name in ("at", "unknown", "surplus"):
            continue
        if item.metadata.get("text"):
            text = item.name
        elif item.metadata.get("compact"):
            held = item.name
        elif classes := _classes(hints[item.name]):
            slot = _Slot(item.name, "", "many" if _is_tuple(hints[item.name]) else "one")
            tags |= {concrete.tag(): (slot, concrete) for base in classes for concrete in _concrete(base)}
            if _required(item):
                needed.append(item.name)
        else:
            slot = _attribute(item, hints[item.name])
            attributes[slot.source] = slot
    return _Plan(attributes, tags, text, held, tuple(needed))


def _required(item: "Field[Any]") -> bool:
    return item.default is MISSING and item.default_factory is MISSING


def _is_tuple(hint: Any) -> bool:
    return get_origin(hint) is tuple


def _members(hint: Any) -> tuple[Any, ...]:
    if get_origin(hint) in (Union, types.UnionType):
        return tuple(part for arg in get_args(hint) for part in _members(arg))
    if get_origin(hint) is tuple:
        return _members(get_args(hint)[0])
    return (hint,)


def _classes(hint: Any) -> tuple[type[Element], ...]:
    return tuple(part for part in _members(hint) if isinstance(part, type) and issubclass(part, Element))


def _concrete(base: type[Element]) -> list[type[Element]]:
    below = [found for sub in base.__subclasses__() for found in _concrete(sub)]
    return below if below else [base]


def _attribute(item: "Field[Any]", hint: Any) -> _Slot:
    source = item.metadata.get("attribute") or camel(item.name)
    members = [part for part in _members(hint) if part is not type(None)]
    if get_origin(members[0]) is Literal:
        return _Slot(item.name, source, "attribute", None, tuple(get_args(members[0])), _required(item))
    return _Slot(item.name, source, "attribute", PARSERS[members[0]], (), _required(item))


def line_of(xml: Xml) -> int:
    """The line an element begins on; 0 where libxml2 does not know."""
    line: object = xml.sourceline
    return line if isinstance(line, int) else 0


_LOCAL: dict[object, str] = {}
"""Tag → name, for the few tags there are; what is no tag is never kept."""

_MANY = 4096


def local(xml: Xml) -> str:
    """An element's name without its namespace; "" for comments and the like."""
    tag = xml.tag
    found = _LOCAL.get(tag)
    if found is None:
        found = tag.rpartition("}")[2] if isinstance(tag, str) else ""
        if found and len(_LOCAL) < _MANY:
            _LOCAL[tag] = found
    return found


@dataclass(slots=True)
class _Open:
    """An element that is being read: what is known of it, and the children that are to come."""

    xml: Xml
    kind: type[Element]
    how: _Plan
    at: Location
    slot: _Slot | None
    values: dict[str, Any]
    surplus: tuple[Unknown, ...]
    children: Iterator[Xml]
    unknown: list[Unknown] = field(default_factory=list)
    many: dict[str, list[Any]] = field(default_factory=dict)


def bind(xml: Xml, kind: type[Element], parent: Location | None, held: dict[str, Any]) -> Any:
    """An lxml element as an instance of `kind`. Depth costs no stack: what is open stands in a list.

    Args:
        held: what the streaming part has read already, by the token that its placeholder carries.

    Raises:
        InputError: an attribute or child is missing or malformed.
        Unsafe: elements are nested too deeply.
    """
    stack = [_opened(xml, kind, parent, None)]
    while True:
        here = stack[-1]
        inner = _next(here, held)
        if inner is not None:
            stack.append(inner)
            if len(stack) > MAX_DEPTH:
                at = inner.at
                raise Unsafe(f"elements are nested more than {MAX_DEPTH} deep", where=f"line {at.line}, <{at.tag}>")
            continue
        stack.pop()
        bound = _closed(here)
        if not stack:
            return bound
        _keep(stack[-1], here.slot, bound)


def _opened(xml: Xml, kind: type[Element], parent: Location | None, slot: _Slot | None) -> _Open:
    at = Location(local(xml), line_of(xml), parent)
    how = plan(kind)
    values, surplus = _attributes(xml, how, at)
    return _Open(xml, kind, how, at, slot, values, surplus, iter(xml))


def _next(here: _Open, held: dict[str, Any]) -> _Open | None:
    """The next child that a type describes; None after the last."""
    how = here.how
    for child in here.children:
        name = local(child)
        if not name or (name in IGNORED and name not in how.tags):
            continue
        if name in held and how.compact is not None:
            here.values[how.compact] = held[name]
            continue
        found = how.tags.get(name)
        if found is not None:
            return _opened(child, found[1], here.at, found[0])
        here.unknown.append(Unknown(name, Location(name, line_of(child), here.at)))
    return None


def _keep(here: _Open, slot: _Slot | None, bound: Any) -> None:
    """A child in its parent's field."""
    assert slot is not None, "only the outermost element has no slot"
    if slot.kind == "many":
        here.many.setdefault(slot.name, []).append(bound)
    elif slot.name in here.values:
        raise InputError(f"<{here.at.tag}> has a second <{bound.at.tag}>", where=str(bound.at))
    else:
        here.values[slot.name] = bound


def _closed(here: _Open) -> Any:
    values, how = here.values, here.how
    values |= {name: tuple(items) for name, items in here.many.items()}
    for name in how.required:
        if name not in values:
            tags = " or ".join(f"<{tag}>" for tag, (slot, _) in how.tags.items() if slot.name == name)
            raise InputError(f"<{here.at.tag}> needs a {tags}", where=str(here.at))
    if how.text is not None:
        values[how.text] = str(here.xml.text or "")
    return here.kind(at=here.at, unknown=tuple(here.unknown), surplus=here.surplus, **values)


def _attributes(xml: Xml, how: _Plan, at: Location) -> tuple[dict[str, Any], tuple[Unknown, ...]]:
    values: dict[str, Any] = {}
    surplus: list[Unknown] = []
    for raw, value in xml.attrib.items():
        name = str(raw)
        slot = how.attributes.get(name)
        if slot is None:
            if not name.startswith(("{", "x-")):
                surplus.append(Unknown(name, at))
        elif slot.choices:
            values[slot.name] = _choice(str(value), slot, at)
        else:
            values[slot.name] = slot.parser(str(value), f"the attribute {name}", at)
    for slot in how.attributes.values():
        if slot.required and slot.name not in values:
            raise InputError(f"<{at.tag}> needs the attribute {slot.source}", where=str(at))
    return values, tuple(surplus)


def _choice(value: str, slot: _Slot, at: Location) -> str:
    if value in slot.choices:
        return value
    raise InputError(
        f"the attribute {slot.source} is {value[:40]!r}", where=str(at), hint=f"PMML knows {', '.join(slot.choices)}"
    )
