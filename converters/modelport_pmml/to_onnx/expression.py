"""Expressions: from an element to a value, by the table, and casts between data types."""

from dataclasses import replace

import numpy as np
from spox import Var

from modelport_onnx.ops import op
from modelport_pmml.reader.element import Element, Expression
from modelport_pmml.reader.elements.transformations import DerivedField
from modelport_pmml.to_onnx.java_number import written
from modelport_pmml.to_onnx.literal import NUMERIC, attempt, format_number
from modelport_pmml.to_onnx.scope import Scope
from modelport_pmml.to_onnx.value import (
    NAN,
    Value,
    constant,
    either,
    float32,
    is_missing,
    missing_text,
    number,
    table,
    text,
)

INT_MAX = 2147483647.0
MOMENTS = frozenset({"date", "time", "dateTime"})


def evaluate(expression: Expression, scope: Scope) -> Value:
    """The value of an expression: its innermost parts first, so that depth costs nothing.

    Raises:
        CannotConvert: no exact form is known; the element is named.
        InputError: the element contradicts the specification.
    """
    known = scope.parts.pop(id(expression), None)
    if known is not None:
        return known
    for item in expression.inside_out(Expression):
        scope.parts[id(item)] = _evaluated(item, scope)
    return scope.parts.pop(id(expression))


def _evaluated(expression: Expression, scope: Scope) -> Value:
    """An expression whose parts are known."""
    from modelport_pmml.to_onnx.table import EXPRESSIONS

    if expression.unknown:
        stranger = expression.unknown[0]
        raise expression.refuse(f"<{expression.tag()}> holds <{stranger.name}>, which is not known here")
    found = EXPRESSIONS.get(type(expression).__name__)
    if found is None:
        raise expression.refuse(f"<{expression.tag()}> has no exact form for single rows")
    result: Value = found(expression, scope)
    return result


def derived(field: DerivedField, scope: Scope) -> Value:
    """A derived field: its expression, cast to its declared type."""
    value = evaluate(field.expression, scope)
    known = scope.graph.literals.get(field.name or "", ())
    found = cast(value, field.data_type, field, known)
    order = tuple(item.value for item in field.values if item.property == "valid")
    return replace(found, optype=field.optype or found.optype, order=order or found.order)


def cast(value: Value, kind: str | None, where: Element, known: tuple[str, ...] = ()) -> Value:
    """A value as another data type.

    Args:
        known: the texts that matter where a number becomes a text.

    Raises:
        CannotConvert: the cast has no exact form.
    """
    if kind is None or kind == value.type:
        return value
    if value.constant is not None:
        return _constant(value.constant, value.type, kind, where)
    if value.is_text:
        return _from_text(value, kind, where)
    if kind == "string":
        return _to_text(value, known, where)
    return _between(value, kind, where)


def _constant(held: str | float, have: str, kind: str, where: Element) -> Value:
    if held != held:
        return missing_text() if kind == "string" else number(NAN, kind)
    word = held if isinstance(held, str) else format_number(held, have)
    if kind == "string":
        return text(word)
    if kind in ("float", "double") and have in NUMERIC and not isinstance(held, str):  # 0.1f is no 0.1
        return number(float(np.float32(held)) if kind == "float" else held, kind)
    found = attempt(word, kind, where)
    if found is None:
        raise where.bad(f"{word[:40]!r} is no value of the data type {kind}")
    if kind == "integer" and found != int(found):
        raise where.bad(f"{word[:40]!r} is not an integer")
    return number(found, kind)


def _from_text(value: Value, kind: str, where: Element) -> Value:
    if value.raw is not None:
        raise where.refuse(
            f"text of any kind is cast to {kind}", "list the field's values in its DataField, or declare it a number"
        )
    found = {word: attempt(word, kind, where) for word in value.words or ()}
    numbers = table(value, lambda word: NAN if found[word] is None else float(found[word] or 0.0))
    wrong: Var | None = None
    if any(item is None for item in found.values()):
        gone = is_missing(value)
        wrong = op.isnan(numbers) if gone is None else op.and_(op.isnan(numbers), op.not_(gone))
    nullable = value.nullable or wrong is not None
    return Value(numbers, kind, nullable, either(value.invalid, wrong), optype=value.optype)


def _to_text(value: Value, known: tuple[str, ...], where: Element) -> Value:
    """A number as text. Of floats only the texts that the document compares them with are told apart."""
    known = ("false", "true") if value.type == "boolean" else known
    words = [(word, found) for word in known if (found := _number_of(word, value.type)) is not None]
    code: Var = op.const(np.array([[len(words)]], np.int64))
    for i, (_, cell) in reversed(list(enumerate(words))):
        code = op.where(op.equal(value.data, constant(cell)), op.const(np.array([[i]], np.int64)), code)
    gone = is_missing(value)
    if gone is not None:
        code = op.where(gone, op.const(np.array([[len(words) + 1]], np.int64)), code)
    raw, invalid = _digits(value) if value.type == "integer" else None, value.invalid
    if value.type == "double":
        raw, beyond = _fraction(value)
        invalid = either(invalid, beyond)
    opaque = None if value.type in ("integer", "boolean", "double") else str(where.at)
    return Value(
        code, "string", value.nullable, invalid, tuple(word for word, _ in words), raw, optype="categorical",
        opaque=opaque,
    )  # fmt: skip


def _fraction(value: Value) -> tuple[Var, Var]:
    """A double as text, "" where it is missing; and where it is too large or too small to be written."""
    letters, known = written(value.data)
    gone = is_missing(value)
    beyond = op.not_(known)
    if gone is None:
        return letters, beyond
    return op.where(gone, op.const(np.array([[""]], np.str_)), letters), op.and_(beyond, op.not_(gone))


def _digits(value: Value) -> Var:
    """A whole number as text, [N, 1]; "" where it is missing."""
    gone = op.isnan(value.data)
    digits = op.cast(op.cast(op.where(gone, constant(0.0), value.data), to=np.int64), to=np.str_)
    return op.where(gone, op.const(np.array([[""]], np.str_)), digits)


def _number_of(word: str, kind: str) -> float | None:
    """The number that is written exactly so."""
    found = attempt(word, kind, Element())
    return found if found is not None and format_number(found, kind) == word else None


def _between(value: Value, kind: str, where: Element) -> Value:
    numeric = NUMERIC | {"boolean"}
    counts = ("Since[", "timeSeconds")
    if kind in MOMENTS or value.type in MOMENTS:
        raise where.refuse(f"a cast from {value.type} to {kind} has no exact form")
    if kind == "float":
        return replace(value, data=float32(value.data), type=kind)
    if (kind == "integer" and value.type != "boolean") or any(mark in kind for mark in counts):
        whole = op.and_(
            op.equal(op.floor(value.data), value.data), op.less_or_equal(op.abs(value.data), constant(INT_MAX))
        )
        wrong = op.not_(either(whole, is_missing(value)) or op.isnan(value.data))
        return replace(value, type="integer").with_invalid(None if value.type == "integer" else wrong)
    if kind == "boolean":
        data = value.data
        known = either(op.equal(data, constant(0.0)), op.equal(data, constant(1.0)), is_missing(value))
        assert known is not None, "there are comparisons"
        return replace(value, type=kind).with_invalid(op.not_(known))
    if kind in numeric:
        return replace(value, type=kind)
    raise where.refuse(f"a cast from {value.type} to {kind} has no exact form")
