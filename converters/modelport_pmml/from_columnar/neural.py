"""NeuralNetwork: weighted sums of activations of weighted sums, as multilayer perceptrons compute them.

Evaluators compute a neuron as the graph does, in float64; what they know no activation for stays an expression.
https://dmg.org/pmml/v4-4-1/NeuralNetwork.html
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from modelport.signature import Task
from modelport_columnar.expression import Expr, Kind, unknown
from modelport_pmml.from_columnar.draft import Draft, has_target
from modelport_pmml.from_columnar.elements import local_fields, output_field, value_text
from modelport_pmml.from_columnar.markup import number, tag
from modelport_pmml.from_columnar.regression import Sum, sum_of
from modelport_pmml.from_columnar.scores import logistic_of, rectified, scores_of
from modelport_pmml.from_columnar.shares import label_of_shares


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer.

    Attributes:
        activation: PMML's name of it.
        sums: what each neuron sums, over the neurons of the layer before.
        normalization: what the layer's values are divided by, in PMML's words.
    """

    activation: str
    sums: tuple[Sum, ...]
    normalization: str | None = None


@dataclass(frozen=True, slots=True)
class Network:
    """Hidden layers over inputs; `places` are the neurons by the number of their expression."""

    inputs: tuple[Expr, ...]
    layers: tuple[Layer, ...]
    places: dict[int, str]


def network_model(made: Draft) -> str | None:
    """The model, where it is one network with a hidden layer; else None."""
    if not has_target(made.signature):
        return None
    if made.signature.task is Task.CLASSIFICATION:
        return _classifier(made)
    network = network_of(made, (sum_of(made.outputs[0]),))
    if network is None:
        return None
    output = tag("Output", (), [output_field("prediction", "double", "predictedValue")])
    field = tag("FieldRef", [("field", made.target)])
    return _written(made, network, output, [_neural_output(network, 0, field, "continuous", "double")])


def _classifier(made: Draft) -> str | None:
    probabilities = [expr for _, expr in made.named("probability(")]
    label = made.output("label")
    if len(probabilities) < 2 or label is None or not _of_shares(label, probabilities):
        return None
    scores = scores_of(made)
    if not scores.native:
        return None
    network = network_of(made, scores.sums if scores.normalization == "softmax" else scores.sums[1:], classify=True)
    if network is None:
        return None
    outputs = [
        _neural_output(
            network, i, tag("NormDiscrete", [("field", made.target), ("value", value_text(v))]), "continuous", "double"
        )
        for i, v in enumerate(made.signature.classes)
    ]
    return _written(made, network, tag("Output", (), label_of_shares(made)), outputs)


def _of_shares(label: Expr, probabilities: Sequence[Expr]) -> bool:
    """Whether a label is computed from the probabilities and from nothing else."""
    known = {expr.number: True for expr in probabilities}
    for node in unknown(label, known):
        known[node.number] = node.op != "input" and all(known[arg.number] for arg in node.args)
    return known[label.number]


def network_of(made: Draft, sums: Sequence[Sum], classify: bool = False) -> Network | None:
    """Output layers over hidden ones over inputs, where there is a hidden one; None where there is not."""
    hidden: list[tuple[Layer, list[Expr]]] = []
    terms = _terms(sums)
    last = tuple(sums)
    while (found := _activated(terms)) is not None:
        hidden.append((found, terms))
        terms = _terms(found.sums)
    inner = [item for layer, _ in hidden for item in layer.sums]
    if not hidden or any(not item.terms for item in (*last, *inner)):
        return None
    if any(expr.op == "constant" or made.simplifier.missing(expr) for expr in terms):
        return None
    places = {expr.number: f"0.{i}" for i, expr in enumerate(terms, 1)}
    for depth, (_, neurons) in enumerate(reversed(hidden), 1):
        places |= {expr.number: f"{depth}.{i}" for i, expr in enumerate(neurons, 1)}
    layers = [layer for layer, _ in reversed(hidden)]
    return Network(tuple(terms), (*layers, *_ends(last, classify)), places)


def _ends(sums: tuple[Sum, ...], classify: bool) -> list[Layer]:
    """The layers of the outputs; of two classes, the first is the rest to 1 of the second, which is logistic."""
    if not classify:
        return [Layer("identity", sums)]
    return [Layer("identity", sums, "softmax")] if len(sums) > 1 else [Layer("logistic", sums), Layer("identity", ())]


def _terms(sums: Sequence[Sum]) -> list[Expr]:
    return list({expr.number: expr for item in sums for _, expr in item.terms}.values())


def _activated(terms: Sequence[Expr]) -> Layer | None:
    """The layer whose neurons these are."""
    for name, inside in ACTIVATIONS.items():
        inner = [inside(expr) if expr.kind is Kind.FLOAT64 else None for expr in terms]
        found = [expr for expr in inner if expr is not None and _is_weighted(expr)]
        if terms and len(found) == len(terms):
            return Layer(name, tuple(sum_of(expr) for expr in found))
    return None


def _is_weighted(expr: Expr) -> bool:
    inner = expr.args[0] if expr.op == "add" and expr.args[1].op == "constant" else expr
    return inner.op == "linear" and inner.kind is Kind.FLOAT64


ACTIVATIONS: dict[str, Callable[[Expr], Expr | None]] = {
    "rectifier": rectified,
    "logistic": logistic_of,
    "tanh": lambda expr: expr.args[0] if expr.op == "tanh" else None,
}
"""PMML's name → the sum inside of an activation of this kind, None for other expressions."""


def _written(made: Draft, network: Network, output: str, outputs: Sequence[str]) -> str:
    inputs = made.simplifier.expanded(network.inputs)
    local = made.fields([], inputs)
    function = "classification" if made.signature.task is Task.CLASSIFICATION else "regression"
    named = [
        tag("NeuralInput", [("id", network.places[old.number])], _input(made.write.names[new.number]))
        for old, new in zip(network.inputs, inputs, strict=True)
    ]
    head = made.schema() + output + local_fields([*made.dictionary, local])
    layers = [_layer(network, depth, layer) for depth, layer in enumerate(network.layers, 1)]
    inside = [
        head,
        tag("NeuralInputs", [("numberOfInputs", len(named))], named),
        *layers,
        tag("NeuralOutputs", [("numberOfOutputs", len(outputs))], outputs),
    ]
    attributes = [("functionName", function), ("activationFunction", network.layers[0].activation)]
    return tag("NeuralNetwork", attributes, inside)


def _input(name: str) -> str:
    reference = tag("FieldRef", [("field", name)])
    return tag("DerivedField", [("optype", "continuous"), ("dataType", "double")], reference)


def _layer(network: Network, depth: int, layer: Layer) -> str:
    sums = layer.sums
    if sums:
        neurons = [
            _neuron(f"{depth}.{i}", item.intercept, [(network.places[e.number], w) for w, e in item.terms])
            for i, item in enumerate(sums, 1)
        ]
    else:
        share = f"{depth - 1}.1"
        neurons = [_neuron(f"{depth}.1", 1.0, [(share, -1.0)]), _neuron(f"{depth}.2", 0.0, [(share, 1.0)])]
    attributes = [("activationFunction", layer.activation), ("normalizationMethod", layer.normalization)]
    return tag("NeuralLayer", attributes, neurons)


def _neuron(name: str, bias: float, sources: Sequence[tuple[str, float]]) -> str:
    connections = [tag("Con", [("from", source), ("weight", number(weight))]) for source, weight in sources]
    return tag("Neuron", [("id", name), ("bias", number(bias))], connections)


def _neural_output(network: Network, place: int, inside: str, kind: str, data_type: str) -> str:
    neuron = f"{len(network.layers)}.{place + 1}"
    return tag(
        "NeuralOutput",
        [("outputNeuron", neuron)],
        tag("DerivedField", [("optype", kind), ("dataType", data_type)], inside),
    )
