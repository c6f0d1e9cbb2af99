"""Gaussian mixtures: the component of highest posterior.

Source: `sklearn.mixture._base.BaseMixture.predict`, `_gaussian_mixture._estimate_log_gaussian_prob` and
`_bayesian_mixture.BayesianGaussianMixture._estimate_log_prob` (scikit-learn 1.9).
"""

from typing import Any

import numpy as np
from spox import Var

from modelport_onnx.blocks.choose import first_largest
from modelport_onnx.blocks.constant import double, ints
from modelport_onnx.blocks.distances import squared_norms
from modelport_onnx.frame import Frame
from modelport_onnx.lowering import Scope
from modelport_onnx.ops import op
from modelport_onnx.outcome import Clustered
from modelport_sklearn.to_onnx.numeric import numeric


def gaussian(estimator: Any, frame: Frame, scope: Scope) -> Clustered:
    """GaussianMixture and BayesianGaussianMixture, with any type of covariance."""
    squared = _squared(estimator, numeric(frame, scope))
    return Clustered(first_largest(op.add(op.mul(squared, double(-0.5)), double(_offset(estimator)[None]))))


def _offset(estimator: Any) -> Any:
    """What a component's log-likelihood has besides the row's distance: [K].

    scikit-learn's own methods give it: they are told a row of zeros, whose distance is then taken off again.
    """
    origin = np.zeros((1, estimator.means_.shape[1]))
    total = np.asarray(estimator._estimate_weighted_log_prob(origin), np.float64)[0]
    return total + 0.5 * _at_origin(estimator)


def _at_origin(estimator: Any) -> Any:
    means, root = np.asarray(estimator.means_), np.asarray(estimator.precisions_cholesky_)
    match estimator.covariance_type:
        case "full":
            return np.array([np.sum((mean @ own) ** 2) for mean, own in zip(means, root, strict=True)])
        case "tied":
            return ((means @ root) ** 2).sum(axis=1)
        case "diag":
            return (means**2 * root**2).sum(axis=1)
        case _:
            return (means**2).sum(axis=1) * root**2


def _squared(estimator: Any, matrix: Var) -> Var:
    """The squared distance to every component in units of its spread: [N, K]."""
    means, root = np.asarray(estimator.means_), np.asarray(estimator.precisions_cholesky_)
    count, width = means.shape
    match estimator.covariance_type:
        case "full":
            turned = op.reshape(op.matmul(matrix, double(np.concatenate(list(root), axis=1))), ints(-1, count, width))
            return _lengths(turned, np.array([mean @ own for mean, own in zip(means, root, strict=True)]))
        case "tied":
            return _lengths(op.unsqueeze(op.matmul(matrix, double(root)), ints(1)), means @ root)
        case "diag":
            precision = root**2
            squares = op.matmul(op.mul(matrix, matrix), double(precision.T))
            crossed = op.matmul(matrix, double(2.0 * (means * precision).T))
            return op.add(op.sub(double((means**2 * precision).sum(axis=1)[None]), crossed), squares)
        case _:
            precision = root**2
            crossed = op.mul(op.matmul(matrix, double(2.0 * means.T)), double(precision[None]))
            own = op.mul(squared_norms(matrix), double(precision[None]))
            return op.add(op.sub(double(((means**2).sum(axis=1) * precision)[None]), crossed), own)


def _lengths(turned: Var, centres: Any) -> Var:
    off = op.sub(turned, double(centres[None]))
    return op.reduce_sum(op.mul(off, off), ints(2), keepdims=0)
