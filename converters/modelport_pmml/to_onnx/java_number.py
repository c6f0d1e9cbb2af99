"""Float64 numbers as the text that Java's `Double.toString` makes of them (JDK 19 and later): the shortest decimal that
is read as the same number, of those the nearest, plain from 0.001 to 10 million and with an exponent beyond.

Source of the form: the documentation of `java.lang.Double.toString`. The 17 digits are exact, for a product of a number
and a power of ten up to the 22nd is the sum of two float64 numbers (Dekker 1971), and whole ones are added as integers.
"""

import numpy as np
from spox import Var

from modelport_onnx.blocks.constant import double, integer, ints
from modelport_onnx.ops import op

LEAST, MOST = -6, 16
"""Powers of ten between which numbers are written; others have no text here."""
_DIGITS = 17
_POWERS = [10**i for i in range(18)]


def written(data: Var) -> tuple[Var, Var]:
    """Numbers [N, 1] as text, and which have one; NaN has none.

    Returns:
        Text [N, 1] and boolean [N, 1].
    """
    size = op.abs(data)
    zero = op.equal(size, double([[0.0]]))
    known = op.and_(op.greater_or_equal(size, double([[10.0**LEAST]])), op.less(size, double([[10.0 ** (MOST + 1)]])))
    safe = op.where(known, size, double([[1.0]]))
    number, exponent = _digits(safe)
    plain = op.and_(op.greater_or_equal(exponent, integer(-3)), op.less(exponent, integer(7)))
    text = op.where(plain, _plain(number, exponent), _scientific(number, exponent))
    text = op.where(zero, op.const(np.array([["0.0"]])), text)
    negative = op.less(op.where(zero, op.reciprocal(data), data), double([[0.0]]))
    sign = op.where(negative, op.const(np.array([["-"]])), op.const(np.array([[""]])))
    return op.string_concat(sign, text), op.or_(known, zero)


def _digits(size: Var) -> tuple[Var, Var]:
    """The shortest decimal as a whole number of 17 digits, zeros at its end, and the exponent of its first digit."""
    steps = [10.0**i for i in range(LEAST + 1, MOST + 1)]
    passed = op.cast(op.greater_or_equal(size, double([steps])), to=np.int64)
    exponent = op.add(op.reduce_sum(passed, ints(1), keepdims=1), integer(LEAST))
    shift = op.sub(integer(MOST), exponent)
    scale = op.gather(double([10.0**i for i in range(MOST - LEAST + 1)]), shift)
    high, low = _product(size, scale)
    rounded = op.round(low)
    full = op.add(op.cast(high, to=np.int64), op.cast(rounded, to=np.int64))
    above = op.sub(low, rounded)
    best = full
    for unit in (10, 100):  # 16 digits, then 15: the last that reads as the same number is the shortest
        shorter = _nearest(full, above, unit)
        text = op.string_concat(_text(shorter), op.string_concat(op.const(np.array([["e-"]])), _text(shift)))
        best = op.where(op.equal(op.cast(text, to=np.float64), size), shorter, best)
    over = op.greater_or_equal(best, integer(10**_DIGITS))
    return op.where(over, op.div(best, integer(10)), best), op.add(exponent, op.cast(over, to=np.int64))


def _product(a: Var, b: Var) -> tuple[Var, Var]:
    """A product as two numbers whose sum it is (Dekker 1971)."""
    high = op.mul(a, b)
    (a1, a2), (b1, b2) = _halves(a), _halves(b)
    rest = op.sub(op.sub(op.sub(high, op.mul(a1, b1)), op.mul(a2, b1)), op.mul(a1, b2))
    return high, op.sub(op.mul(a2, b2), rest)


def _halves(a: Var) -> tuple[Var, Var]:
    """A number as two of half its digits (Veltkamp 1968)."""
    wide = op.mul(a, double([[134217729.0]]))
    first = op.sub(wide, op.sub(wide, a))
    return first, op.sub(a, first)


def _nearest(full: Var, above: Var, unit: int) -> Var:
    """The nearest multiple, of two the even one; `above` is what the number has above the whole one."""
    rest = op.mod(full, integer(unit))
    odd = op.equal(op.mod(op.div(full, integer(unit)), integer(2)), integer(1))
    tie = op.and_(op.equal(above, double([[0.0]])), odd)
    half = op.and_(op.equal(rest, integer(unit // 2)), op.or_(op.greater(above, double([[0.0]])), tie))
    up = op.or_(op.greater(rest, integer(unit // 2)), half)
    return op.add(op.sub(full, rest), op.where(up, integer(unit), integer(0)))


def _text(whole: Var) -> Var:
    return op.cast(whole, to=np.str_)


def _ends(number: Var) -> Var:
    """How many zeros stand at the end."""
    tens = op.const(np.array([_POWERS[1:_DIGITS]], np.int64))
    divides = op.cast(op.equal(op.mod(number, tens), integer(0)), to=np.int64)
    return op.reduce_sum(divides, ints(1), keepdims=1)


def _power(exponent: Var) -> Var:
    return op.gather(op.const(np.array(_POWERS, np.int64)), exponent)


def _fraction(part: Var, length: Var, zeros: Var) -> Var:
    """A whole number as digits after the point: without `zeros` at its end, at least one digit, padded to `length`."""
    kept = op.max([op.sub(length, zeros), integer(1)])
    short = op.div(part, _power(op.min([op.sub(length, kept), integer(_DIGITS)])))
    tens = op.const(np.array([_POWERS[1:]], np.int64))
    size = op.add(
        op.reduce_sum(op.cast(op.greater_or_equal(short, tens), to=np.int64), ints(1), keepdims=1), integer(1)
    )
    filler = op.gather(op.const(np.array(["0" * i for i in range(24)])), op.max([op.sub(kept, size), integer(0)]))
    return op.string_concat(filler, _text(short))


def _joined(whole: Var, fraction: Var) -> Var:
    return op.string_concat(op.string_concat(_text(whole), op.const(np.array([["."]]))), fraction)


def _plain(number: Var, exponent: Var) -> Var:
    after = op.sub(integer(MOST), exponent)
    unit = _power(op.max([op.min([after, integer(_DIGITS)]), integer(0)]))
    below = op.less(exponent, integer(0))
    whole = op.where(below, integer(0), op.div(number, unit))
    part = op.where(below, number, op.mod(number, unit))
    return _joined(whole, _fraction(part, op.max([after, integer(0)]), _ends(number)))


def _scientific(number: Var, exponent: Var) -> Var:
    unit = integer(10**MOST)
    mantissa = _joined(op.div(number, unit), _fraction(op.mod(number, unit), integer(MOST), _ends(number)))
    return op.string_concat(op.string_concat(mantissa, op.const(np.array([["E"]]))), _text(exponent))
