"""PowerTransformer: Yeo-Johnson or Box-Cox, then perhaps standardised.

Source: `sklearn.preprocessing.PowerTransformer.transform` (1.9), `scipy.stats.yeojohnson` (`_yeojohnson_transform`)
and `scipy.special.boxcox` (1.17).
"""

from typing import Any

import numpy as np
from spox import Var

from modelport_onnx.blocks.elementary import expm1, log1p
from modelport_onnx.blocks.guard import fail_where
from modelport_onnx.frame import Frame
from modelport_onnx.lowering import Scope
from modelport_onnx.ops import op
from modelport_sklearn.to_onnx.transform.values import as_given, doubles, like, nullable, result


def power_transformer(estimator: Any, frame: Frame, scope: Scope) -> Frame:
    x = doubles(frame, scope)
    exponents = np.asarray(estimator.lambdas_, np.float64)
    x = yeo_johnson(x, exponents) if estimator.method == "yeo-johnson" else box_cox(x, exponents)
    if estimator.standardize:
        x = op.div(op.sub(x, like(x, estimator._scaler.mean_)), like(x, estimator._scaler.scale_))
    return result(estimator, as_given(x, frame), frame.width, nullable=nullable(frame))


def yeo_johnson(x: Var, exponents: Any) -> Var:
    """`((x + 1)^λ - 1) / λ` for x >= 0, `-((1 - x)^(2 - λ) - 1) / (2 - λ)` below; logarithms where that is 0 / 0."""
    up = op.greater_or_equal(x, like(x, 0))
    logarithm = log1p(op.abs(x))
    above = _powered(logarithm, exponents, np.abs(exponents) < np.finfo(np.float64).eps)
    below = _powered(logarithm, 2 - exponents, np.abs(exponents - 2) <= np.finfo(np.float64).eps)
    return op.where(up, above, op.neg(below))


def _powered(logarithm: Var, exponents: Any, plain: Any) -> Var:
    """`expm1(λ log) / λ`, or the logarithm itself where λ is as good as 0."""
    safe = like(logarithm, np.where(plain, 1.0, exponents))
    raised = op.div(expm1(op.mul(safe, logarithm)), safe)
    return op.where(op.const(np.asarray(plain, np.bool_)), logarithm, raised)


def box_cox(x: Var, exponents: Any) -> Var:
    """`(x^λ - 1) / λ`, or the logarithm; a value of 0 or less fails, as scikit-learn raises."""
    x = fail_where(op.less_or_equal(x, like(x, 0)), x)
    return _powered(op.log(x), exponents, np.abs(exponents) < 1e-19)
