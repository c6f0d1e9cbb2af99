"""NeuralNetwork. https://dmg.org/pmml/v4-4-1/NeuralNetwork.html"""

from dataclasses import dataclass
from typing import Literal

from modelport_pmml.reader.element import Element, attribute
from modelport_pmml.reader.elements.model import Model
from modelport_pmml.reader.elements.transformations import DerivedField

Activation = Literal[
    "threshold", "logistic", "tanh", "identity", "exponential", "reciprocal", "square", "Gauss", "sine", "cosine",
    "Elliott", "arctan", "rectifier", "radialBasis",
]  # fmt: skip
NetworkNormalization = Literal["none", "simplemax", "softmax"]


@dataclass(frozen=True, kw_only=True)
class NeuralInput(Element):
    id: str
    field: DerivedField


@dataclass(frozen=True, kw_only=True)
class NeuralInputs(Element):
    number_of_inputs: int | None = None
    inputs: tuple[NeuralInput, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Con(Element):
    source: str = attribute("from", "")
    weight: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Neuron(Element):
    id: str
    bias: float | None = None
    width: float | None = None
    altitude: float | None = None
    connections: tuple[Con, ...] = ()


@dataclass(frozen=True, kw_only=True)
class NeuralLayer(Element):
    number_of_neurons: int | None = None
    activation_function: Activation | None = None
    threshold: float | None = None
    leakage: float | None = attribute("x-leakage")
    width: float | None = None
    altitude: float | None = None
    normalization_method: NetworkNormalization | None = None
    neurons: tuple[Neuron, ...] = ()


@dataclass(frozen=True, kw_only=True)
class NeuralOutput(Element):
    output_neuron: str
    field: DerivedField


@dataclass(frozen=True, kw_only=True)
class NeuralOutputs(Element):
    number_of_outputs: int | None = None
    outputs: tuple[NeuralOutput, ...] = ()


@dataclass(frozen=True, kw_only=True)
class NeuralNetwork(Model):
    activation_function: Activation
    normalization_method: NetworkNormalization = "none"
    threshold: float = 0.0
    leakage: float | None = attribute("x-leakage")
    width: float | None = None
    altitude: float = 1.0
    number_of_layers: int | None = None
    neural_inputs: NeuralInputs | None = None
    layers: tuple[NeuralLayer, ...] = ()
    neural_outputs: NeuralOutputs | None = None
