"""NearestNeighborModel. https://dmg.org/pmml/v4-4-1/KNN.html"""

from dataclasses import dataclass
from typing import ClassVar, Literal

from modelport_pmml.reader.element import Element
from modelport_pmml.reader.elements.clustering import CompareFunction, ComparisonMeasure
from modelport_pmml.reader.elements.model import Model
from modelport_pmml.reader.elements.transformations import InlineTable, TableLocator


@dataclass(frozen=True, kw_only=True)
class InstanceField(Element):
    field: str
    column: str | None = None


@dataclass(frozen=True, kw_only=True)
class InstanceFields(Element):
    fields: tuple[InstanceField, ...] = ()


@dataclass(frozen=True, kw_only=True)
class TrainingInstances(Element):
    is_transformed: bool = False
    record_count: int | None = None
    field_count: int | None = None
    fields: InstanceFields
    table: InlineTable | None = None
    locator: TableLocator | None = None


@dataclass(frozen=True, kw_only=True)
class KNNInput(Element):
    field: str
    field_weight: float = 1.0
    compare_function: CompareFunction | None = None


@dataclass(frozen=True, kw_only=True)
class KNNInputs(Element):
    inputs: tuple[KNNInput, ...] = ()


@dataclass(frozen=True, kw_only=True)
class NearestNeighborModel(Model):
    TAG: ClassVar[str] = "NearestNeighborModel"

    number_of_neighbors: int
    continuous_scoring_method: Literal["median", "average", "weightedAverage"] = "average"
    categorical_scoring_method: Literal["majorityVote", "weightedMajorityVote"] = "majorityVote"
    instance_id_variable: str | None = None
    threshold: float = 0.001
    training: TrainingInstances
    comparison_measure: ComparisonMeasure
    knn_inputs: KNNInputs
