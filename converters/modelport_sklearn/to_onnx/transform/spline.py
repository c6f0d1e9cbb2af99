"""SplineTransformer: B-spline bases, and what lies beyond the outer knots.

Source: `sklearn.preprocessing.SplineTransformer.transform` (1.9), whose arithmetic for each kind of extrapolation is
kept, including that with `extrapolation="linear"` and a degree under 2 the columns after the first take their outer
knots one or two further in (its local `degree` grows from column to column).
"""

from typing import Any

import numpy as np
from spox import Var

from modelport_onnx.blocks.bspline import basis
from modelport_onnx.blocks.constant import ints
from modelport_onnx.blocks.guard import fail_where
from modelport_onnx.frame import Frame
from modelport_onnx.lowering import Scope
from modelport_onnx.ops import op
from modelport_sklearn.to_onnx.transform.values import as_given, doubles, like, result


def spline(estimator: Any, frame: Frame, scope: Scope) -> Frame:
    x = doubles(frame, scope)
    knots = np.stack([np.asarray(item.t, np.float64) for item in estimator.bsplines_])
    missing = op.isnan(x)
    x = op.where(missing, like(x, knots[:, estimator.degree]), x)
    values = _evaluated(estimator, x, knots)
    if estimator.handle_missing == "zeros":
        values = op.where(op.unsqueeze(missing, ints(2)), like(x, 0), values)
    splines = int(estimator.bsplines_[0].c.shape[1])
    if not estimator.include_bias:
        values = op.slice(values, ints(0), ints(splines - 1), ints(2))
        splines -= 1
    width = frame.width * splines
    flat = op.reshape(values, ints(-1, width))
    return result(estimator, as_given(flat, frame), width, sparse=bool(estimator.sparse_output))


def _evaluated(estimator: Any, x: Var, knots: Any) -> Var:
    """All splines of all columns, [N, C, S]."""
    degree, last = estimator.degree, knots.shape[1] - estimator.degree - 1
    low, high = knots[:, degree], knots[:, last]
    match estimator.extrapolation:
        case "periodic":
            turned = basis(_wrapped(x, low, high - low), knots, degree)
            return op.matmul(turned, like(x, np.asarray(estimator.bsplines_[0].c)))
        case "error":
            x = fail_where(op.or_(op.less(x, like(x, low)), op.greater(x, like(x, high))), x)
            return basis(x, knots, degree)
        case "continue":
            return basis(x, knots, degree)
        case _:
            return _with_ends(estimator, x, knots)


def _wrapped(x: Var, low: Any, period: Any) -> Var:
    """`low + (x - low) % period`, the remainder taking the sign of the period as NumPy's does."""
    empty = period <= 0
    whole = like(x, np.where(empty, 1.0, period))
    rest = op.mod(op.sub(x, like(x, low)), whole, fmod=1)
    rest = op.where(op.less(rest, like(x, 0)), op.add(rest, whole), rest)
    return op.where(op.const(empty), like(x, 0), op.add(like(x, low), rest))


def _with_ends(estimator: Any, x: Var, knots: Any) -> Var:
    """Constant or linear beyond the outer knots, in the splines that reach them; the others are 0 there."""
    ends = [
        _Ends(item, degree, estimator) for item, degree in zip(estimator.bsplines_, _degrees(estimator), strict=True)
    ]
    low, high = (like(x, [getattr(end, side) for end in ends]) for side in ("low", "high"))
    inside = basis(x, knots, estimator.degree)

    def line(side: str, knot: Var) -> Var:
        start = like(x, np.stack([getattr(end, side)[0] for end in ends]))
        slope = like(x, np.stack([getattr(end, side)[1] for end in ends]))
        return op.add(start, op.mul(op.unsqueeze(op.sub(x, knot), ints(2)), slope))

    under, over = op.unsqueeze(op.less(x, low), ints(2)), op.unsqueeze(op.greater(x, high), ints(2))
    return op.where(under, line("below", low), op.where(over, line("above", high), inside))


def _degrees(estimator: Any) -> list[int]:
    """For each column the number that scikit-learn's loop has in `degree` when it comes to it."""
    degrees, degree = [], int(estimator.degree)
    for _ in estimator.bsplines_:
        degrees.append(degree)
        if estimator.extrapolation == "linear" and degree <= 1:
            degree += 1
    return degrees


class _Ends:
    """Outer knots of one column, and value and slope of each spline beyond them."""

    def __init__(self, item: Any, degree: int, estimator: Any) -> None:
        self.low, self.high = item.t[degree], item.t[-degree - 1]
        linear = estimator.extrapolation == "linear"
        reach = degree + 1 if linear and degree <= 1 else degree
        count = item.c.shape[1]
        first = np.arange(count) < reach
        last = np.arange(count) >= count - reach
        slopes = [item(end, nu=1) if linear else np.zeros(count) for end in (self.low, self.high)]
        self.below = (np.where(first, item(self.low), 0.0), np.where(first, slopes[0], 0.0))
        self.above = (np.where(last, item(self.high), 0.0), np.where(last, slopes[1], 0.0))
