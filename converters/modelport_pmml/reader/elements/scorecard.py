"""Scorecard. https://dmg.org/pmml/v4-4-1/Scorecard.html"""

from dataclasses import dataclass
from typing import Literal

from modelport_pmml.reader.element import Element, Expression, Predicate
from modelport_pmml.reader.elements.model import Model


@dataclass(frozen=True, kw_only=True)
class ComplexPartialScore(Element):
    expression: Expression


@dataclass(frozen=True, kw_only=True)
class Attribute(Element):
    reason_code: str | None = None
    partial_score: float | None = None
    predicate: Predicate
    complex: ComplexPartialScore | None = None


@dataclass(frozen=True, kw_only=True)
class Characteristic(Element):
    name: str | None = None
    reason_code: str | None = None
    baseline_score: float | None = None
    attributes: tuple[Attribute, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Characteristics(Element):
    items: tuple[Characteristic, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Scorecard(Model):
    initial_score: float = 0.0
    use_reason_codes: bool = True
    reason_code_algorithm: Literal["pointsAbove", "pointsBelow"] = "pointsBelow"
    baseline_score: float | None = None
    baseline_method: str = "other"
    characteristics: Characteristics
