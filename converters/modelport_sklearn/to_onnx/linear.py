"""Linear regressors: `X @ coef + intercept`, in float64 as scikit-learn computes it.

Source: `sklearn.linear_model.LinearModel._decision_function` and `sklearn.linear_model.LinearRegression` (1.9).
"""

from typing import Any

import numpy as np
import spox.opset.ai.onnx.v21 as op

from modelport_onnx.frame import Frame
from modelport_onnx.lowering import Scope
from modelport_onnx.outcome import Regressed


def regressor(estimator: Any, frame: Frame, scope: Scope) -> Regressed:
    """`coef_` [C] or [T, C]; `intercept_` a number or [T]."""
    coefficients = np.atleast_2d(np.asarray(estimator.coef_, np.float64)).T
    intercept = np.atleast_1d(np.asarray(estimator.intercept_, np.float64))
    product = op.matmul(frame.matrix(), op.const(coefficients))
    return Regressed(op.add(product, op.const(intercept)))
