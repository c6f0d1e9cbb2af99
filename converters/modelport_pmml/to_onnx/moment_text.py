"""Dates and times as text: counts of days and seconds taken apart, each part written by a table of its texts."""

from collections.abc import Sequence

import numpy as np
from spox import Var

from modelport_onnx.ops import op
from modelport_pmml.to_onnx.value import Value, constant, is_missing

MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
          "November", "December")  # fmt: skip
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
DAY = 86400.0


class Parts:
    """The parts of a date, time or date-time, each a whole number [N, 1] float64, computed when asked for.

    Args:
        data: days since 1970 of a date, seconds since midnight of a time, seconds since 1970 of a date-time; no NaN.
    """

    def __init__(self, data: Var, kind: str) -> None:
        self.days = data if kind == "date" else floor(data, DAY)
        seconds = data if kind == "time" else op.sub(data, op.mul(self.days, constant(DAY)))
        self.hour, self.minute = floor(seconds, 3600.0), _rest(floor(seconds, 60.0), 60.0)
        self.second = op.floor(_rest(seconds, 60.0))
        self.weekday = _rest(op.add(self.days, constant(3.0)), 7.0)
        self.year, self.month, self.day, self.in_year = _calendar(self.days)


def floor(data: Var, by: float) -> Var:
    return op.floor(op.div(data, constant(by)))


def _rest(data: Var, by: float) -> Var:
    return op.sub(data, op.mul(floor(data, by), constant(by)))


def _calendar(days: Var) -> tuple[Var, Var, Var, Var]:
    """Year, month, day of the month and day of the year, each from 1, of the proleptic Gregorian calendar.

    Years begin in March, so that the leap day is their last; 146097 days are 400 years.
    """
    shifted = op.add(days, constant(719468.0))
    era, within = floor(shifted, 146097.0), _rest(shifted, 146097.0)
    skipped = op.add(op.sub(floor(within, 1460.0), floor(within, 36524.0)), floor(within, 146096.0))
    age = floor(op.sub(within, skipped), 365.0)
    leaps = op.sub(op.add(op.mul(age, constant(365.0)), floor(age, 4.0)), floor(age, 100.0))
    since_march = op.sub(within, leaps)
    month = floor(op.add(op.mul(since_march, constant(5.0)), constant(2.0)), 153.0)
    day = op.add(op.sub(since_march, floor(op.add(op.mul(month, constant(153.0)), constant(2.0)), 5.0)), constant(1.0))
    early = op.greater_or_equal(month, constant(10.0))
    year = op.add(op.add(age, op.mul(era, constant(400.0))), op.where(early, constant(1.0), constant(0.0)))
    month = op.where(early, op.sub(month, constant(9.0)), op.add(month, constant(3.0)))
    before = op.gather(op.const(np.cumsum([0.0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30])), _place(month, 1.0))
    fours = op.equal(_rest(year, 4.0), constant(0.0))
    hundreds, whole = op.equal(_rest(year, 100.0), constant(0.0)), op.equal(_rest(year, 400.0), constant(0.0))
    leap = op.and_(op.and_(fours, op.or_(op.not_(hundreds), whole)), op.greater(month, constant(2.0)))
    return year, month, day, op.add(op.add(before, day), op.where(leap, constant(1.0), constant(0.0)))


def _place(data: Var, first: float) -> Var:
    return op.cast(op.sub(data, constant(first)), to=np.int64)


def named(data: Var, names: Sequence[str], first: float = 0.0) -> Var:
    """The text of each whole number, [N, 1]."""
    return op.gather(op.const(np.array(names, np.str_)), _place(data, first))


def padded(data: Var, width: int) -> Var:
    """A whole number below 10 ** width, with zeros before it."""
    return named(data, [str(i).zfill(width) for i in range(10**width)])


def joined(parts: Sequence[Var | str]) -> Var:
    """Texts one after another, [N, 1]."""
    found: Var | None = None
    for part in parts:
        own = op.const(np.array([[part]], np.str_)) if isinstance(part, str) else part
        found = own if found is None else op.string_concat(found, own)
    return op.const(np.array([[""]], np.str_)) if found is None else found


def filled(value: Value) -> Var:
    """The value's data, 0 where it is missing."""
    gone = is_missing(value)
    return value.data if gone is None else op.where(gone, constant(0.0), value.data)


def as_text(value: Value, letters: Var) -> Value:
    """Text of any kind made of a value, missing where that is."""
    gone = is_missing(value)
    code: Var = op.const(np.array([[0]], np.int64))
    if gone is not None:
        letters = op.where(gone, op.const(np.array([[""]], np.str_)), letters)
        code = op.where(gone, op.const(np.array([[1]], np.int64)), code)
    return Value(code, "string", gone is not None, value.invalid, (), letters, optype="categorical")


def as_iso(value: Value) -> Value:
    """A date, time or date-time as ISO 8601 text; years from 0 to 9999."""
    parts = Parts(filled(value), value.type)
    pieces: list[Var | str] = []
    if value.type != "time":
        pieces += [padded(parts.year, 4), "-", padded(parts.month, 2), "-", padded(parts.day, 2)]
    if value.type == "dateTime":
        pieces.append("T")
    if value.type != "date":
        pieces += [padded(parts.hour, 2), ":", padded(parts.minute, 2), ":", padded(parts.second, 2)]
    return as_text(value, joined(pieces))
