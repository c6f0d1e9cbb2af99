"""BaselineModel. https://dmg.org/pmml/v4-4-1/BaselineModel.html"""

from dataclasses import dataclass

from modelport_pmml.reader.element import Element
from modelport_pmml.reader.elements.bayes import Distribution
from modelport_pmml.reader.elements.model import Model


@dataclass(frozen=True, kw_only=True)
class Baseline(Element):
    distribution: Distribution | None = None


@dataclass(frozen=True, kw_only=True)
class TestDistributions(Element):
    field: str
    test_statistic: str
    reset_value: float = 0.0
    window_size: int = 0
    weight_field: str | None = None
    normalization_scheme: str | None = None
    baseline: Baseline | None = None


@dataclass(frozen=True, kw_only=True)
class BaselineModel(Model):
    test_distributions: TestDistributions
