"""Gaussian naive Bayes, in scikit-learn's own order of operations.

A variance near zero makes log-likelihoods of 1e12 whose rounding decides probabilities, so the terms are squared,
divided and added exactly as `sklearn.naive_bayes.GaussianNB._joint_log_likelihood` (1.9) does on a C-ordered matrix.
"""

from typing import Any

import numpy as np
from spox import Var

from modelport_onnx.blocks.constant import double, ints
from modelport_onnx.blocks.sums import pairwise_sum
from modelport_onnx.frame import Frame
from modelport_onnx.lowering import Scope
from modelport_onnx.ops import op
from modelport_onnx.outcome import Classified
from modelport_sklearn.to_onnx.naive_bayes import from_scores
from modelport_sklearn.to_onnx.numeric import numeric

_WIDEST = 512
"""Numbers held at once for each row; beyond it the classes are computed one after another."""


def gaussian(estimator: Any, frame: Frame, scope: Scope) -> Classified:
    """GaussianNB: `theta_` and `var_` [K, C]."""
    matrix, features = numeric(frame, scope), frame.width
    with np.errstate(divide="ignore"):
        prior = np.log(estimator.class_prior_)
    scale = np.array([-0.5 * np.sum(np.log(2.0 * np.pi * row)) for row in estimator.var_])
    if estimator.theta_.size <= _WIDEST:
        distance = op.squeeze(_distances(op.unsqueeze(matrix, ints(1)), estimator.theta_, estimator.var_), ints(2))
    else:
        pairs = zip(estimator.theta_, estimator.var_, strict=True)
        distance = op.concat([_distance(matrix, mean, variance, features) for mean, variance in pairs], axis=1)
    scores = op.add(double(prior), op.sub(double(scale), op.mul(double(0.5), distance)))
    return from_scores(estimator, scores, scope)


def _distances(rows: Var, means: Any, variances: Any) -> Var:
    """[N, 1, C] → [N, K, 1]."""
    off = op.sub(rows, double(means[None]))
    return pairwise_sum(op.div(op.mul(off, off), double(variances[None])), means.shape[1], 2)


def _distance(rows: Var, mean: Any, variance: Any, features: int) -> Var:
    """[N, C] → [N, 1]."""
    off = op.sub(rows, double(mean[None]))
    return pairwise_sum(op.div(op.mul(off, off), double(variance[None])), features, 1)
