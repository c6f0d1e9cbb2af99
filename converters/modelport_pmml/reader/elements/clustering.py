"""ClusteringModel and its measures. https://dmg.org/pmml/v4-4-1/ClusteringModel.html"""

from dataclasses import dataclass
from typing import ClassVar, Literal

from modelport_pmml.reader.element import Element, attribute
from modelport_pmml.reader.elements.arrays import Matrix
from modelport_pmml.reader.elements.model import Model
from modelport_pmml.reader.elements.predicates import Array
from modelport_pmml.reader.elements.transformations import DerivedField

CompareFunction = Literal["absDiff", "gaussSim", "delta", "equal", "table"]


@dataclass(frozen=True, kw_only=True)
class Measure(Element):
    """Base of the distance and similarity measures."""


@dataclass(frozen=True, kw_only=True)
class Euclidean(Measure):
    TAG: ClassVar[str] = "euclidean"


@dataclass(frozen=True, kw_only=True)
class SquaredEuclidean(Measure):
    TAG: ClassVar[str] = "squaredEuclidean"


@dataclass(frozen=True, kw_only=True)
class Chebychev(Measure):
    TAG: ClassVar[str] = "chebychev"


@dataclass(frozen=True, kw_only=True)
class CityBlock(Measure):
    TAG: ClassVar[str] = "cityBlock"


@dataclass(frozen=True, kw_only=True)
class Minkowski(Measure):
    TAG: ClassVar[str] = "minkowski"
    p: float = attribute("p-parameter", 2.0)


@dataclass(frozen=True, kw_only=True)
class SimpleMatching(Measure):
    TAG: ClassVar[str] = "simpleMatching"


@dataclass(frozen=True, kw_only=True)
class Jaccard(Measure):
    TAG: ClassVar[str] = "jaccard"


@dataclass(frozen=True, kw_only=True)
class Tanimoto(Measure):
    TAG: ClassVar[str] = "tanimoto"


@dataclass(frozen=True, kw_only=True)
class BinarySimilarity(Measure):
    TAG: ClassVar[str] = "binarySimilarity"
    c00: float = attribute("c00-parameter", 0.0)
    c01: float = attribute("c01-parameter", 0.0)
    c10: float = attribute("c10-parameter", 0.0)
    c11: float = attribute("c11-parameter", 0.0)
    d00: float = attribute("d00-parameter", 0.0)
    d01: float = attribute("d01-parameter", 0.0)
    d10: float = attribute("d10-parameter", 0.0)
    d11: float = attribute("d11-parameter", 0.0)


@dataclass(frozen=True, kw_only=True)
class ComparisonMeasure(Element):
    kind: Literal["distance", "similarity"]
    compare_function: CompareFunction = "absDiff"
    minimum: float | None = None
    maximum: float | None = None
    measure: Measure


@dataclass(frozen=True, kw_only=True)
class Comparisons(Element):
    matrix: Matrix | None = None


@dataclass(frozen=True, kw_only=True)
class ClusteringField(Element):
    field: str
    is_center_field: bool = True
    field_weight: float = 1.0
    similarity_scale: float | None = None
    compare_function: CompareFunction | None = None
    comparisons: Comparisons | None = None


@dataclass(frozen=True, kw_only=True)
class MissingValueWeights(Element):
    array: Array


@dataclass(frozen=True, kw_only=True)
class KohonenMap(Element):
    coord1: float | None = None
    coord2: float | None = None
    coord3: float | None = None


@dataclass(frozen=True, kw_only=True)
class Covariances(Element):
    matrix: Matrix | None = None


@dataclass(frozen=True, kw_only=True)
class Cluster(Element):
    id: str | None = None
    name: str | None = None
    size: int | None = None
    kohonen: KohonenMap | None = None
    array: Array | None = None
    covariances: Covariances | None = None


@dataclass(frozen=True, kw_only=True)
class CenterFields(Element):
    """PMML 3.x: derived fields whose values are compared with the centres."""

    fields: tuple[DerivedField, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ClusteringModel(Model):
    model_class: Literal["centerBased", "distributionBased"]
    number_of_clusters: int | None = None
    comparison_measure: ComparisonMeasure
    fields: tuple[ClusteringField, ...] = ()
    center_fields: CenterFields | None = None
    missing_value_weights: MissingValueWeights | None = None
    clusters: tuple[Cluster, ...] = ()
