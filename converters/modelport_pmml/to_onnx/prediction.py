"""Prediction: what a model element answers, before `Output` names it; and how the kinds of model finish it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from spox import Var

from modelport_onnx.ops import op
from modelport_pmml.reader.elements.model import Model
from modelport_pmml.reader.elements.results import Target
from modelport_pmml.to_onnx.scope import Scope
from modelport_pmml.to_onnx.value import NAN, Value, choose, constant, is_missing, text


@dataclass(frozen=True, slots=True)
class Prediction:
    """What a model element answers.

    Attributes:
        function: regression, classification or clustering.
        value: the predicted value: a number, a class label or a cluster's id; missing where there is none.
        classes: class labels, in the model's own order.
        probability: [N, K] float64, a column a class; NaN where the prediction is missing.
        offered: whether the probabilities are given without being asked for.
        confidence: the same for confidences, where the model keeps them apart.
        entity: text, the id of the entity that answered (node, rule, cluster, neuron).
        affinities: entity id → [N, 1] float64.
        affinity: [N, 1], that of the entity that answered.
        ranking: entity ids or reason codes by rank, the first first.
        ranked_affinity: their affinities.
        reasons: reason codes by rank.
        display: entity id → display name.
        segments: segment id → what the segment answered.
        nested: output fields of the segment that answered, which are handed on.
        targets: what each of several targets (or each segment of selectAll) gets, by name; none for one target.
        unsure: whether the probabilities cannot stand for confidences, which the model has and cannot give.
    """

    function: str
    value: Value
    classes: tuple[str, ...] = ()
    probability: Var | None = None
    confidence: Var | None = None
    entity: Value | None = None
    affinities: Mapping[str, Var] = field(default_factory=dict)
    affinity: Var | None = None
    ranking: tuple[Value, ...] = ()
    ranked_affinity: tuple[Var, ...] = ()
    reasons: tuple[Value, ...] = ()
    display: Mapping[str, str] = field(default_factory=dict)
    segments: Mapping[str, "Answer"] = field(default_factory=dict)
    nested: Mapping[str, Value] = field(default_factory=dict)
    offered: bool = True
    targets: Mapping[str, "Prediction"] = field(default_factory=dict)
    unsure: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """A model's prediction and its output fields, by name; `target` is the field it predicts."""

    prediction: Prediction
    outputs: Mapping[str, Value]
    target: str | None = None
    scope: Scope | None = None


def target_of(model: Model, scope: Scope, name: str | None = None) -> Target | None:
    """The `Target` of the field the model predicts, or of that of a name; one that names none is about none (JPMML)."""
    if model.targets is None:
        return None
    mining = scope.target(name)
    wanted = mining.name if mining else None
    for item in model.targets.targets:
        if item.field == wanted or (wanted is None and item.field is None):
            return item
    return None


def regressed(
    model: Model, scope: Scope, data: Var, *, nullable: bool = False, invalid: Var | None = None,
    gone: Var | None = None, name: str | None = None,
) -> Prediction:  # fmt: skip
    """A number, treated as its `Target` asks: default, bounds, rescaling, rounding.

    Args:
        data: [N, 1] float64, NaN where the model has no result.
        gone: [N, 1] boolean, rows without a result, where a NaN may also be what the model computes.
        name: the target, where there are several.
    """
    from modelport_pmml.to_onnx.targets import treat

    data, nullable = treat(target_of(model, scope, name), data, nullable, scope.float_math, gone)
    kind = "float" if scope.float_math else "double"
    value = Value(data, kind, nullable, invalid, optype="continuous")
    return Prediction("regression", declared(model, scope, value, name))


def declared(model: Model, scope: Scope, value: Value, name: str | None = None) -> Value:
    """In the type its data field declares."""
    from modelport_pmml.to_onnx.expression import cast

    mining = scope.target(name)
    field_ = scope.data_field(mining.name) if mining else None
    if field_ is None or field_.data_type is None:
        return value
    if field_.data_type in ("string", "integer"):
        return value
    return replace(cast(value, field_.data_type, model), optype="continuous")


def winner(scores: Var, classes: tuple[str, ...], gone: Var | None = None, invalid: Var | None = None) -> Value:
    """The first class of the highest score, NaN above all others as Java compares; missing where `gone` holds."""
    finite = op.min([scores, constant(np.finfo(np.float64).max)])
    highest = op.where(op.isnan(scores), constant(float("inf")), finite)
    code = op.arg_max(highest, axis=1, keepdims=1)
    if gone is not None:
        code = op.where(gone, op.const(np.array([[len(classes) + 1]], np.int64)), code)
    return Value(code, "string", gone is not None, invalid, classes, optype="categorical")


def classified(
    model: Model, scope: Scope, classes: tuple[str, ...], scores: Var, *,
    gone: Var | None = None, invalid: Var | None = None, probable: bool = True, label: Value | None = None,
) -> Prediction:  # fmt: skip
    """A class and its probabilities; a `Target`'s prior probabilities where there is no prediction.

    Args:
        gone: [N, 1] boolean, rows without a prediction; None for none.
        label: the class, where it is not that of the highest score.
    """
    value = label if label is not None else winner(scores, classes, gone, invalid)
    scores = scores if gone is None else op.where(gone, constant(NAN), scores)
    return supposed(model, scope, Prediction("classification", value, classes, scores if probable else None))


def supposed(model: Model, scope: Scope, prediction: Prediction) -> Prediction:
    """With the target's prior probabilities, and the class of the largest, where there is no prediction."""
    from modelport_pmml.to_onnx.targets import priors

    gone, known = absent(prediction), priors(target_of(model, scope))
    if gone is None or not known:
        return prediction
    best = max(known, key=lambda name: known[name])
    value = choose(gone, text(best), prediction.value)
    value = replace(value, nullable=False, invalid=prediction.value.invalid, optype="categorical")
    if prediction.probability is None:
        return replace(prediction, value=value)
    classes = tuple(dict.fromkeys((*prediction.classes, *known)))
    wide = prediction.probability
    if len(classes) > len(prediction.classes):
        beyond = op.const(np.zeros((1, len(classes) - len(prediction.classes))))
        count = op.slice(op.shape(wide), *(op.const(np.array([i], np.int64)) for i in (0, 1)))
        size = op.const(np.array([len(classes) - len(prediction.classes)], np.int64))
        wide = op.concat([wide, op.expand(beyond, op.concat([count, size], axis=0))], axis=1)
    shares = op.const(np.array([[known.get(name, 0.0) for name in classes]]))
    return replace(prediction, value=value, classes=classes, probability=op.where(gone, shares, wide))


def without(prediction: Prediction, where: Var) -> Prediction:
    """The prediction, missing where a condition holds."""
    value = prediction.value
    if value.is_text:
        assert value.words is not None
        data = op.where(where, op.const(np.array([[len(value.words) + 1]], np.int64)), value.data)
    else:
        data = op.where(where, constant(NAN), value.data)
    probability = prediction.probability
    if probability is not None:
        probability = op.where(where, constant(NAN), probability)
    return replace(prediction, value=replace(value, data=data, nullable=True), probability=probability)


def masked(answer: "Answer", there: Var) -> "Answer":
    """An answer of a segment, missing where a condition does not hold; so are its output fields."""
    from modelport_pmml.to_onnx.inputs import emptied

    lost, own = op.not_(there), answer.prediction

    def hide(value: Value) -> Value:
        invalid = None if value.invalid is None else op.and_(there, value.invalid)
        return replace(emptied(value, lost), invalid=invalid, constant=None)

    def hide_number(data: Var) -> Var:
        return op.where(lost, constant(NAN), data)

    found = replace(
        own, value=hide(own.value),
        probability=None if own.probability is None else hide_number(own.probability),
        confidence=None if own.confidence is None else hide_number(own.confidence),
        entity=None if own.entity is None else hide(own.entity),
        affinity=None if own.affinity is None else hide_number(own.affinity),
        affinities={name: hide_number(data) for name, data in own.affinities.items()},
        ranking=tuple(hide(value) for value in own.ranking),
        ranked_affinity=tuple(hide_number(data) for data in own.ranked_affinity),
        reasons=tuple(hide(value) for value in own.reasons),
        nested={name: hide(value) for name, value in own.nested.items()},
        targets={name: masked(Answer(part, {}), there).prediction for name, part in own.targets.items()},
    )  # fmt: skip
    return replace(answer, prediction=found, outputs={name: hide(value) for name, value in answer.outputs.items()})


def absent(prediction: Prediction) -> Var | None:
    """Where there is no prediction."""
    return is_missing(prediction.value)
