"""Constant, FieldRef and NormDiscrete."""

from dataclasses import replace

import numpy as np

from modelport_onnx.ops import op
from modelport_pmml.reader.elements.transformations import Constant, FieldRef, NormDiscrete
from modelport_pmml.reader.scalars import _NUMBER
from modelport_pmml.to_onnx.expression import cast
from modelport_pmml.to_onnx.literal import parse
from modelport_pmml.to_onnx.predicates import compare
from modelport_pmml.to_onnx.scope import Scope
from modelport_pmml.to_onnx.value import NAN, Value, choose, constant, is_missing, missing_text, number, text


def constant_value(element: Constant, scope: Scope) -> Value:
    """Without a data type: an integer, a double or a text, whichever the content looks like."""
    if element.missing:
        return missing_text() if element.data_type in (None, "string") else number(NAN, element.data_type or "double")
    kind = element.data_type or _guess(element.value.strip())
    if kind == "string":
        return text(element.value)
    return number(parse(element.value, kind, element), kind)


def _guess(content: str) -> str:
    if not _NUMBER.fullmatch(content):
        return "string"
    return "integer" if content.lstrip("+-").isdigit() else "double"


def field_ref(element: FieldRef, scope: Scope) -> Value:
    value = scope.resolve(element.field, element)
    return or_else(value, element.map_missing_to, element)


def or_else(value: Value, word: str | None, where: FieldRef) -> Value:
    """A literal where the value is missing."""
    gone = is_missing(value)
    if word is None or gone is None:
        return value
    filled = choose(gone, cast(text(word), value.type, where).with_invalid(value.invalid), value)
    return replace(filled, nullable=value.invalid is not None, type=value.type)


def norm_discrete(element: NormDiscrete, scope: Scope) -> Value:
    """1 where the field is the value, else 0."""
    if element.method != "indicator":
        raise element.refuse(f"the method {element.method} of NormDiscrete is not known here")
    value = scope.resolve(element.field, element)
    hit = op.cast(compare(value, "equal", element.value, element), to=np.float64)
    gone = is_missing(value)
    other = NAN if element.map_missing_to is None else element.map_missing_to
    data = hit if gone is None else op.where(gone, constant(other), hit)
    return Value(data, "double", gone is not None and other != other, value.invalid, optype="continuous")
