"""Piecewise linear functions of one column, as `numpy.interp` computes them."""

import math
from typing import Any

import numpy as np
from spox import Var

from modelport_onnx.blocks.constant import double, integer, ints
from modelport_onnx.ops import op

_AT_ONCE = 64
"""Knots that are compared with a value all at once; beyond it a coarse search comes first."""


def position(column: Var, knots: Any) -> Var:
    """How many of the ascending knots are at or below each value: [N, 1] → [N, 1] int64. NaN counts none."""
    known = np.asarray(knots, np.float64)
    if len(known) <= _AT_ONCE:
        return _count(column, double(known[None]))
    step = math.isqrt(len(known))
    groups = -(-len(known) // step)
    padded = np.full((groups, step), np.inf)
    padded.ravel()[: len(known)] = known
    group = op.max([op.sub(_count(column, double(padded[None, :, 0])), integer(1)), integer(0)])
    fine = op.squeeze(op.gather(double(padded), group, axis=0), ints(1))
    inside = op.where(op.isinf(column), _finite(column, known), _count(column, fine))
    return op.min([op.add(op.mul(group, integer(step)), inside), integer(len(known))])


def _finite(column: Var, known: Any) -> Var:
    """For infinite values: every knot below +inf, none below -inf."""
    return op.where(op.greater(column, double(0.0)), integer(len(known)), integer(0))


def _count(column: Var, knots: Var) -> Var:
    below = op.cast(op.greater_or_equal(column, knots), to=np.int64)
    return op.reduce_sum(below, ints(1))


def interpolate(column: Var, knots: Any, values: Any) -> Var:
    """`numpy.interp(x, knots, values)`: [N, 1] → [N, 1]; constant beyond the ends, NaN stays NaN.

    Source: NumPy's `arr_interp` (`numpy/_core/src/multiarray/compiled_base.c`, 2.x): slope times the distance from
    the knot at or below, plus the value there, which is taken as it is where the value lies on the knot.
    """
    x, y = np.asarray(knots, np.float64), np.asarray(values, np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        slopes = np.append(np.diff(y) / np.diff(x), 0.0)
    at = op.max([op.sub(position(column, x), integer(1)), integer(0)])
    table = op.gather(double(np.stack([x, slopes, y], axis=1)), op.squeeze(at, ints(1)), axis=0)
    low, slope, base = (op.slice(table, ints(i), ints(i + 1), ints(1)) for i in range(3))
    off = op.sub(column, low)
    rising = op.add(op.mul(slope, off), base)
    flat = op.or_(op.less_or_equal(off, double(0.0)), op.greater_or_equal(column, double(float(x[-1]))))
    return op.where(flat, base, rising)
