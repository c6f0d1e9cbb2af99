"""BayesianNetworkModel. https://dmg.org/pmml/v4-4-1/BayesianNetwork.html"""

from dataclasses import dataclass

from modelport_pmml.reader.element import Element
from modelport_pmml.reader.elements.model import Model
from modelport_pmml.reader.elements.transformations import DerivedField


@dataclass(frozen=True, kw_only=True)
class ParentValue(Element):
    parent: str
    value: str


@dataclass(frozen=True, kw_only=True)
class ValueProbability(Element):
    value: str
    probability: float


@dataclass(frozen=True, kw_only=True)
class DiscreteConditionalProbability(Element):
    count: float | None = None
    parents: tuple[ParentValue, ...] = ()
    probabilities: tuple[ValueProbability, ...] = ()


@dataclass(frozen=True, kw_only=True)
class DiscreteNode(Element):
    name: str
    count: float | None = None
    derived: tuple[DerivedField, ...] = ()
    conditional: tuple[DiscreteConditionalProbability, ...] = ()
    probabilities: tuple[ValueProbability, ...] = ()


@dataclass(frozen=True, kw_only=True)
class BayesianNetworkNodes(Element):
    discrete: tuple[DiscreteNode, ...] = ()


@dataclass(frozen=True, kw_only=True)
class BayesianNetworkModel(Model):
    inference_method: str | None = None
    network_nodes: BayesianNetworkNodes
