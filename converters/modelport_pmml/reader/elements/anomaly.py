"""AnomalyDetectionModel. https://dmg.org/pmml/v4-4-1/AnomalyDetectionModel.html"""

from dataclasses import dataclass

from modelport_pmml.reader.element import Element
from modelport_pmml.reader.elements.model import Model
from modelport_pmml.reader.elements.predicates import Array


@dataclass(frozen=True, kw_only=True)
class MeanClusterDistances(Element):
    array: Array


@dataclass(frozen=True, kw_only=True)
class AnomalyDetectionModel(Model):
    algorithm_type: str
    sample_data_size: float | None = None
    model: Model
    mean_cluster_distances: MeanClusterDistances | None = None
