"""Gaussian processes: regression by the posterior mean, binary classification by the Laplace approximation.

Source: `sklearn.gaussian_process._gpr.GaussianProcessRegressor.predict` and
`_gpc._BinaryGaussianProcessClassifierLaplace` (scikit-learn 1.9).
"""

from typing import Any

import numpy as np
from scipy.linalg import solve_triangular
from spox import Var

from modelport.errors import NotFitted
from modelport_onnx.blocks.choose import positive
from modelport_onnx.blocks.constant import double, ints
from modelport_onnx.blocks.links import two_sided
from modelport_onnx.blocks.special import erf
from modelport_onnx.blocks.sums import weighted
from modelport_onnx.frame import Frame
from modelport_onnx.lowering import Scope, lower_predict
from modelport_onnx.ops import op
from modelport_onnx.outcome import Classified, Outcome, Regressed
from modelport_sklearn.to_onnx.classes import classes_of
from modelport_sklearn.to_onnx.gp_kernel import between, diagonal
from modelport_sklearn.to_onnx.numeric import numeric


def regressor(estimator: Any, frame: Frame, scope: Scope) -> Regressed:
    """GaussianProcessRegressor: the posterior mean, `alpha_` [M] or [M, T]."""
    if not hasattr(estimator, "X_train_"):
        raise NotFitted("a Gaussian process that was not fitted predicts its prior", where=scope.where)
    alpha = np.asarray(estimator.alpha_, np.float64)
    kernel = between(estimator.kernel_, numeric(frame, scope), estimator.X_train_, scope)
    mean = weighted(kernel, alpha.reshape(len(alpha), -1))
    scale, shift = np.atleast_1d(estimator._y_train_std), np.atleast_1d(estimator._y_train_mean)
    if (scale != 1).any() or shift.any():
        mean = op.add(op.mul(mean, double(scale)), double(shift))
    return Regressed(mean)


def classifier(estimator: Any, frame: Frame, scope: Scope) -> Outcome:
    """GaussianProcessClassifier: its binary machine, or one a class or pair of classes."""
    return lower_predict(estimator.base_estimator_, frame, scope)


def binary(estimator: Any, frame: Frame, scope: Scope) -> Classified:
    """The sign of the latent mean, and the logistic function averaged over the latent Gaussian."""
    matrix = numeric(frame, scope)
    kernel = between(estimator.kernel_, matrix, estimator.X_train_, scope)
    weights = np.asarray(estimator.y_train_ - estimator.pi_, np.float64)
    mean = weighted(kernel, weights[:, None])
    explained = op.matmul(kernel, double(_whitening(estimator).T))
    own = diagonal(estimator.kernel_, matrix, scope)
    own = own if not _rank(own) else op.unsqueeze(own, ints(1))
    variance = op.sub(own, op.reduce_sum(op.mul(explained, explained), ints(1)))
    probability = two_sided(_averaged(mean, variance))
    return Classified(classes_of(estimator.classes_, scope), positive(mean), probability)


def _rank(var: Var) -> int:
    shape = getattr(var.type, "shape", None)
    return len(shape) if shape is not None else 1


def _whitening(estimator: Any) -> Any:
    """`v = L⁻¹ diag(W_sr) K*` as one matrix [M, M]."""
    return solve_triangular(estimator.L_, np.diag(estimator.W_sr_), lower=True)


def _averaged(mean: Var, variance: Var) -> Var:
    """Williams and Barber's five error functions: [N, 1]."""
    from sklearn.gaussian_process._gpc import COEFS, LAMBDAS

    slopes, weights = np.asarray(LAMBDAS, np.float64).T, np.asarray(COEFS, np.float64)
    alpha = op.div(double(1.0), op.mul(variance, double(2.0)))
    inner = op.mul(op.mul(mean, double(slopes)), op.sqrt(op.div(alpha, op.add(alpha, double(slopes**2)))))
    level = op.div(op.sqrt(op.div(double(np.pi), alpha)), _doubled_spread(variance))
    integrals = op.mul(op.mul(level, erf(inner)), double(weights.T))
    return op.add(op.reduce_sum(integrals, ints(1)), double(0.5 * weights.sum()))


def _doubled_spread(variance: Var) -> Var:
    return op.mul(op.sqrt(op.mul(op.mul(variance, double(2.0)), double(np.pi))), double(2.0))
