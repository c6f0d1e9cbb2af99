"""GaussianProcessModel. https://dmg.org/pmml/v4-4-1/GaussianProcess.html"""

from dataclasses import dataclass
from typing import ClassVar

from modelport_pmml.reader.element import Element
from modelport_pmml.reader.elements.model import Model
from modelport_pmml.reader.elements.neighbours import TrainingInstances
from modelport_pmml.reader.elements.predicates import Array


@dataclass(frozen=True, kw_only=True)
class Lambda(Element):
    array: Array


@dataclass(frozen=True, kw_only=True)
class ProcessKernel(Element):
    """Base of the four covariance functions."""

    gamma: float = 1.0
    noise_variance: float = 1.0
    degree: float = 1.0
    description: str | None = None
    lambdas: tuple[Lambda, ...] = ()


@dataclass(frozen=True, kw_only=True)
class RadialBasisKernel(ProcessKernel):
    """The only one whose scale is an attribute, the same for all fields."""

    lambda_: float = 1.0


@dataclass(frozen=True, kw_only=True)
class ARDSquaredExponentialKernel(ProcessKernel):
    pass


@dataclass(frozen=True, kw_only=True)
class AbsoluteExponentialKernel(ProcessKernel):
    pass


@dataclass(frozen=True, kw_only=True)
class GeneralizedExponentialKernel(ProcessKernel):
    pass


@dataclass(frozen=True, kw_only=True)
class GaussianProcessModel(Model):
    TAG: ClassVar[str] = "GaussianProcessModel"

    optimizer: str | None = None
    kernel: ProcessKernel
    training: TrainingInstances
