"""Linear regressors: `X @ coef + intercept`, in float64 as scikit-learn computes it.

Source: `sklearn.linear_model._base.LinearModel._decision_function`, `_ransac.RANSACRegressor.predict`,
`_glm.glm._GeneralizedLinearRegressor.predict` (scikit-learn 1.9).
"""

from typing import Any

import numpy as np
from spox import Var

from modelport_onnx.blocks.constant import double
from modelport_onnx.frame import Frame
from modelport_onnx.lowering import Scope, lower_predict
from modelport_onnx.ops import op
from modelport_onnx.outcome import Outcome, Regressed
from modelport_sklearn.to_onnx.numeric import numeric


def dense(values: Any) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Coefficients as a float64 array; `sparsify()` leaves a sparse matrix behind."""
    return np.asarray(values.toarray() if hasattr(values, "toarray") else values, np.float64)


def affine(matrix: Var, coefficients: Any, intercept: Any) -> Var:
    """`matrix @ coefficients.T + intercept` [N, T]; `coefficients` [C] or [T, C], `intercept` a number or [T]."""
    product = op.matmul(matrix, double(np.atleast_2d(dense(coefficients)).T))
    offset = np.atleast_1d(np.asarray(intercept, np.float64))
    return op.add(product, double(offset)) if offset.any() else product


def regressor(estimator: Any, frame: Frame, scope: Scope) -> Regressed:
    """Every estimator whose `predict` is `LinearModel._decision_function`."""
    return Regressed(affine(numeric(frame, scope), estimator.coef_, estimator.intercept_))


def generalised(estimator: Any, frame: Frame, scope: Scope) -> Regressed:
    """Poisson, Gamma and Tweedie regression: the inverse link of the linear predictor."""
    linear = affine(numeric(frame, scope), estimator.coef_, estimator.intercept_)
    link = type(estimator._base_loss.link).__name__
    if link == "IdentityLink":
        return Regressed(linear)
    if link == "LogLink":
        return Regressed(op.exp(linear))
    raise scope.refuse(f"a custom link function ({link}) is Python code", "use link='log' or link='identity'")


def consensus(estimator: Any, frame: Frame, scope: Scope) -> Outcome:
    """RANSAC predicts with the estimator it fitted on the inliers."""
    return lower_predict(estimator.estimator_, frame, scope)
