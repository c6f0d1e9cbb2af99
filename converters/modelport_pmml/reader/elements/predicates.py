"""Predicates: true, false or unknown for a row. https://dmg.org/pmml/v4-4-1/TreeModel.html"""

from dataclasses import dataclass
from typing import ClassVar, Literal

from modelport_pmml.reader.element import Element, Predicate, text

Operator = Literal[
    "equal", "notEqual", "lessThan", "lessOrEqual", "greaterThan", "greaterOrEqual", "isMissing", "isNotMissing"
]
OPERATORS: tuple[Operator, ...] = (
    "equal", "notEqual", "lessThan", "lessOrEqual", "greaterThan", "greaterOrEqual", "isMissing", "isNotMissing",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Array(Element):
    """`<Array type="string">a "b c"</Array>`: its text, split when it is used."""

    type: Literal["int", "integer", "real", "string"] = "string"
    n: int | None = None
    content: str = text()


@dataclass(frozen=True, kw_only=True)
class True_(Predicate):
    TAG: ClassVar[str] = "True"


@dataclass(frozen=True, kw_only=True)
class False_(Predicate):
    TAG: ClassVar[str] = "False"


@dataclass(frozen=True, kw_only=True)
class SimplePredicate(Predicate):
    field: str
    operator: Operator
    value: str | None = None


@dataclass(frozen=True, kw_only=True)
class SimpleSetPredicate(Predicate):
    field: str
    boolean_operator: Literal["isIn", "isNotIn"]
    array: Array


@dataclass(frozen=True, kw_only=True)
class CompoundPredicate(Predicate):
    boolean_operator: Literal["or", "and", "xor", "surrogate"]
    predicates: tuple[Predicate, ...] = ()
