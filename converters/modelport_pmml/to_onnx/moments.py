"""Dates and times that arrive as ISO 8601 text: days since 1970, or seconds since midnight or 1970."""

import numpy as np
from spox import Var

from modelport_onnx.ops import op
from modelport_pmml.reader.element import Element
from modelport_pmml.to_onnx.value import NAN, constant

_FILLER = {"date": "1970-01-01", "time": "00:00:00", "dateTime": "1970-01-01T00:00:00"}


def parse_moments(raw: Var, kind: str, where: Element) -> Var:
    """Text [N, 1] → float64 [N, 1], NaN where it is empty.

    Raises:
        CannotConvert: the type is a count since an epoch, which arrives as a number.
    """
    filler = _FILLER.get(kind)
    if filler is None:
        raise where.refuse(f"a field of the data type {kind} arrives as text")
    gone = op.equal(raw, op.const(np.array([[""]], np.str_)))
    text = op.where(gone, op.const(np.array([[filler]], np.str_)), raw)
    if kind == "dateTime":
        day, clock = _split(text, "T")
        seconds = op.add(op.mul(_days(day), constant(86400.0)), _clock(clock))
    else:
        seconds = _days(text) if kind == "date" else _clock(text)
    return op.where(gone, constant(NAN), seconds)


def _split(text: Var, by: str, parts: int = 2) -> list[Var]:
    """The parts of each text, each [N, 1]."""
    pieces = op.string_split(text, delimiter=by, maxsplit=parts - 1)[0]
    axis = op.const(np.array([2], np.int64))
    shape = op.const(np.array([-1, 1], np.int64))
    bounds = [op.const(np.array([i], np.int64)) for i in range(parts + 1)]
    return [op.reshape(op.slice(pieces, bounds[i], bounds[i + 1], axis), shape) for i in range(parts)]


def _days(text: Var) -> Var:
    """Days since 1970-01-01 of `YYYY-MM-DD` (proleptic Gregorian calendar, months counted from March)."""
    year, month, day = (op.cast(part, to=np.float64) for part in _split(text, "-", 3))
    early = op.less_or_equal(month, constant(2.0))
    year = op.where(early, op.sub(year, constant(1.0)), year)
    month = op.where(early, op.add(month, constant(9.0)), op.sub(month, constant(3.0)))
    leap = op.add(op.sub(_floor(year, 4), _floor(year, 100)), _floor(year, 400))
    in_year = op.floor(op.div(op.add(op.mul(month, constant(153.0)), constant(2.0)), constant(5.0)))
    total = op.add(op.add(op.mul(year, constant(365.0)), leap), op.add(in_year, op.sub(day, constant(1.0))))
    return op.sub(total, constant(719468.0))


def _floor(value: Var, by: int) -> Var:
    return op.floor(op.div(value, constant(float(by))))


def _clock(text: Var) -> Var:
    """Seconds since midnight of `HH:MM:SS`."""
    hours, minutes, seconds = (op.cast(part, to=np.float64) for part in _split(text, ":", 3))
    return op.add(op.add(op.mul(hours, constant(3600.0)), op.mul(minutes, constant(60.0))), seconds)
