"""Comparisons, membership and logic."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from spox import Var

from modelport_onnx.ops import op
from modelport_pmml.reader.elements.transformations import Apply
from modelport_pmml.to_onnx.functions.arithmetic import arity
from modelport_pmml.to_onnx.literal import NUMERIC, format_number
from modelport_pmml.to_onnx.predicates import compare
from modelport_pmml.to_onnx.value import (
    NAN,
    Value,
    any_invalid,
    any_missing,
    constant,
    either,
    flag,
    is_missing,
    spelled,
)

_FLIPPED = {"lessThan": "greaterThan", "lessOrEqual": "greaterOrEqual", "greaterThan": "lessThan",
            "greaterOrEqual": "lessOrEqual", "equal": "equal", "notEqual": "notEqual"}  # fmt: skip


def boolean(true: Var, gone: Var | None = None, invalid: Var | None = None) -> Value:
    """A boolean value, missing where `gone` holds."""
    data = op.cast(true, to=np.float64)
    data = data if gone is None else op.where(gone, constant(NAN), data)
    return Value(data, "boolean", gone is not None, invalid, optype="categorical")


def comparison(element: Apply, values: list[Value]) -> Value:
    """equal, notEqual, lessThan … of two values."""
    arity(element, values, 2)
    gone = any_missing(values)
    true = pair(element.function, values[0], values[1], element)
    uneven = fraction(values[0], values[1]) if element.function in ("equal", "notEqual") else None
    return boolean(true, gone, either(any_invalid(values), uneven))


def fraction(first: Value, second: Value) -> Var | None:
    """Where an integer is asked to equal a fraction, which is an error (JPMML 1.7); None for nowhere."""
    if first.type != "integer" or second.type not in ("float", "double"):
        return None
    uneven = op.not_(op.equal(second.data, op.floor(second.data)))
    gone = any_missing((first, second))
    return uneven if gone is None else op.and_(uneven, op.not_(gone))


def pair(operator: str, first: Value, second: Value, element: Apply) -> Var:
    moments = first.type == second.type and not (first.is_text or first.type in (*NUMERIC, "boolean"))
    if second.constant is not None and not moments:
        return compare(first, operator, _word(second, first), element)
    if first.constant is not None and not moments:
        return compare(second, _FLIPPED[operator], _word(first, second), element)
    if first.is_text != second.is_text:
        raise element.refuse(f"{element.function} compares a text with a number")
    if first.is_text:
        return _texts(operator, first, second, element)
    return {
        "equal": op.equal, "notEqual": lambda a, b: op.not_(op.equal(a, b)), "lessThan": op.less,
        "lessOrEqual": op.less_or_equal, "greaterThan": op.greater, "greaterOrEqual": op.greater_or_equal,
    }[operator](first.data, second.data)  # fmt: skip


def _texts(operator: str, first: Value, second: Value, element: Apply) -> Var:
    if operator not in ("equal", "notEqual"):
        raise element.refuse("two texts are compared by order")
    same = op.equal(spelled(first), spelled(second))
    return same if operator == "equal" else op.not_(same)


def _word(value: Value, other: Value) -> str:
    """A constant as it is written; beside a text a number is the text that evaluators make of it."""
    held = value.constant
    if isinstance(held, str):
        return held
    return format_number(float(held), value.type) if other.is_text and held is not None else repr(held)


def membership(element: Apply, values: list[Value]) -> Value:
    """isIn, isNotIn: a missing value is in a list that has a missing one (JPMML 1.7)."""
    if len(values) < 2:
        raise element.bad(f"the function {element.function} takes 2 or more arguments, not {len(values)}")
    first, rest = values[0], values[1:]
    gone = is_missing(first)
    true: Var = flag(False)
    wrong: Var | None = None
    for item in rest:
        lost = is_missing(item)
        uneven = fraction(first, item)  # met only where no item before is the same
        wrong = either(wrong, None if uneven is None else op.and_(uneven, op.not_(true)))
        same = pair("equal", first, item, element)
        same = same if lost is None else op.and_(same, op.not_(lost))
        same = same if gone is None else op.and_(same, op.not_(gone))
        both = None if lost is None or gone is None else op.and_(lost, gone)
        true = op.or_(true, same if both is None else op.or_(same, both))
    return boolean(true if element.function == "isIn" else op.not_(true), None, either(any_invalid(values), wrong))


def presence(element: Apply, values: list[Value]) -> Value:
    """isMissing, isNotMissing."""
    arity(element, values, 1)
    gone = is_missing(values[0])
    true = flag(False) if gone is None else gone
    return boolean(true if element.function == "isMissing" else op.not_(true), None, values[0].invalid)


def validity(element: Apply, values: list[Value]) -> Value:
    """Whether a value is valid, or was let through though it is not; of a missing value neither holds (JPMML 1.7)."""
    arity(element, values, 1)
    irregular, gone = values[0].irregular, is_missing(values[0])
    if element.function == "isValid":
        either_ = either(irregular, gone)
        return boolean(flag(True) if either_ is None else op.not_(either_), None, values[0].invalid)
    true = flag(False) if irregular is None else irregular if gone is None else op.and_(irregular, op.not_(gone))
    return boolean(true, None, values[0].invalid)


def logic(element: Apply, values: list[Value]) -> Value:
    """and, or, of two or more."""
    if len(values) < 2:
        raise element.bad(f"the function {element.function} takes 2 or more arguments, not {len(values)}")
    flags = [truth_of(value, element) for value in values]
    hit = [op.equal(value.data, constant(1.0)) for value in flags]
    miss = [op.equal(value.data, constant(0.0)) for value in flags]
    found, lost = either(*hit), either(*miss)
    assert found is not None, "there are arguments"
    assert lost is not None, "there are arguments"
    if element.function == "and":
        true, false = _all(hit), lost
    else:
        true, false = found, _all(miss)
    gone = op.not_(op.or_(true, false)) if any(value.nullable for value in flags) else None
    return boolean(true, gone, any_invalid(flags))


def _all(flags: list[Var]) -> Var:
    found = flags[0]
    for item in flags[1:]:
        found = op.and_(found, item)
    return found


def negation(element: Apply, values: list[Value]) -> Value:
    arity(element, values, 1)
    value = truth_of(values[0], element)
    return replace(value, data=op.sub(constant(1.0), value.data), constant=None)


def truth_of(value: Value, element: Apply) -> Value:
    """An argument as a boolean."""
    from modelport_pmml.to_onnx.expression import cast

    return cast(value, "boolean", element)


COMPARISONS: dict[str, Callable[[Apply, list[Value]], Value]] = dict.fromkeys(_FLIPPED, comparison)
