"""MiningModel. https://dmg.org/pmml/v4-4-1/MultipleModels.html"""

from dataclasses import replace

import numpy as np
from spox import Var

from modelport_onnx.ops import op
from modelport_pmml.reader.elements.mining import MiningModel, Segment, Segmentation
from modelport_pmml.reader.elements.predicates import False_, True_
from modelport_pmml.to_onnx.functions.statistics import beside
from modelport_pmml.to_onnx.inputs import emptied
from modelport_pmml.to_onnx.mining import forest as forests
from modelport_pmml.to_onnx.mining import listing, several
from modelport_pmml.to_onnx.mining import panel as panels
from modelport_pmml.to_onnx.mining.member import (
    Member,
    aligned,
    answers,
    cascade,
    chosen_outputs,
    codes,
    everywhere,
    first_invalid,
    invalid_of,
    union,
    unless,
)
from modelport_pmml.to_onnx.mining.member import lost as lost_of
from modelport_pmml.to_onnx.mining.panel import Panel
from modelport_pmml.to_onnx.model import compile_model
from modelport_pmml.to_onnx.predicates import truth
from modelport_pmml.to_onnx.prediction import (
    Answer,
    Prediction,
    classified,
    regressed,
    supposed,
    target_of,
    without,
)
from modelport_pmml.to_onnx.scope import Scope
from modelport_pmml.to_onnx.targets import treat
from modelport_pmml.to_onnx.value import (
    NAN,
    Value,
    choose,
    constant,
    either,
    flag,
    float32,
    is_missing,
    missing_text,
    number,
)

VOTES = ("majorityVote", "weightedMajorityVote")
CHAINS = ("modelChain", "multiModelChain", "x-multiModelChain")


def lower(model: MiningModel, scope: Scope) -> Prediction:
    """Segments in order, combined."""
    segmentation = model.segmentation
    if segmentation is None or not segmentation.segments:
        raise model.refuse("a MiningModel without segments (embedded Regression or DecisionTree elements)")
    method = segmentation.multiple_model_method
    if method in ("selectAll", *CHAINS[1:]):
        return several.lower(segmentation, _members(segmentation, scope))
    if method in ("selectFirst", "modelChain"):
        return _select(model, segmentation, scope)
    if model.function_name == "regression":
        return _regression(model, segmentation, scope)
    if model.function_name not in ("classification", "clustering"):
        raise model.refuse(f"segments of the function {model.function_name!r} are not combined by {method}")
    return _classification(model, segmentation, scope)


def _members(segmentation: Segmentation, scope: Scope) -> list[Member]:
    """Every segment that may be active; later ones see the output fields of earlier ones in a chain."""
    found: list[Member] = []
    for place, segment in enumerate(segmentation.segments):
        if isinstance(segment.predicate, False_):
            continue
        found.append(_member(segment, segment.id or str(place + 1), segmentation, scope))
    if not found:
        raise segmentation.bad("no segment can ever be active")
    return found


def _member(segment: Segment, name: str, segmentation: Segmentation, scope: Scope) -> Member:
    found = truth(segment.predicate, scope)
    active = None if isinstance(segment.predicate, True_) else found.true
    answer = compile_model(segment.model, scope.graph, scope)
    if segmentation.multiple_model_method in CHAINS:
        for field, value in answer.outputs.items():
            scope.declare(field, value if active is None else _where(active, value))
    return Member(segment, name, active, found.invalid, answer)


def _where(active: Var, value: Value) -> Value:
    """Missing where the segment is not active."""
    return replace(choose(active, value, missing_text() if value.is_text else number(NAN)), type=value.type)


def _select(model: MiningModel, segmentation: Segmentation, scope: Scope) -> Prediction:
    """selectFirst: the first active segment; modelChain: the last."""
    chain, treatment = segmentation.multiple_model_method == "modelChain", segmentation.missing_prediction_treatment
    if chain and treatment == "skipSegment":
        raise segmentation.refuse("skipSegment has no meaning for modelChain")
    members = _members(segmentation, scope)
    if treatment == "skipSegment":
        members = [_answering(item) for item in members]
    ordered = members[::-1] if chain else members
    end = next((i for i, item in enumerate(ordered) if item.active is None), len(ordered) - 1)
    ordered = ordered[: end + 1]
    if segmentation.multiple_model_method == "modelChain":
        ordered = [item for item in ordered if item.prediction.function == model.function_name] or ordered
    found = cascade(ordered)
    ends = treatment == "returnMissing"
    invalid = [invalid_of(members, ends=ends) if chain else first_invalid(members)]
    value = found.value.with_invalid(*invalid)
    segments = answers(members, first=not chain) if _asks(model) else {}
    if len(ordered) == 1 and ordered[0].active is None:
        found = ordered[0].prediction
        value = found.value.with_invalid(*invalid)
    entity = found.entity if len(ordered) == 1 else cascade(ordered).entity
    lost = None
    if treatment == "returnMissing":
        lost = either(*(lost_of(item) for item in members)) if chain else is_missing(value)
    if lost is not None:
        found, value = without(found, lost), emptied(value, lost)
        if chain:  # links after the one without an answer are not looked at
            value = replace(value, invalid=either(unless(found.value.invalid, lost), *invalid))
    if all(item.active is not None for item in members):
        lost = either(lost, op.not_(_any([everywhere(item.active) for item in members])))
    if lost is not None:
        found = _supposed(model, scope, replace(found, value=value), lost)
        value = found.value
    return replace(found, value=value, segments=segments, nested=chosen_outputs(ordered), entity=entity)


def _asks(model: MiningModel) -> bool:
    """Whether an output field is about a segment."""
    return any(item.segment_id is not None for item in (model.output.fields if model.output else ()))


def _any(flags: list[Var]) -> Var:
    found = flags[0]
    for item in flags[1:]:
        found = op.or_(found, item)
    return found


def _supposed(model: MiningModel, scope: Scope, found: Prediction, lost: Var) -> Prediction:
    """The target's default where no segment answers."""
    target = target_of(model, scope)
    if target is None or not target.values:
        return found
    if found.value.is_text:
        known = supposed(model, scope, replace(found, value=emptied(found.value, lost)))
        value = choose(lost, known.value, found.value)
        return replace(known, value=replace(value, invalid=found.value.invalid))
    default = next((item.default_value for item in target.values if item.default_value is not None), None)
    if default is None:
        return found
    data, _ = treat(target, constant(default), False, scope.float_math)
    return replace(found, value=replace(found.value, data=op.where(lost, data, found.value.data)))


def _answering(member: Member) -> Member:
    """The segment, active only where it has an answer."""
    gone = is_missing(member.prediction.value)
    if gone is None:
        return member
    there = op.not_(gone)
    return replace(member, active=there if member.active is None else op.and_(member.active, there))


def _weights(members: list[Member], scope: Scope) -> Var:
    columns: list[Var] = []
    for item in members:
        variable = item.segment.variable_weight
        if variable is None:
            columns.append(constant(item.segment.weight))
            continue
        value = scope.resolve(variable.field, variable)
        if value.is_text or value.nullable:
            gone = is_missing(value)
            if value.is_text or gone is None:
                raise variable.bad("a segment's weight is a number")
            columns.append(op.where(gone, constant(0.0), value.data))
            scope.graph.assume(variable, "a missing weight counts as 0")
        else:
            columns.append(value.data)
    return beside(columns)


def _panel(members: list[Member], scope: Scope, classes: tuple[str, ...] | None, *, ends: bool) -> Panel:
    """All segments side by side."""
    active = None
    if any(item.active is not None for item in members):
        active = beside([op.cast(everywhere(item.active), to=np.float64) for item in members])
        active = op.greater(active, constant(0.5))
    gone = [is_missing(item.prediction.value) for item in members]
    missing = None
    if any(item is not None for item in gone):
        missing = op.greater(beside([op.cast(flag(False) if g is None else g, to=np.float64) for g in gone]),
                             constant(0.5))  # fmt: skip
    weights, invalid = _weights(members, scope), invalid_of(members, ends=ends)
    if classes is None:
        values = _long(beside([item.prediction.value.data for item in members]), len(members), scope)
        return Panel(missing, active, weights, len(members), values=values, invalid=invalid, narrow=scope.float_math)
    labels = _long(beside([codes(item.prediction, classes) for item in members]), len(members), scope)
    scores = [aligned(item.prediction, classes) for item in members]
    shaped = None
    if all(item is not None for item in scores):
        third = op.const(np.array([1], np.int64))
        shaped = op.concat(
            [op.unsqueeze(_long(item, len(classes), scope), third) for item in scores if item is not None], axis=1
        )
    narrow = scope.float_math
    return Panel(missing, active, weights, len(members), codes=labels, scores=shaped, invalid=invalid, narrow=narrow)


def _long(cells: Var, width: int, scope: Scope) -> Var:
    """A row for each of the batch: models that look at no field give one row for all."""
    count = op.slice(op.shape(scope.graph.rows), *(op.const(np.array([i], np.int64)) for i in (0, 1)))
    return op.expand(cells, op.concat([count, op.const(np.array([width], np.int64))], axis=0))


def _regression(model: MiningModel, segmentation: Segmentation, scope: Scope) -> Prediction:
    method = segmentation.multiple_model_method.removeprefix("x-")
    panel: Panel | None = None
    segments: dict[str, Answer] = {}
    if forests.is_forest(segmentation, scope):
        forest = forests.Forest(segmentation, scope)
        if method in ("sum", "average", "weightedSum", "weightedAverage"):
            skipping = segmentation.missing_prediction_treatment == "skipSegment"
            whole = forests.whole_sum(forest, method.startswith("weighted"), skipping)
            if whole is not None:
                data, nullable = whole
                if method.endswith("verage"):
                    data = op.div(data, constant(_divisor(forest, method, scope.float_math)))
                return _finished(model, scope, data, nullable, None)
        panel = forests.numeric_panel(forest)
    else:
        members = _members(segmentation, scope)
        segments = answers(members) if _asks(model) else {}
        panel = _panel(members, scope, None, ends=segmentation.missing_prediction_treatment == "returnMissing")
    data, nullable, undefined = panels.numeric(panel, segmentation)
    invalid = either(panel.invalid, undefined)
    return replace(_finished(model, scope, data, nullable, invalid), segments=segments)


def _divisor(forest: forests.Forest, method: str, narrow: bool) -> float:
    """What the sum of an average is divided by."""
    if method == "average":
        return float(len(forest.models))
    kind = np.float32 if narrow else np.float64
    total = kind(0)
    for weight in forest.weights:
        total += kind(weight)
    return float(total)


def _finished(model: MiningModel, scope: Scope, data: Var, nullable: bool, invalid: Var | None) -> Prediction:
    return regressed(model, scope, float32(data) if scope.float_math else data, nullable=nullable, invalid=invalid)


def _classification(model: MiningModel, segmentation: Segmentation, scope: Scope) -> Prediction:
    method = segmentation.multiple_model_method
    if forests.is_forest(segmentation, scope):
        forest = forests.Forest(segmentation, scope)
        classes = forests.classes_of(forest)
        panel = forests.label_panel(forest, classes)
        members: list[Member] = []
    else:
        members = _members(segmentation, scope)
        classes = union(members)
        panel = _panel(members, scope, classes, ends=segmentation.missing_prediction_treatment == "returnMissing")
    segments = answers(members) if _asks(model) else {}
    if method in VOTES:
        found = _voted(model, scope, panel, segmentation, classes)
        return replace(found, segments=segments)
    if panel.scores is None:
        raise segmentation.refuse(f"the method {method} needs probabilities, and a segment gives none")
    if method in ("max", "median"):
        own = {id(item.segment): item.prediction.classes for item in members}
        listing.check(segmentation, [own.get(id(item), ()) for item in segmentation.segments])
    scores, none = panels.probabilities(panel, segmentation, _order(scope, classes))
    scores = float32(scores) if scope.float_math else scores
    invalid = either(panel.invalid, panel.skipped(segmentation))
    found = classified(model, scope, classes, scores, gone=none, invalid=invalid)
    return replace(found, segments=segments)


def _order(scope: Scope, classes: tuple[str, ...]) -> list[int]:
    mining = scope.target()
    field = scope.data_field(mining.name) if mining else None
    listed = [classes.index(word) for word in (field.valid if field else ()) if word in classes]
    return [*listed, *(i for i in range(len(classes)) if i not in listed)]


def _voted(
    model: MiningModel, scope: Scope, panel: Panel, segmentation: Segmentation, classes: tuple[str, ...]
) -> Prediction:
    shares, winner, none, undefined = panels.votes(panel, segmentation, len(classes))
    invalid = either(panel.invalid, undefined)
    if none is not None:
        shares = op.where(none, constant(NAN), shares)
        winner = op.where(none, op.const(np.array([[len(classes) + 1]], np.int64)), winner)
    label = Value(winner, "string", none is not None, invalid, classes, optype="categorical")
    found = classified(model, scope, classes, shares, invalid=invalid, label=label)
    return replace(found, function=model.function_name)
