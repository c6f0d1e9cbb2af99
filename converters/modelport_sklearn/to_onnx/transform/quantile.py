"""QuantileTransformer: interpolation in the quantiles from both sides, then perhaps the normal distribution.

Source: `sklearn.preprocessing.QuantileTransformer._transform_col` (1.9) and `numpy.interp`, whose rules for exact hits
and for values outside are kept.
"""

from typing import Any

import numpy as np
from scipy import stats
from spox import Var

from modelport_onnx.blocks.constant import integer
from modelport_onnx.blocks.normal import quantile as normal_quantile
from modelport_onnx.blocks.search import Tables
from modelport_onnx.frame import Frame
from modelport_onnx.lowering import Scope
from modelport_onnx.ops import op
from modelport_sklearn.to_onnx.transform.scale import clip
from modelport_sklearn.to_onnx.transform.values import as_given, doubles, like, nullable, result

BOUNDS = 1e-7
"""`sklearn.preprocessing._data.BOUNDS_THRESHOLD`."""


def quantile_transformer(estimator: Any, frame: Frame, scope: Scope) -> Frame:
    x = doubles(frame, scope)
    quantiles = np.asarray(estimator.quantiles_, np.float64)
    if not np.isfinite(quantiles).all():
        raise scope.refuse("a column had no finite quantiles when this was fitted", "drop that column")
    dense = _column(estimator, x, quantiles)
    if frame.sparse:
        # Only what is stored is transformed: an absent zero stays.
        dense = op.where(op.equal(x, like(x, 0)), x, dense)
    return result(estimator, as_given(dense, frame), frame.width, nullable=nullable(frame), sparse=frame.sparse)


def _column(estimator: Any, x: Var, quantiles: Any) -> Var:
    low, high = like(x, quantiles[0]), like(x, quantiles[-1])
    normal = estimator.output_distribution == "normal"
    if normal:
        at_low = op.less(op.sub(x, like(x, BOUNDS)), low)
        at_high = op.greater(op.add(x, like(x, BOUNDS)), high)
    else:
        at_low, at_high = op.equal(x, low), op.equal(x, high)
    y = _both_ways(x, quantiles, np.asarray(estimator.references_, np.float64))
    y = op.where(at_low, like(x, 0), op.where(at_high, like(x, 1), y))
    return op.where(op.isnan(x), x, _normal(y) if normal else y)


def _normal(y: Var) -> Var:
    """`norm.ppf`, clipped so that the ends are finite; 0 and 1 lie beyond the clip bounds."""
    first = stats.norm.ppf(BOUNDS - np.spacing(1))
    last = stats.norm.ppf(1 - (BOUNDS - np.spacing(1)))
    inside = op.and_(op.greater(y, like(y, 0)), op.less(y, like(y, 1)))
    ends = op.where(op.greater(y, like(y, 0.5)), like(y, last), like(y, first))
    found = normal_quantile(op.where(inside, y, like(y, 0.5)))
    return op.where(inside, clip(found, like(y, first), like(y, last)), ends)


def _both_ways(x: Var, quantiles: Any, references: Any) -> Var:
    """The mean of interpolating upwards and downwards, which differ where quantiles are repeated."""
    count, width = quantiles.shape
    xs = Tables(list(quantiles.T), x)
    ys = Tables([references] * width, x)
    at_most, below = xs.count(x, equal=True), xs.count(x, equal=False)
    last = integer(count - 1)
    upwards = _between(x, xs, ys, op.max([op.sub(at_most, integer(1)), integer(0)]), last, from_left=True)
    downwards = _between(x, xs, ys, op.min([below, last]), last, from_left=False)
    low, high = like(x, quantiles[0]), like(x, quantiles[-1])
    ends = [op.greater_or_equal(x, high), op.less_or_equal(x, low)]
    upwards = op.where(ends[0], like(x, references[-1]), op.where(op.less(x, low), like(x, references[0]), upwards))
    downwards = op.where(
        ends[1], like(x, references[0]), op.where(op.greater(x, high), like(x, references[-1]), downwards)
    )
    return op.mul(like(x, 0.5), op.add(upwards, downwards))


def _between(x: Var, xs: Tables, ys: Tables, hit: Var, last: Var, *, from_left: bool) -> Var:
    """The line from the entry `hit` to its right neighbour (`from_left`), or to its left one."""
    other = op.min([op.add(hit, integer(1)), last]) if from_left else op.max([op.sub(hit, integer(1)), integer(0)])
    x0, x1, y0, y1 = xs.at(hit), xs.at(other), ys.at(hit), ys.at(other)
    run = op.sub(x1, x0)
    flat = op.equal(run, like(run, 0))
    slope = op.div(op.sub(y1, y0), op.where(flat, like(run, 1), run))
    line = op.add(op.mul(slope, op.sub(x, x0)), y0)
    return op.where(op.or_(op.equal(x, x0), flat), y0, line)
