"""Text of a document as values of a data type, and values as the text evaluators write."""

import math
from datetime import date, datetime, time

import numpy as np

from modelport.errors import InputError
from modelport_pmml.reader.element import Element
from modelport_pmml.reader.scalars import number

NUMERIC = frozenset({"integer", "float", "double"})
_TRUE, _FALSE = {"true", "1", "1.0"}, {"false", "0", "0.0"}
_EPOCH = {"0": None, "1960": date(1960, 1, 1), "1970": date(1970, 1, 1), "1980": date(1980, 1, 1)}


def parse(word: str, kind: str, where: Element) -> float:
    """A literal as the number its type is computed with.

    Raises:
        InputError: the text is no value of the type.
    """
    found = attempt(word, kind, where)
    if found is None:
        raise InputError(f"{word[:40]!r} is no value of the data type {kind}", where=str(where.at))
    return found


def attempt(word: str, kind: str, where: Element) -> float | None:
    """Like `parse`, None where the text is no value of the type."""
    if kind == "boolean":
        lowered = word.strip().lower()
        return 1.0 if lowered in _TRUE else 0.0 if lowered in _FALSE else None
    if kind in NUMERIC:
        try:
            value = number(word, "the value", where.at)
        except InputError:
            return None
        if kind == "integer" and value != np.rint(value):
            return None
        return float(np.float32(value)) if kind == "float" else value
    return _moment(word.strip(), kind)


def _moment(word: str, kind: str) -> float | None:
    """Dates as days since 1970, times as seconds since midnight, date-times as seconds since 1970."""
    try:
        if kind == "date":
            return float((date.fromisoformat(word) - date(1970, 1, 1)).days)
        if kind == "time":
            at = time.fromisoformat(word)
            return float(at.hour * 3600 + at.minute * 60 + at.second)
        if kind == "dateTime":
            return (datetime.fromisoformat(word) - datetime(1970, 1, 1)).total_seconds()
        return float(word)
    except ValueError:
        return None


def format_number(value: float, kind: str) -> str:
    """A number as Java writes it, as JPMML does when it casts to a string."""
    if kind == "integer":
        return str(int(value))
    if kind == "boolean":
        return "true" if value else "false"
    return _java_double(value) if kind != "float" else _java_double(float(np.float32(value)), np.float32(value))


def _java_double(value: float, shortest: np.float32 | None = None) -> str:
    """`Double.toString`: decimal between 1e-3 and 1e7, else computerised scientific notation."""
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    if value == 0:
        return "-0.0" if math.copysign(1, value) < 0 else "0.0"
    text = np.format_float_scientific(shortest if shortest is not None else value, trim="0", exp_digits=1)
    mantissa, _, exponent = text.partition("e")
    if 1e-3 <= abs(value) < 1e7:
        return np.format_float_positional(shortest if shortest is not None else value, trim="0")
    mantissa = mantissa + "0" if mantissa.endswith(".") else mantissa
    return f"{mantissa}E{int(exponent)}"
