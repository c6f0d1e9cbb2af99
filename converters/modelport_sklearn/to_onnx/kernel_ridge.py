"""Kernel ridge regression: kernel values times dual coefficients.

Source: `sklearn.kernel_ridge.KernelRidge.{_get_kernel,predict}` (scikit-learn 1.9).
"""

from typing import Any

import numpy as np
from spox import Var

from modelport_onnx.blocks import kernels
from modelport_onnx.blocks.sums import weighted
from modelport_onnx.frame import Frame
from modelport_onnx.lowering import Scope
from modelport_onnx.outcome import Regressed
from modelport_sklearn.to_onnx.numeric import numeric


def check(estimator: Any) -> str | None:
    """Why the kernel has no exact form, or None."""
    if callable(estimator.kernel):
        return "kernel=<a function> is Python code"
    if estimator.kernel not in (*kernels.NAMES, "precomputed"):
        return f"kernel={estimator.kernel!r} is not a kernel of sklearn.metrics.pairwise"
    return None


def regressor(estimator: Any, frame: Frame, scope: Scope) -> Regressed:
    """KernelRidge: `dual_coef_` [M] or [M, T]."""
    reason = check(estimator)
    if reason:
        raise scope.refuse(reason, f"use one of {', '.join(kernels.NAMES)}")
    dual = np.asarray(estimator.dual_coef_, np.float64)
    return Regressed(weighted(_kernel(estimator, numeric(frame, scope)), dual.reshape(len(dual), -1)))


def _kernel(estimator: Any, matrix: Var) -> Var:
    if estimator.kernel == "precomputed":
        return matrix
    points = estimator.X_fit_
    points = points.toarray() if hasattr(points, "toarray") else points
    return kernels.pairwise(
        estimator.kernel, matrix, points, gamma=estimator.gamma, degree=estimator.degree, coef0=estimator.coef0
    )
