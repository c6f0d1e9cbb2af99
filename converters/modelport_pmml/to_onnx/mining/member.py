"""Member: one segment of a MiningModel, compiled."""

from dataclasses import dataclass

import numpy as np
from spox import Var

from modelport_onnx.ops import op
from modelport_pmml.reader.elements.mining import Segment
from modelport_pmml.to_onnx.prediction import Answer, Prediction, masked
from modelport_pmml.to_onnx.value import Value, choose, either, flag, is_missing, missing_text, number, recode


@dataclass(frozen=True, slots=True)
class Member:
    """Attributes: active: [N, 1] boolean, the rows the segment answers for; None for all of them."""

    segment: Segment
    name: str
    active: Var | None
    invalid: Var | None
    answer: Answer

    @property
    def prediction(self) -> Prediction:
        return self.answer.prediction


def everywhere(condition: Var | None) -> Var:
    return flag(True) if condition is None else condition


def answers(members: list[Member], *, first: bool = False) -> dict[str, Answer]:
    """What each segment answers, by its name; missing where it is not active.

    Args:
        first: segments after the first active one are not asked.
    """
    found: dict[str, Answer] = {}
    before: Var | None = None
    for item in members:
        there = item.active
        if before is not None:
            there = op.not_(before) if there is None else op.and_(there, op.not_(before))
        found[item.name] = item.answer if there is None else masked(item.answer, there)
        if first:
            before = either(before, everywhere(item.active))
    return found


def invalid_of(members: list[Member], *, ends: bool = False) -> Var | None:
    """Rows where a predicate, or an active segment, is invalid.

    Args:
        ends: an active segment without an answer is the last that is looked at (`returnMissing`, JPMML 1.7).
    """
    found: Var | None = None
    over: Var | None = None
    for item in members:
        wrong = item.prediction.value.invalid
        wrong = either(item.invalid, wrong if wrong is None or item.active is None else op.and_(item.active, wrong))
        found = either(found, unless(wrong, over))
        over = either(over, lost(item)) if ends else None
    return found


def first_invalid(members: list[Member]) -> Var | None:
    """Rows where a predicate is invalid before one holds."""
    found: Var | None = None
    over: Var | None = None
    for item in members:
        found = either(found, unless(item.invalid, over))
        if item.active is None:  # nothing after it is looked at
            break
        over = either(over, item.active)
    return found


def unless(flag: Var | None, over: Var | None) -> Var | None:
    """A flag where another does not hold; None for nowhere."""
    return flag if flag is None or over is None else op.and_(flag, op.not_(over))


def lost(member: Member) -> Var | None:
    """Where a segment is active and has no answer, though it is valid."""
    gone = unless(is_missing(member.prediction.value), member.prediction.value.invalid)
    return gone if gone is None or member.active is None else op.and_(member.active, gone)


def union(members: list[Member]) -> tuple[str, ...]:
    """Class labels of all segments, as they first occur."""
    found: dict[str, None] = {}
    for item in members:
        found.update(dict.fromkeys(item.prediction.classes))
        found.update(dict.fromkeys(item.prediction.value.words or ()))
    return tuple(found)


def aligned(prediction: Prediction, classes: tuple[str, ...]) -> Var | None:
    """Probabilities [N, K] over other classes; 0 for those the model does not know."""
    if prediction.probability is None or prediction.classes == classes:
        return prediction.probability
    table = np.zeros((len(prediction.classes), len(classes)))
    for i, word in enumerate(prediction.classes):
        table[i, classes.index(word)] = 1.0
    return op.matmul(prediction.probability, op.const(table))


def codes(prediction: Prediction, classes: tuple[str, ...]) -> Var:
    """The predicted label as a code among `classes`."""
    value = prediction.value
    return value.data if value.words == classes else recode(value, classes)


def cascade(members: list[Member]) -> Prediction:
    """What the first active segment answers; missing where none is active."""
    classes = union(members)
    predictions = [item.prediction for item in members]
    text = any(item.value.is_text for item in predictions)
    value: Value | None = None
    probability: Var | None = None
    scored = all(item.probability is not None for item in predictions) and bool(classes)
    entity: Value | None = None
    for item, prediction in zip(reversed(members), reversed(predictions), strict=True):
        own = aligned(prediction, classes) if scored else None
        value = (
            prediction.value if value is None and item.active is None else _either(item, prediction.value, value, text)
        )
        probability = _scores(item, own, probability, len(classes))
        name = Value(op.const(np.zeros((1, 1), np.int64)), "string", False, words=(item.name,), optype="categorical")
        entity = name if item.active is None else _either(item, name, entity, True)
    assert value is not None, "there is a segment"
    return Prediction(predictions[-1].function, value, classes if text else (), probability, entity=entity)


def _either(item: Member, value: Value, rest: Value | None, text: bool) -> Value:
    if rest is None:
        rest = _nothing(text)
    return value if item.active is None else choose(item.active, value, rest)


def _nothing(text: bool) -> Value:
    return missing_text() if text else number(float("nan"))


def _scores(item: Member, own: Var | None, rest: Var | None, width: int) -> Var | None:
    if own is None:
        return None
    if item.active is None:
        return own
    none = op.const(np.full((1, width), np.nan))
    return op.where(item.active, own, none if rest is None else rest)


def chosen_outputs(members: list[Member]) -> dict[str, Value]:
    """Final output fields of the segment that answers, by name."""
    names: dict[str, None] = {}
    for item in members:
        names.update(dict.fromkeys(final(item)))
    found: dict[str, Value] = {}
    for name in names:
        value: Value | None = None
        text = next(item.answer.outputs[name].is_text for item in members if name in item.answer.outputs)
        for item in reversed(members):
            own = item.answer.outputs.get(name) or _nothing(text)
            value = _either(item, own, value, text)
        assert value is not None, "there is a segment"
        found[name] = value
    return found


def final(item: Member) -> list[str]:
    model = item.answer.scope.model if item.answer.scope else None
    fields = model.output.fields if model and model.output else ()
    listed = [field.name for field in fields if field.is_final_result and field.name in item.answer.outputs]
    return [*item.prediction.nested, *listed]
