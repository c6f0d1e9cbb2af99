"""NeuralNetwork. https://dmg.org/pmml/v4-4-1/NeuralNetwork.html"""

import itertools
import math
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from spox import Var

from modelport_onnx.blocks import elementary
from modelport_onnx.ops import op
from modelport_pmml.reader.element import Expression
from modelport_pmml.reader.elements.neural import NeuralLayer, NeuralNetwork, NeuralOutput
from modelport_pmml.reader.elements.transformations import FieldRef, NormContinuous, NormDiscrete
from modelport_pmml.to_onnx import single
from modelport_pmml.to_onnx.expression import derived
from modelport_pmml.to_onnx.functions.statistics import beside
from modelport_pmml.to_onnx.linkage import inverse_link
from modelport_pmml.to_onnx.models.regression import shares, whole
from modelport_pmml.to_onnx.prediction import Prediction, classified, regressed
from modelport_pmml.to_onnx.scope import Scope
from modelport_pmml.to_onnx.value import NAN, Value, constant, either, float32, in_turn

Floats = NDArray[np.float64]
UNROLLED = 256
"""Sources of a layer that are added one after another in float arithmetic; wider layers are added in float64."""
Places = dict[str, tuple[int, int]]
"""Neuron → (layer, position in it); layer 0 are the inputs."""


def lower(model: NeuralNetwork, scope: Scope) -> Prediction:
    """Layer by layer; a missing input leaves no result."""
    if model.neural_inputs is None or not model.neural_inputs.inputs or not model.layers:
        raise model.bad("a NeuralNetwork needs inputs and layers")
    if model.neural_outputs is None or not model.neural_outputs.outputs:
        raise model.bad("a NeuralNetwork needs outputs")
    values = [derived(item.field, scope) for item in model.neural_inputs.inputs]
    for item, value in zip(model.neural_inputs.inputs, values, strict=True):
        if value.is_text:
            raise item.bad(f"the neural input {item.id!r} is text")
    places: Places = {item.id: (0, i) for i, item in enumerate(model.neural_inputs.inputs)}
    layers = [beside([value.data for value in values])]
    undefined: list[Var] = []
    for layer in model.layers:
        layers.append(_layer(model, layer, layers, places, scope.float_math, undefined))
    gone, invalid = in_turn((value, True) for value in values)
    for wrong in undefined:
        invalid = either(invalid, wrong if gone is None else op.and_(wrong, op.not_(gone)))
    outputs = model.neural_outputs.outputs
    columns = [_neuron(item, layers, places) for item in outputs]
    if model.function_name == "regression":
        return _regression(model, scope, outputs, columns, gone, invalid)
    return _classification(model, scope, outputs, columns, gone, invalid)


def _neuron(item: NeuralOutput, layers: list[Var], places: Places) -> Var:
    if item.output_neuron not in places:
        raise item.bad(f"there is no neuron {item.output_neuron!r}")
    layer, at = places[item.output_neuron]
    return op.slice(layers[layer], *(op.const(np.array([i], np.int64)) for i in (at, at + 1, 1)))


def _layer(
    model: NeuralNetwork, layer: NeuralLayer, layers: list[Var], places: Places, narrow: bool, undefined: list[Var]
) -> Var:
    """What its neurons give, [N, K]; `undefined` gets the rows whose shares are of nothing."""
    if not layer.neurons:
        raise layer.bad("a NeuralLayer needs neurons")
    function = layer.activation_function or model.activation_function
    sources = sorted({_source(places, con.source, layer)[0] for item in layer.neurons for con in item.connections})
    widths = {k: 1 + max(place for at, place in places.values() if at == k) for k in sources}
    start = dict(zip(sources, np.cumsum([0, *widths.values()]).tolist(), strict=False))
    weights = np.zeros((max(sum(widths.values()), 1), len(layer.neurons)))
    linked = np.zeros_like(weights)
    for j, neuron in enumerate(layer.neurons):
        for con in neuron.connections:
            at, place = places[con.source]
            weights[start[at] + place, j] += con.weight
            linked[start[at] + place, j] = 1.0
    before = (
        op.concat([layers[k] for k in sources], axis=1) if len(sources) > 1 else layers[sources[0] if sources else 0]
    )
    number = len(layers)
    places |= {item.id: (number, j) for j, item in enumerate(layer.neurons)}
    if function == "radialBasis":
        found = _radial(model, layer, before, weights, linked)
    else:
        bias = np.array([[item.bias or 0.0 for item in layer.neurons]])
        leakage = layer.leakage if layer.leakage is not None else model.leakage
        found = _activated(
            function, _linked(before, weights, linked, bias, narrow), _threshold(model, layer), leakage, narrow
        )
    method = layer.normalization_method or model.normalization_method
    if method == "simplemax":
        undefined.append(op.equal(_whole(found, narrow), constant(0.0)))
    if method != "none" and narrow:
        return single.shares(_columns(float32(found), len(layer.neurons)), method == "softmax")
    found = found if method == "none" else shares(found, method == "softmax")
    return float32(found) if narrow else found


def _whole(cells: Var, narrow: bool) -> Var:
    """The sum of each row in the order of its neurons, [N, 1]."""
    return single.total(cells) if narrow else whole(cells)


def _columns(matrix: Var, width: int) -> list[Var]:
    return [op.slice(matrix, *(op.const(np.array([i], np.int64)) for i in (at, at + 1, 1))) for at in range(width)]


GROUPS = 16
"""Sets of sources that are summed apart; beyond so many, what is not connected counts as a weight of 0."""


def _linked(before: Var, weights: Floats, linked: Floats, bias: Floats, narrow: bool) -> Var:
    """[N, K]. Neurons look at their own sources only: an infinite one that is not connected must not matter."""
    groups: dict[bytes, list[int]] = {}
    for j in range(linked.shape[1]):
        groups.setdefault(linked[:, j].tobytes(), []).append(j)
    if len(groups) > GROUPS or (len(groups) == 1 and linked.all()):
        return _sums(before, weights, bias, narrow)
    found = []
    for members in groups.values():
        own = np.flatnonzero(linked[:, members[0]])
        part = op.gather(before, op.const(own), axis=1)
        found.append(_sums(part, weights[own][:, members], bias[:, members], narrow))
    order = np.argsort([j for members in groups.values() for j in members])
    return op.gather(op.concat(found, axis=1), op.const(order), axis=1)


def _sums(before: Var, weights: Floats, bias: Floats, narrow: bool) -> Var:
    """[N, K]; in float32 one source after another, as JPMML adds them, up to a width."""
    if not narrow or len(weights) > UNROLLED:
        return op.add(op.matmul(before, op.const(weights)), op.const(bias))
    total: Var = op.const(np.zeros((1, weights.shape[1]), np.float32))
    columns = _columns(op.cast(before, to=np.float32), len(weights))
    for column, own in zip(columns, weights.astype(np.float32), strict=True):
        total = op.add(total, op.mul(column, op.const(own[None, :])))
    return op.cast(op.add(total, op.const(bias.astype(np.float32))), to=np.float64)


def _activated(function: str, z: Var, threshold: float, leakage: float | None, narrow: bool) -> Var:
    """In the model's arithmetic."""
    if function == "rectifier" and leakage is not None:
        return op.where(op.less(z, constant(0.0)), op.mul(z, constant(leakage)), z)
    if not narrow:
        return activate(function, z, threshold)
    one = constant(1.0)
    match function:
        case "logistic":
            return single.inverse_link("logit", z) or z
        case "exponential":
            return single.exp(z)
        case "Gauss":
            return single.exp(op.neg(single.product(z, z)))
        case "Elliott":
            return float32(op.div(z, float32(op.add(one, op.abs(z)))))
        case "arctan":
            turned = single.product(constant(2.0), float32(elementary.atan(z)))
            return float32(op.div(turned, single.single(math.pi)))
    return float32(activate(function, z, threshold))


def _source(places: Places, name: str, layer: NeuralLayer) -> tuple[int, int]:
    if name not in places:
        raise layer.bad(f"a connection comes from {name!r}, which is no neuron of an earlier layer")
    return places[name]


def _threshold(model: NeuralNetwork, layer: NeuralLayer) -> float:
    return layer.threshold if layer.threshold is not None else model.threshold


def activate(function: str, z: Var, threshold: float) -> Var:
    """The activation functions of the specification."""
    one = constant(1.0)
    match function:
        case "threshold":
            return op.cast(op.greater(z, constant(threshold)), to=np.float64)
        case "logistic":
            return inverse_link("logit", z)
        case "tanh":
            return op.tanh(z)
        case "identity":
            return z
        case "exponential":
            return op.exp(z)
        case "reciprocal":
            # A sum that starts at 0.0 is never -0.0, whatever an optimizer makes of adding zeros.
            return op.reciprocal(op.where(op.equal(z, constant(0.0)), constant(0.0), z))
        case "square":
            return op.mul(z, z)
        case "Gauss":
            return op.exp(op.neg(op.mul(z, z)))
        case "sine":
            return op.sin(z)
        case "cosine":
            return op.cos(z)
        case "Elliott":
            return op.div(z, op.add(one, op.abs(z)))
        case "arctan":
            return op.mul(constant(2.0 / math.pi), elementary.atan(z))
        case "rectifier":
            return op.where(op.less(z, constant(0.0)), constant(0.0), z)
    raise AssertionError(f"the reader knows the activation functions, and {function} is none")


def _radial(model: NeuralNetwork, layer: NeuralLayer, x: Var, weights: Floats, linked: Floats) -> Var:
    """`exp(f * log(altitude) - Z)`, Z the squared distance over `2 width²`, f the number of connections."""
    columns = []
    for j, neuron in enumerate(layer.neurons):
        width = neuron.width or layer.width or model.width
        altitude = layer.altitude or model.altitude
        if neuron.altitude is not None and neuron.altitude != altitude:
            raise neuron.refuse(
                "an altitude of a neuron's own, which evaluators read differently", "give it to the layer"
            )
        if not width:
            raise neuron.bad("a radialBasis neuron needs a width")
        gap = op.sub(x, op.const(weights[:, j][None, :]))
        squared = op.mul(op.mul(gap, gap), op.const(linked[:, j][None, :]))
        distance = op.reduce_sum(squared, op.const(np.array([1], np.int64)), keepdims=1)
        height = len(neuron.connections) * math.log(altitude)
        columns.append(op.exp(op.sub(constant(height), op.div(distance, constant(2.0 * width * width)))))
    return beside(columns)


def _expression(item: NeuralOutput, scope: Scope) -> Expression:
    """What the output says; a reference to a derived field stands for that field's expression."""
    found = item.field.expression
    if isinstance(found, FieldRef):
        target = scope.local.get(found.field) or scope.shared.get(found.field)
        return target.expression if target is not None else found
    return found


def _regression(
    model: NeuralNetwork, scope: Scope, outputs: tuple[NeuralOutput, ...], columns: list[Var], gone: Var | None,
    invalid: Var | None,
) -> Prediction:  # fmt: skip
    found: dict[str, Prediction] = {}
    for item, column in zip(outputs, columns, strict=True):
        expression = _expression(item, scope)
        if not isinstance(expression, NormContinuous | FieldRef):
            raise item.refuse(f"a neural output of the kind <{expression.tag()}> for a number")
        data = denormalized(expression, column, scope.float_math) if isinstance(expression, NormContinuous) else column
        data = float32(data) if scope.float_math else data
        data = data if gone is None else op.where(gone, constant(NAN), data)
        name = expression.field if len(outputs) > 1 else None
        if expression.field in found:
            raise item.bad(f"a second neural output is about {expression.field!r}")
        nullable = gone is not None
        found[expression.field] = regressed(model, scope, data, nullable=nullable, invalid=invalid, name=name)
    first = next(iter(found.values()))
    return first if len(found) == 1 else replace(first, targets=found)


def denormalized(element: NormContinuous, data: Var, narrow: bool = False) -> Var:
    """The inverse of NormContinuous; beyond the outer points, the outer lines go on."""
    step = float32 if narrow else lambda var: var
    pairs = sorted((item.norm, item.orig) for item in element.norms)
    if len(pairs) < 2 or any(b[0] <= a[0] for a, b in itertools.pairwise(pairs)):
        raise element.bad("the norms of a neural output must differ")
    norm, orig = (np.array(column) for column in zip(*pairs, strict=True))
    passed = op.greater(data, op.const(norm[None, 1:-1])) if len(norm) > 2 else None
    at: Var = op.const(np.array([[0]], np.int64))
    if passed is not None:
        at = op.reduce_sum(op.cast(passed, to=np.int64), op.const(np.array([1], np.int64)), keepdims=1)
    start, base, run, rise = (
        op.gather(op.const(item), at) for item in (norm[:-1], orig[:-1], np.diff(norm), np.diff(orig))
    )
    share = step(op.div(step(op.sub(data, start)), step(run)))
    return step(op.add(step(op.mul(share, step(rise))), step(base)))


def _classification(
    model: NeuralNetwork, scope: Scope, outputs: tuple[NeuralOutput, ...], columns: list[Var], gone: Var | None,
    invalid: Var | None,
) -> Prediction:  # fmt: skip
    classes: list[str] = []
    for item in outputs:
        expression = _expression(item, scope)
        if not isinstance(expression, NormDiscrete):
            raise item.refuse(f"a neural output of the kind <{expression.tag()}> for a class")
        classes.append(expression.value)
    if len(set(classes)) < len(classes):
        raise model.refuse("two neural outputs stand for one class")
    found = classified(model, scope, tuple(classes), beside(columns), gone=gone, invalid=invalid)
    names = tuple(item.output_neuron for item in outputs)
    entity = Value(found.value.data, "string", gone is not None, None, names, optype="categorical")
    return replace(found, entity=entity if len(set(names)) == len(names) else None)
