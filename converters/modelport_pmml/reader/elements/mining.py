"""MiningModel. https://dmg.org/pmml/v4-4-1/MultipleModels.html"""

from dataclasses import dataclass
from typing import Literal

from modelport_pmml.reader.element import Element, Predicate
from modelport_pmml.reader.elements.model import Model

Method = Literal[
    "majorityVote", "weightedMajorityVote", "average", "weightedAverage", "median", "weightedMedian", "max", "sum",
    "weightedSum", "selectFirst", "selectAll", "modelChain", "multiModelChain", "x-weightedMedian", "x-weightedSum",
    "x-multiModelChain",
]  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class VariableWeight(Element):
    field: str


@dataclass(frozen=True, kw_only=True)
class Segment(Element):
    id: str | None = None
    weight: float = 1.0
    predicate: Predicate
    variable_weight: VariableWeight | None = None
    model: Model


@dataclass(frozen=True, kw_only=True)
class Segmentation(Element):
    multiple_model_method: Method
    missing_prediction_treatment: Literal["returnMissing", "skipSegment", "continue"] = "continue"
    missing_threshold: float = 1.0
    segments: tuple[Segment, ...] = ()


@dataclass(frozen=True, kw_only=True)
class MiningModel(Model):
    segmentation: Segmentation | None = None
