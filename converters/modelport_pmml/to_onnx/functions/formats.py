"""formatDatetime and formatNumber, as JPMML-Evaluator (1.7) writes them: patterns are those of Java's `Formatter`.

https://dmg.org/pmml/v4-4-1/BuiltinFunctions.html#formatDatetime
"""

import re
from collections.abc import Callable, Mapping

import numpy as np
from spox import Var

from modelport_onnx.ops import op
from modelport_pmml.reader.elements.transformations import Apply
from modelport_pmml.to_onnx.expression import MOMENTS
from modelport_pmml.to_onnx.functions.arithmetic import arity
from modelport_pmml.to_onnx.moment_text import DAYS, MONTHS, Parts, as_text, filled, floor, joined, named, padded
from modelport_pmml.to_onnx.value import Value, constant

WIDEST = 64
"""Characters that a number may be padded to."""


def _rest(data: Var, by: float) -> Var:
    return op.sub(data, op.mul(floor(data, by), constant(by)))


def _twelve(hour: Var) -> Var:
    """Hours of a clock: 12, 1, 2 … 11."""
    return op.add(_rest(op.add(hour, constant(11.0)), 12.0), constant(1.0))


def _plain(data: Var) -> Var:
    return named(data, [str(i) for i in range(100)])


OF_DAYS: Mapping[str, Callable[[Parts], Var]] = {
    "B": lambda parts: named(parts.month, MONTHS, 1.0),
    "b": lambda parts: named(parts.month, [name[:3] for name in MONTHS], 1.0),
    "h": lambda parts: named(parts.month, [name[:3] for name in MONTHS], 1.0),
    "A": lambda parts: named(parts.weekday, DAYS),
    "a": lambda parts: named(parts.weekday, [name[:3] for name in DAYS]),
    "C": lambda parts: padded(floor(parts.year, 100.0), 2),
    "Y": lambda parts: padded(parts.year, 4),
    "y": lambda parts: padded(_rest(parts.year, 100.0), 2),
    "j": lambda parts: padded(parts.in_year, 3),
    "m": lambda parts: padded(parts.month, 2),
    "d": lambda parts: padded(parts.day, 2),
    "e": lambda parts: _plain(parts.day),
}
OF_CLOCKS: Mapping[str, Callable[[Parts], Var]] = {
    "H": lambda parts: padded(parts.hour, 2),
    "I": lambda parts: padded(_twelve(parts.hour), 2),
    "k": lambda parts: _plain(parts.hour),
    "l": lambda parts: _plain(_twelve(parts.hour)),
    "M": lambda parts: padded(parts.minute, 2),
    "S": lambda parts: padded(parts.second, 2),
    "p": lambda parts: named(floor(parts.hour, 12.0), ["am", "pm"]),
    "\0": lambda parts: named(floor(parts.hour, 12.0), ["AM", "PM"]),
}
TOGETHER = {"R": "%H:%M", "T": "%H:%M:%S", "r": "%I:%M:%S %\0", "D": "%m/%d/%y", "F": "%Y-%m-%d"}
"""Letters that stand for several."""


def format_datetime(element: Apply, values: list[Value]) -> Value:
    """A date, time or date-time, written as a constant pattern says; years from 0 to 9999, names in English.

    Raises:
        CannotConvert: the pattern is not constant, or has a letter that such a value does not have.
    """
    arity(element, values, 2)
    value, pattern = values[0], values[1].constant
    if value.type not in MOMENTS:
        raise element.refuse(f"formatDatetime of a {value.type}", "declare it date, time or dateTime")
    if not isinstance(pattern, str):
        raise element.refuse("the pattern of formatDatetime is not constant")
    parts = Parts(filled(value), value.type)
    known = {**(OF_DAYS if value.type != "time" else {}), **(OF_CLOCKS if value.type != "date" else {})}
    for letter, meaning in TOGETHER.items():
        pattern = pattern.replace(f"%{letter}", meaning)
    pieces: list[Var | str] = []
    for literal, letter in re.findall(r"([^%]*)(%.|%$|$)", pattern, re.DOTALL):
        pieces += [literal] if literal else []
        if letter and letter[1:] not in known:
            raise element.refuse(
                f"{letter!r} of the pattern {values[1].constant!r} has no exact form for a {value.type}"
            )
        pieces += [known[letter[1]](parts)] if letter else []
    return as_text(value, joined(pieces)).with_invalid(_other_years(parts, value))


def _other_years(parts: Parts, value: Value) -> Var | None:
    if value.type == "time":
        return None
    return op.or_(op.less(parts.year, constant(0.0)), op.greater(parts.year, constant(9999.0)))


def format_number(element: Apply, values: list[Value]) -> Value:
    """A whole number, padded as `%5d`, `%-5d` or `%05d` say.

    Raises:
        CannotConvert: the pattern is another; fractions are rounded by their shortest decimal form, which ONNX lacks.
    """
    arity(element, values, 2)
    value, pattern = values[0], values[1].constant
    known = re.fullmatch(r"([^%]*)%([-0]?)(\d*)d([^%]*)", pattern) if isinstance(pattern, str) else None
    if known is None or value.is_text or value.type != "integer":
        raise element.refuse(
            f"the pattern {pattern!r} of formatNumber has no exact form", "write whole numbers with %d"
        )
    before, flag, width, after = known[1], known[2], int(known[3] or 0), known[4]
    if width > WIDEST or (flag and not width):
        raise element.bad(f"the width of {pattern!r} is missing, or above {WIDEST}")
    data = filled(value)
    digits = op.cast(op.cast(op.abs(data), to=np.int64), to=np.str_)
    minus = op.where(op.less(data, constant(0.0)), _text("-"), _text(""))
    length = op.add(_length(data), op.where(op.less(data, constant(0.0)), constant(1.0), constant(0.0)))
    gap = op.max([op.sub(constant(float(width)), length), constant(0.0)])
    filler = named(gap, [("0" if flag == "0" else " ") * i for i in range(WIDEST + 1)])
    order = {"0": (minus, filler, digits), "-": (minus, digits, filler), "": (filler, minus, digits)}[flag]
    return as_text(value, joined([before, *order, after]))


def _length(data: Var) -> Var:
    """How many digits a whole number of 32 bits has."""
    powers = op.const(np.array([[10.0**i for i in range(1, 10)]]))
    more = op.cast(op.greater_or_equal(op.abs(data), powers), to=np.float64)
    return op.add(op.reduce_sum(more, op.const(np.array([1], np.int64)), keepdims=1), constant(1.0))


def _text(word: str) -> Var:
    return op.const(np.array([[word]], np.str_))
