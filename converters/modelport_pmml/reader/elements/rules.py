"""RuleSetModel. https://dmg.org/pmml/v4-4-1/RuleSet.html"""

from dataclasses import dataclass
from typing import Literal

from modelport_pmml.reader.element import Element, Predicate
from modelport_pmml.reader.elements.model import Model


@dataclass(frozen=True, kw_only=True)
class ScoreDistribution(Element):
    value: str
    record_count: float | None = None
    confidence: float | None = None
    probability: float | None = None


@dataclass(frozen=True, kw_only=True)
class Rule(Element):
    """Base of simple and compound rules."""


@dataclass(frozen=True, kw_only=True)
class SimpleRule(Rule):
    id: str | None = None
    score: str
    record_count: float | None = None
    nb_correct: float | None = None
    confidence: float = 1.0
    weight: float = 1.0
    predicate: Predicate
    distribution: tuple[ScoreDistribution, ...] = ()


@dataclass(frozen=True, kw_only=True)
class CompoundRule(Rule):
    predicate: Predicate
    rules: tuple[Rule, ...] = ()


@dataclass(frozen=True, kw_only=True)
class RuleSelectionMethod(Element):
    criterion: Literal["weightedSum", "weightedMax", "firstHit"]


@dataclass(frozen=True, kw_only=True)
class RuleSet(Element):
    record_count: float | None = None
    nb_correct: float | None = None
    default_score: str | None = None
    default_confidence: float | None = None
    methods: tuple[RuleSelectionMethod, ...] = ()
    distribution: tuple[ScoreDistribution, ...] = ()
    rules: tuple[Rule, ...] = ()


@dataclass(frozen=True, kw_only=True)
class RuleSetModel(Model):
    rule_set: RuleSet
