"""Dates as counts. https://dmg.org/pmml/v4-4-1/BuiltinFunctions.html#dateDaysSinceYear"""

from datetime import date

from spox import Var

from modelport_onnx.ops import op
from modelport_pmml.reader.elements.transformations import Apply
from modelport_pmml.to_onnx.functions.arithmetic import arity
from modelport_pmml.to_onnx.value import Value, any_invalid, constant, numbers


def _since(element: Apply, values: list[Value]) -> float:
    """Days from 1970-01-01 to the first day of the year that is the second argument."""
    arity(element, values, 2)
    year = values[1].constant
    if year is None:
        raise element.refuse(f"the year of {element.function} is not constant")
    return float((date(int(float(year)), 1, 1) - date(1970, 1, 1)).days)


def _moment(element: Apply, value: Value, *kinds: str) -> Value:
    if value.type not in kinds:
        raise element.refuse(
            f"{element.function} of a {value.type} has no exact form", f"declare it {' or '.join(kinds)}"
        )
    return value


def days_since_year(element: Apply, values: list[Value]) -> Value:
    start = _since(element, values)
    value = _moment(element, values[0], "date", "dateTime")
    days = value.data if value.type == "date" else op.floor(op.div(value.data, constant(86400.0)))
    return _count(op.sub(days, constant(start)), values)


def seconds_since_year(element: Apply, values: list[Value]) -> Value:
    start = _since(element, values)
    value = _moment(element, values[0], "date", "dateTime")
    seconds = value.data if value.type == "dateTime" else op.mul(value.data, constant(86400.0))
    return _count(op.sub(seconds, constant(start * 86400.0)), values)


def seconds_since_midnight(element: Apply, values: list[Value]) -> Value:
    arity(element, values, 1)
    value = _moment(element, values[0], "time", "dateTime")
    day = op.mul(op.floor(op.div(value.data, constant(86400.0))), constant(86400.0))
    return _count(value.data if value.type == "time" else op.sub(value.data, day), values)


def _count(data: Var, values: list[Value]) -> Value:
    return numbers(data, "integer", nullable=values[0].nullable, invalid=any_invalid(values))
