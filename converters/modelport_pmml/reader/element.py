"""Element: the base of every typed element, where it stands, and what of it was not understood."""

from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from typing import Any, ClassVar, TypeVar

from modelport.errors import CannotConvert, InputError


@dataclass(frozen=True, slots=True)
class Location:
    """Where an element stands: its tag, its line (0 where unknown) and the location of its parent."""

    tag: str
    line: int = 0
    parent: "Location | None" = None

    @property
    def path(self) -> str:
        """`PMML/TreeModel/Node`: the tags from the root."""
        tags: list[str] = []
        here: Location | None = self
        while here is not None:
            tags.append(here.tag)
            here = here.parent
        return "/".join(reversed(tags))

    @property
    def depth(self) -> int:
        count, here = 0, self.parent
        while here is not None:
            count, here = count + 1, here.parent
        return count

    def __str__(self) -> str:
        return f"line {self.line}, {self.path}" if self.line else self.path


NOWHERE = Location("PMML")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Unknown:
    """An element or attribute that the reader has no type for. It is kept, and refused where it would matter."""

    name: str
    at: Location


@dataclass(frozen=True, kw_only=True)
class Element:
    """What every typed element has besides its own attributes and children.

    Attributes:
        at: where it stands in the document.
        unknown: children that no type describes (extensions, which may be ignored, are not among them).
        surplus: attributes that no type describes; evaluators ignore them too.
    """

    TAG: ClassVar[str] = ""

    at: Location = field(default=NOWHERE, repr=False, compare=False)
    unknown: tuple[Unknown, ...] = field(default=(), repr=False, compare=False)
    surplus: tuple[Unknown, ...] = field(default=(), repr=False, compare=False)

    @classmethod
    def tag(cls) -> str:
        return cls.TAG or cls.__name__

    def children(self) -> Iterator["Element"]:
        """The typed elements directly inside."""
        for name in _names(type(self)):
            yield from _elements(getattr(self, name))

    def walk(self) -> Iterator["Element"]:
        """This element and every typed element inside, in document order."""
        stack: list[Element] = [self]
        while stack:
            here = stack.pop()
            yield here
            stack.extend(reversed(list(here.children())))

    def inside_out(self, kind: type[T]) -> list[T]:
        """This element and those of a kind that stand directly in one another inside it, each after what it holds."""
        stack, found = [self], list[T]()
        while stack:
            here = stack.pop()
            if isinstance(here, kind):
                found.append(here)
                stack.extend(here.children())
        return found[::-1]

    def bad(self, what: str, hint: str | None = None) -> InputError:
        """The document contradicts the specification here."""
        return InputError(what, where=str(self.at), hint=hint)

    def refuse(self, what: str, hint: str | None = None) -> CannotConvert:
        """The document asks for what is not converted exactly."""
        return CannotConvert(what, where=str(self.at), hint=hint)


_KNOWN: dict[type[Element], tuple[str, ...]] = {}


def _names(kind: type[Element]) -> tuple[str, ...]:
    """Fields that may hold elements, found out once."""
    found = _KNOWN.get(kind)
    if found is None:
        names = (item.name for item in fields(kind))
        found = _KNOWN[kind] = tuple(name for name in names if name not in ("at", "unknown", "surplus"))
    return found


def _elements(value: Any) -> Iterator[Element]:
    """A tuple holds elements or it holds none."""
    if isinstance(value, Element):
        yield value
    elif isinstance(value, tuple) and value and isinstance(value[0], Element):
        yield from value


@dataclass(frozen=True, kw_only=True)
class Expression(Element):
    """Base of the elements that compute a value (EXPRESSION of the specification)."""


@dataclass(frozen=True, kw_only=True)
class Predicate(Element):
    """Base of the elements that are true, false or unknown (PREDICATE of the specification)."""


def attribute(name: str, default: Any = None) -> Any:
    """A field whose XML attribute is not the camel case of its own name."""
    return field(default=default, metadata={"attribute": name})


def text(default: Any = "") -> Any:
    """A field that holds the element's text."""
    return field(default=default, metadata={"text": True})


def compact(default: Any = None) -> Any:
    """A field filled by the streaming part of the reader (tree nodes, rows of tables, vectors)."""
    return field(default=default, metadata={"compact": True})
