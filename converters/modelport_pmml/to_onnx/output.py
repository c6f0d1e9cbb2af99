"""Output: the fields a document names its results with. https://dmg.org/pmml/v4-4-1/Output.html"""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from spox import Var

from modelport.conversion import NoteKind
from modelport_onnx.ops import op
from modelport_pmml.reader.element import Element
from modelport_pmml.reader.elements.dictionary import DataField
from modelport_pmml.reader.elements.model import Model
from modelport_pmml.reader.elements.results import OutputField
from modelport_pmml.to_onnx.expression import cast, evaluate
from modelport_pmml.to_onnx.literal import NUMERIC, attempt, format_number
from modelport_pmml.to_onnx.prediction import Prediction, absent, target_of
from modelport_pmml.to_onnx.scope import Scope
from modelport_pmml.to_onnx.value import NAN, Value, constant, missing_text, number, numbers


def outputs(model: Model, prediction: Prediction, scope: Scope) -> dict[str, Value]:
    """Every output field of a model; each is known to those after it."""
    from modelport_pmml.to_onnx.table import REFUSED_FEATURES

    found: dict[str, Value] = {}
    for item in model.output.fields if model.output else ():
        if item.feature in REFUSED_FEATURES:
            scope.graph.context.note(NoteKind.LOST, str(item.at), f"the output field {item.name!r}: no {item.feature}")
            continue
        if prediction.targets and not _is_told(item, prediction):
            scope.graph.context.note(
                NoteKind.LOST, str(item.at), f"the output field {item.name!r}: one of several results"
            )
            continue
        value = output(item, model, prediction, scope)
        literals = scope.graph.literals.get(item.name, ())
        value = cast(value, item.data_type, item, literals)
        value = replace(value, optype=item.optype or value.optype)
        scope.declare(item.name, value)
        if value.opaque is not None:
            scope.graph.context.note(NoteKind.LOST, str(item.at), f"the output field {item.name!r}: a number as text")
            continue
        found[item.name] = value
    return found


def _is_told(item: OutputField, prediction: Prediction) -> bool:
    """Whether an output field says which of several results it is about."""
    return item.expression is not None or item.segment_id is not None or item.target_field in prediction.targets


def output(item: OutputField, model: Model, prediction: Prediction, scope: Scope) -> Value:
    """One output field.

    Raises:
        CannotConvert: the feature has no exact form, or the model does not give it.
    """
    from modelport_pmml.to_onnx.table import FEATURES

    if item.segment_id is not None:
        return _of_segment(item, prediction, scope)
    if item.feature in ("transformedValue", "decision"):
        if item.expression is None:
            raise item.bad(f"the output field {item.name!r} needs an expression")
        return evaluate(item.expression, scope).with_invalid(prediction.value.invalid)
    feature = FEATURES.get(item.feature)
    if feature is None:
        raise item.refuse(f"the output feature {item.feature!r} has no exact form")
    if item.target_field is not None and item.target_field in prediction.targets:
        prediction = prediction.targets[item.target_field]
    elif item.target_field is not None:
        _check_target(item, scope)
    value: Value = feature(item, prediction, model, scope)
    return value


def _check_target(item: OutputField, scope: Scope) -> None:
    mining = scope.target()
    if mining is not None and mining.name != item.target_field:
        raise item.refuse(f"the output field {item.name!r} is about {item.target_field!r}, another target")


def _of_segment(item: OutputField, prediction: Prediction, scope: Scope) -> Value:
    answer = prediction.segments.get(item.segment_id or "")
    if answer is None and _is_segment(item.segment_id, scope):
        text_ = item.data_type == "string" or item.optype in ("categorical", "ordinal")
        return missing_text() if text_ else number(NAN)  # a segment that is never active
    if answer is None:
        raise item.bad(f"there is no segment {item.segment_id!r}")
    if item.feature in ("transformedValue", "decision"):
        named = answer.outputs.get(item.value or "")
        if named is None:
            raise item.bad(f"the segment {item.segment_id!r} has no output field {item.value!r}")
        return named
    from modelport_pmml.to_onnx.table import FEATURES

    feature = FEATURES.get(item.feature)
    if feature is None or item.feature in ("predictedDisplayValue", "residual"):
        raise item.refuse(f"the output feature {item.feature!r} of a segment has no exact form")
    assert answer.scope is not None, "a compiled segment has a scope"
    assert answer.scope.model is not None, "a segment holds a model"
    value: Value = feature(item, answer.prediction, answer.scope.model, answer.scope)
    return value


def _is_segment(name: str | None, scope: Scope) -> bool:
    segmentation = getattr(scope.model, "segmentation", None)
    return any(
        (segment.id or str(i + 1)) == name for i, segment in enumerate(segmentation.segments if segmentation else ())
    )


Feature = Callable[[OutputField, Prediction, Model, Scope], Value]


def predicted_value(item: OutputField, prediction: Prediction, model: Model, scope: Scope) -> Value:
    return declared_value(prediction, scope, item.target_field)


def declared_value(prediction: Prediction, scope: Scope, name: str | None = None) -> Value:
    """The predicted value in its target's data type."""
    mining = scope.target(name)
    field = scope.data_field(mining.name) if mining else None
    if field is None or field.data_type is None or prediction.function == "clustering":
        return prediction.value
    return cast(prediction.value, field.data_type, field)


def display_value(item: OutputField, prediction: Prediction, model: Model, scope: Scope) -> Value:
    """The display value of the target, else of the data field, else the value itself."""
    value = prediction.value
    if not value.is_text:
        return declared_value(prediction, scope, item.target_field)
    shown = dict(prediction.display)
    mining = scope.target(item.target_field)
    field = scope.data_field(mining.name) if mining else None
    for one in field.values if field else ():
        if one.display_value is not None and one.property == "valid":
            shown[one.value] = one.display_value
    target = target_of(model, scope, item.target_field)
    for other in target.values if target else ():
        if other.value is not None and other.display_value is not None:
            shown[other.value] = other.display_value
    new = [shown[word] if word in shown else typed(word, field) for word in value.words or ()]
    words = tuple(dict.fromkeys(new))
    codes = [*(words.index(word) for word in new), len(words), len(words) + 1]
    return replace(value, data=op.gather(op.const(np.array(codes, np.int64)), value.data), words=words, order=())


def typed(word: str, field: DataField | None) -> str:
    """A label as its target's data type is written."""
    kind = (field.data_type if field else None) or "string"
    found = attempt(word, kind, field or Element()) if kind in NUMERIC | {"boolean"} else None
    return word if found is None else format_number(found, kind)


def probability(item: OutputField, prediction: Prediction, model: Model, scope: Scope) -> Value:
    """Of the named class, else of the predicted one."""
    if prediction.probability is None:
        raise item.refuse(f"<{model.tag()}> gives no probabilities for the output field {item.name!r}")
    return scored(item, prediction, prediction.probability)


def confidence(item: OutputField, prediction: Prediction, model: Model, scope: Scope) -> Value:
    """Of the named class, else of the predicted one; a model without confidences of its own is as sure as likely."""
    own = prediction.probability if prediction.confidence is None else prediction.confidence
    if own is None or prediction.unsure:
        raise item.refuse(f"<{model.tag()}> gives no confidences for the output field {item.name!r}")
    return scored(item, prediction, own)


def scored(item: OutputField, prediction: Prediction, scores: Var) -> Value:
    """A column of scores; a class the model does not know has 0."""
    gone = absent(prediction)
    invalid = prediction.value.invalid
    if item.value is None:
        places = op.min([prediction.value.data, op.const(np.array([[len(prediction.classes) - 1]], np.int64))])
        picked = op.gather_elements(scores, _as_classes(prediction, places), axis=1)
        picked = picked if gone is None else op.where(gone, constant(NAN), picked)
        return numbers(picked, nullable=gone is not None, invalid=invalid)
    at = class_index(prediction.classes, item.value)
    if at is None:
        data = constant(0.0) if gone is None else op.where(gone, constant(NAN), constant(0.0))
    else:
        data = column(scores, at)
        data = data if gone is None else op.where(gone, constant(NAN), data)
    return numbers(data, nullable=True, invalid=invalid)


def _as_classes(prediction: Prediction, places: Var) -> Var:
    """Codes of the predicted value as positions of classes."""
    words = prediction.value.words or ()
    if words == prediction.classes:
        return places
    table = [prediction.classes.index(word) if word in prediction.classes else 0 for word in words]
    return op.gather(op.const(np.array([*table, 0, 0], np.int64)), prediction.value.data)


def class_index(classes: tuple[str, ...], word: str) -> int | None:
    """The class that is written so, or that is the same number."""
    if word in classes:
        return classes.index(word)
    wanted = attempt(word, "double", Element())
    for i, name in enumerate(classes):
        if wanted is not None and attempt(name, "double", Element()) == wanted:
            return i
    return None


def column(matrix: Var, at: int) -> Var:
    """[N, 1], one column of a matrix."""
    return op.slice(matrix, *(op.const(np.array([i], np.int64)) for i in (at, at + 1, 1)))
