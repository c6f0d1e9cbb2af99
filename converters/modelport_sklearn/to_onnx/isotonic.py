"""Isotonic regression: a piecewise linear, never falling (or never rising) function of one column.

Source: `sklearn.isotonic.IsotonicRegression._transform` (scikit-learn 1.9); `scipy.interpolate.interp1d` interpolates
float64 knots with `numpy.interp`.
"""

from typing import Any

import numpy as np
from spox import Var

from modelport_onnx.blocks.constant import double
from modelport_onnx.blocks.guard import fail_where
from modelport_onnx.blocks.interpolate import interpolate
from modelport_onnx.frame import Frame, frame_of
from modelport_onnx.lowering import Scope
from modelport_onnx.ops import op
from modelport_onnx.outcome import Regressed
from modelport_sklearn.to_onnx.numeric import numeric


def check(estimator: Any) -> str | None:
    """Why it has no exact form, or None."""
    knots = getattr(estimator, "X_thresholds_", None)
    if knots is not None and np.asarray(knots).dtype != np.float64:
        return "a fit on float32 columns interpolates in float32"
    return None


def curve(estimator: Any, column: Var, scope: Scope) -> Var:
    """The fitted function of a column: [N, 1] → [N, 1]."""
    reason = check(estimator)
    if reason:
        raise scope.refuse(reason, "fit on float64 columns")
    x, y = np.asarray(estimator.X_thresholds_), np.asarray(estimator.y_thresholds_)
    low, high = double(float(estimator.X_min_)), double(float(estimator.X_max_))
    if len(y) == 1:
        return op.where(op.isnan(column), column, double(float(y[0])))
    outside = op.or_(op.less(column, low), op.greater(column, high))
    value = interpolate(column, x, y)
    if estimator.out_of_bounds == "nan":
        return op.where(outside, double(np.nan), value)
    return fail_where(outside, value) if estimator.out_of_bounds == "raise" else value


def regressor(estimator: Any, frame: Frame, scope: Scope) -> Regressed:
    """IsotonicRegression.predict, of one column."""
    return Regressed(curve(estimator, numeric(frame, scope), scope))


def transform(estimator: Any, frame: Frame, scope: Scope) -> Frame:
    """IsotonicRegression.transform is its prediction."""
    return frame_of(curve(estimator, numeric(frame, scope), scope), ["isotonicregression0"])
