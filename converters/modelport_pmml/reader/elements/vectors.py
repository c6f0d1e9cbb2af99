"""SupportVectorMachineModel. https://dmg.org/pmml/v4-4-1/SupportVectorMachine.html"""

from dataclasses import dataclass
from typing import ClassVar, Literal

from modelport_pmml.reader.element import Element
from modelport_pmml.reader.elements.arrays import SparseArray
from modelport_pmml.reader.elements.model import Model
from modelport_pmml.reader.elements.predicates import Array
from modelport_pmml.reader.elements.regression import CategoricalPredictor
from modelport_pmml.reader.elements.transformations import FieldRef


@dataclass(frozen=True, kw_only=True)
class Kernel(Element):
    """Base of the four kernels."""

    gamma: float = 1.0
    coef0: float = 1.0
    degree: float = 1.0
    description: str | None = None


@dataclass(frozen=True, kw_only=True)
class LinearKernelType(Kernel):
    pass


@dataclass(frozen=True, kw_only=True)
class PolynomialKernelType(Kernel):
    pass


@dataclass(frozen=True, kw_only=True)
class RadialBasisKernelType(Kernel):
    pass


@dataclass(frozen=True, kw_only=True)
class SigmoidKernelType(Kernel):
    pass


@dataclass(frozen=True, kw_only=True)
class VectorFields(Element):
    number_of_fields: int | None = None
    fields: tuple[FieldRef | CategoricalPredictor, ...] = ()


@dataclass(frozen=True, kw_only=True)
class VectorInstance(Element):
    id: str
    sparse: SparseArray | None = None
    dense: Array | None = None


@dataclass(frozen=True, kw_only=True)
class VectorDictionary(Element):
    number_of_vectors: int | None = None
    fields: VectorFields
    instances: tuple[VectorInstance, ...] = ()


@dataclass(frozen=True, kw_only=True)
class SupportVector(Element):
    vector_id: str


@dataclass(frozen=True, kw_only=True)
class SupportVectors(Element):
    number_of_support_vectors: int | None = None
    number_of_attributes: int | None = None
    vectors: tuple[SupportVector, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Coefficient(Element):
    value: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Coefficients(Element):
    number_of_coefficients: int | None = None
    absolute_value: float = 0.0
    coefficients: tuple[Coefficient, ...] = ()


@dataclass(frozen=True, kw_only=True)
class SupportVectorMachine(Element):
    target_category: str | None = None
    alternate_target_category: str | None = None
    threshold: float | None = None
    support_vectors: SupportVectors | None = None
    coefficients: Coefficients


@dataclass(frozen=True, kw_only=True)
class SupportVectorMachineModel(Model):
    TAG: ClassVar[str] = "SupportVectorMachineModel"

    threshold: float = 0.0
    svm_representation: Literal["SupportVectors", "Coefficients"] = "SupportVectors"
    classification_method: Literal["OneAgainstAll", "OneAgainstOne"] | None = None
    max_wins: bool = False
    alternate_binary_target_category: str | None = None
    kernel: Kernel
    dictionary: VectorDictionary
    machines: tuple[SupportVectorMachine, ...] = ()
