"""NaiveBayesModel. https://dmg.org/pmml/v4-4-1/NaiveBayes.html"""

from dataclasses import dataclass

from modelport_pmml.reader.element import Element
from modelport_pmml.reader.elements.model import Model
from modelport_pmml.reader.elements.transformations import DerivedField


@dataclass(frozen=True, kw_only=True)
class TargetValueCount(Element):
    value: str
    count: float


@dataclass(frozen=True, kw_only=True)
class TargetValueCounts(Element):
    counts: tuple[TargetValueCount, ...] = ()


@dataclass(frozen=True, kw_only=True)
class PairCounts(Element):
    value: str
    counts: TargetValueCounts


@dataclass(frozen=True, kw_only=True)
class Distribution(Element):
    """Base of the continuous distributions."""


@dataclass(frozen=True, kw_only=True)
class GaussianDistribution(Distribution):
    mean: float
    variance: float


@dataclass(frozen=True, kw_only=True)
class PoissonDistribution(Distribution):
    mean: float


@dataclass(frozen=True, kw_only=True)
class UniformDistribution(Distribution):
    lower: float
    upper: float


@dataclass(frozen=True, kw_only=True)
class AnyDistribution(Distribution):
    mean: float
    variance: float


@dataclass(frozen=True, kw_only=True)
class TargetValueStat(Element):
    value: str
    distribution: Distribution


@dataclass(frozen=True, kw_only=True)
class TargetValueStats(Element):
    stats: tuple[TargetValueStat, ...] = ()


@dataclass(frozen=True, kw_only=True)
class BayesInput(Element):
    field_name: str
    stats: TargetValueStats | None = None
    field: DerivedField | None = None
    pairs: tuple[PairCounts, ...] = ()


@dataclass(frozen=True, kw_only=True)
class BayesInputs(Element):
    inputs: tuple[BayesInput, ...] = ()


@dataclass(frozen=True, kw_only=True)
class BayesOutput(Element):
    field_name: str | None = None
    counts: TargetValueCounts


@dataclass(frozen=True, kw_only=True)
class NaiveBayesModel(Model):
    threshold: float
    bayes_inputs: BayesInputs
    bayes_output: BayesOutput
