"""Data dictionary and mining schema: raw input → value, with missing, invalid and outlying cells treated.

https://dmg.org/pmml/v4-4-1/MiningSchema.html; order of the checks as in JPMML-Evaluator's InputFieldUtil.
"""

from dataclasses import replace

import numpy as np
from spox import Tensor, Var

from modelport_onnx.ops import ml5 as ml
from modelport_onnx.ops import op
from modelport_pmml.reader.elements.dictionary import DataField, Interval, MiningField
from modelport_pmml.to_onnx.literal import NUMERIC, attempt, parse
from modelport_pmml.to_onnx.moments import parse_moments
from modelport_pmml.to_onnx.scope import Graph, Scope, is_plain
from modelport_pmml.to_onnx.value import (
    NAN,
    Value,
    among,
    choose,
    coded,
    constant,
    either,
    flag,
    float32,
    is_missing,
    number,
    text,
)


def data_type(field: DataField) -> str:
    """The data type; the specification requires it.

    Raises:
        InputError: it is absent.
    """
    if field.data_type is None:
        raise field.bad(f"the data field {field.name!r} has no dataType")
    return field.data_type


def prepare_input(mining: MiningField, field: DataField | None, scope: Scope) -> Value:
    """A field of the outermost model, from the graph's input."""
    if field is None:
        raise mining.bad(f"the mining schema names {mining.name!r}, which the data dictionary does not declare")
    raw = scope.graph.inputs[mining.name]
    value = as_text(field, raw, scope.graph) if data_type(field) == "string" else as_number(field, raw)
    return treat(mining, field, replace(value, optype=mining.optype or field.optype, order=field.valid), scope)


def prepare_nested(mining: MiningField, field: DataField | None, value: Value, scope: Scope) -> Value:
    """A field of an embedded model, from the model around it; as it is, unless this model's schema treats it."""
    if is_plain(mining):
        return value
    return treat(mining, field, value, scope)


def as_text(field: DataField, raw: Var, graph: Graph) -> Value:
    """Codes of a text input."""
    listed = [item.value for item in field.values]
    words = tuple(dict.fromkeys([*listed, *graph.literals.get(field.name, ())]))
    if "" in words:
        raise field.refuse(
            f"the field {field.name!r} tells the empty text from a missing value, which ONNX cannot",
            "replace the empty text by a word",
        )
    return Value(coded(raw, words), "string", words=words, raw=raw)


def as_number(field: DataField, raw: Var) -> Value:
    """A numeric, boolean or date input as float64."""
    kind = data_type(field)
    tensor = raw.type
    assert isinstance(tensor, Tensor), "inputs are tensors"
    if tensor.dtype.kind in "UOST":
        data = parse_moments(raw, kind, field)
    else:
        data = raw if tensor.dtype == np.float64 else op.cast(raw, to=np.float64)
    if kind == "float" and tensor.dtype != np.float32:
        data = float32(data)
    return Value(data, kind, nullable=tensor.dtype.kind in "fUOST")


def treat(mining: MiningField, field: DataField | None, value: Value, scope: Scope) -> Value:
    """Missing, invalid and outlying cells, as the mining field asks. Only valid cells can be outliers."""
    missing, invalid = _status(field, value)
    absent = either(is_missing(value), missing)
    kept = _valid(mining, value)
    as_given = either(invalid, missing)  # neither an invalid nor a missing value can be an outlier
    if as_given is not None and kept is not value:
        kept = choose(as_given, value, kept)
    if invalid is not None:
        kept = _invalid(mining, kept, invalid)
    kept = _missing(mining, kept, missing, absent)
    as_is = mining.invalid_value_treatment == "asIs" and mining.invalid_value_replacement is None
    return replace(
        kept,
        raw=None if field is not None and field.valid and not as_is else kept.raw,
        checked=field is None or mining.invalid_value_treatment in ("returnInvalid", "asMissing"),
        optype=value.optype,
        order=value.order,
    )


def _status(field: DataField | None, value: Value) -> tuple[Var | None, Var | None]:
    """Which cells are listed as missing, and which are invalid; a cell that is missing already is neither.

    Listed valid values are all that is valid, whatever intervals there are besides (JPMML 1.7).
    """
    if field is None or not (field.values or field.intervals):
        return None, None
    listed = {
        kind: [item for item in field.values if item.property == kind] for kind in ("valid", "invalid", "missing")
    }
    found = {kind: _among(field, value, [item.value for item in items]) for kind, items in listed.items() if items}
    missing, invalid = found.get("missing"), found.get("invalid")
    beyond: Var | None = None
    if "valid" in found:
        beyond = flag(True)
    elif field.intervals:
        beyond = op.not_(inside(field.intervals, value.data))
    if beyond is not None:
        known = either(is_missing(value), found.get("valid"), missing)
        beyond = beyond if known is None else op.and_(beyond, op.not_(known))
    return missing, either(invalid, beyond)


def _among(field: DataField, value: Value, words: list[str]) -> Var:
    if value.is_text:
        return among(value, words)
    known = [found for word in words if (found := attempt(word, value.type, field)) is not None]
    return in_numbers(value.data, known)


def in_numbers(data: Var, known: list[float]) -> Var:
    """[N, 1] boolean: the number is one of a list; False where it is missing."""
    if not known:
        return op.less(data, constant(NAN))
    if len(known) == 1:
        return op.equal(data, constant(known[0]))
    if len(known) > 8:
        keys = np.array(sorted(set(known)), np.float64)
        found = ml.label_encoder(data, keys_tensor=keys, values_tensor=np.ones(len(keys), np.float64),
                                 default_tensor=np.zeros(1, np.float64))  # fmt: skip
        return op.greater(found, constant(0.5))
    hits = op.equal(data, op.const(np.array([known], np.float64)))
    most = op.reduce_max(op.cast(hits, to=np.int32), op.const(np.array([1], np.int64)), keepdims=1)
    return op.cast(most, to=np.bool_)


def inside(intervals: tuple[Interval, ...], data: Var) -> Var:
    """[N, 1] boolean: the number lies in one of the intervals; False where it is missing."""
    found = either(*(in_interval(item, data) for item in intervals))
    assert found is not None, "there is an interval"
    return found


def in_interval(item: Interval, data: Var) -> Var:
    """[N, 1] boolean. https://dmg.org/pmml/v4-4-1/DataDictionary.html#xsdElement_Interval"""
    parts: list[Var] = []
    if item.left_margin is not None:
        low = constant(item.left_margin)
        parts.append(op.greater(data, low) if item.closure.startswith("open") else op.greater_or_equal(data, low))
    if item.right_margin is not None:
        high = constant(item.right_margin)
        parts.append(op.less(data, high) if item.closure.endswith("Open") else op.less_or_equal(data, high))
    if not parts:
        raise item.bad("an interval needs a margin")
    return parts[0] if len(parts) == 1 else op.and_(*parts)


def _valid(mining: MiningField, value: Value) -> Value:
    """Outliers. A replacement of missing values also replaces outliers that count as missing."""
    if mining.outliers == "asIs":
        return value
    low, high = mining.low_value, mining.high_value
    if value.is_text or (low is None and high is None):
        raise mining.bad(f"the outliers of {mining.name!r} need a number and lowValue or highValue")
    if low is not None and high is not None and low > high:
        raise mining.bad(f"lowValue {low} is above highValue {high}")
    if mining.outliers == "asExtremeValues":
        return _clipped(value, low, high)
    outside = either(
        None if low is None else op.less(value.data, constant(low)),
        None if high is None else op.greater(value.data, constant(high)),
    )
    assert outside is not None, "there is a bound"
    return replace(value, data=op.where(outside, constant(NAN), value.data), nullable=True)


def _clipped(value: Value, low: float | None, high: float | None) -> Value:
    """Within bounds. A bound that is no value of an integer field cannot take an outlier's place (JPMML 1.7)."""
    data = value.data
    for bound, beyond in ((low, op.less), (high, op.greater)):
        if bound is None:
            continue
        outside = beyond(value.data, constant(bound))
        if value.type == "integer" and bound != np.rint(bound):
            value = value.with_invalid(outside)
        data = op.where(outside, constant(bound), data)
    return replace(value, data=float32(data) if value.type == "float" else data)


def _invalid(mining: MiningField, value: Value, invalid: Var) -> Value:
    how, by = mining.invalid_value_treatment, mining.invalid_value_replacement
    if how == "asIs" and by is None:
        return replace(value, irregular=either(value.irregular, invalid))
    if how in ("asIs", "asValue"):
        if by is None:
            raise mining.bad("invalidValueTreatment asValue needs an invalidValueReplacement")
        return choose(invalid, literal(by, value, mining), value)
    if by is not None:
        raise mining.bad(f"invalidValueReplacement goes with asValue, not with {how}")
    found = emptied(value, invalid)
    return found if how == "asMissing" else found.with_invalid(invalid)


def emptied(value: Value, where: Var) -> Value:
    """Missing where a condition holds."""
    if value.is_text:
        assert value.words is not None
        code = op.const(np.array([[len(value.words) + 1]], np.int64))
        raw = value.raw if value.raw is None else op.where(where, op.const(np.array([[""]], np.str_)), value.raw)
        return replace(value, data=op.where(where, code, value.data), raw=raw, nullable=True)
    return replace(value, data=op.where(where, constant(NAN), value.data), nullable=True)


def _missing(mining: MiningField, value: Value, listed: Var | None, absent: Var | None) -> Value:
    """Replacements; `returnInvalid` is about cells that were missing from the start, not outliers and invalid ones."""
    how, by = mining.missing_value_treatment, mining.missing_value_replacement
    if how == "returnUnknown":
        raise mining.refuse("missingValueTreatment returnUnknown has no meaning that evaluators agree on")
    value = value if listed is None else emptied(value, listed)
    if how == "returnInvalid":
        value = value.with_invalid(absent)
        if listed is None and mining.outliers == "asIs" and mining.invalid_value_treatment != "asMissing":
            return replace(value, nullable=False)  # whatever is missing is invalid
    gone = is_missing(value)
    if by is None or gone is None:
        return value
    replacement = literal(by, value, mining)
    if value.invalid is not None:
        gone = op.and_(gone, op.not_(value.invalid))
    filled = choose(gone, replacement, value)
    return replace(filled, type=value.type, nullable=value.invalid is not None)


def literal(word: str, like: Value, where: MiningField) -> Value:
    """A replacement of a value's own type."""
    return text(word) if like.is_text else number(parse(word, like.type, where), like.type)


__all__ = ["NUMERIC", "as_number", "as_text", "data_type", "in_interval", "in_numbers", "inside", "treat"]
