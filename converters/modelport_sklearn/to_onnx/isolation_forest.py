"""Isolation forest: how deep a row gets, in trees of few columns each.

Source: `sklearn.ensemble.IsolationForest._compute_score_samples` (1.9).
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelport_onnx.blocks.choose import flat
from modelport_onnx.blocks.constant import double, integer, ints
from modelport_onnx.blocks.sums import part
from modelport_onnx.blocks.tree_ensemble import each
from modelport_onnx.frame import Frame
from modelport_onnx.lowering import Scope
from modelport_onnx.ops import op
from modelport_onnx.outcome import Outliers
from modelport_sklearn.to_onnx.tree_arrays import narrow, tree_arrays


def isolation_forest(estimator: Any, frame: Frame, scope: Scope) -> Outliers:
    """`decision_function`, and -1 where it is negative.

    A contamination puts the threshold on a training row's own score, so labels are decided on depths, which come out
    to the bit (added tree by tree, as scikit-learn adds them), and not on scores, where one rounding of a power would.
    """
    inner = [member.tree_ for member in estimator.estimators_]
    depths = [(path + length - 1.0)[:, None] for path, length in _lengths(estimator)]
    trees = tree_arrays(inner, depths, estimator.estimators_features_)
    single = each(narrow(frame, scope), trees, np.float64, scope)
    depth = part(op.cumsum(single, integer(1)), trees.count - 1, trees.count, 1)
    unit = float(len(inner) * _expected_depth(estimator._max_samples))
    score = _score(depth, unit) if unit else op.add(op.mul(depth, double(0.0)), double(0.5))
    decision = op.sub(op.neg(score), double(float(estimator.offset_)))
    inlier = op.greater_or_equal(depth, double(_shallowest_inlier(unit, float(estimator.offset_))))
    label = op.where(inlier, ints(1), ints(-1))
    return Outliers(flat(label), op.reshape(decision, ints(-1)))


def _score(depth: Any, unit: float) -> Any:
    return op.pow(double(2.0), op.neg(op.div(depth, double(unit))))


def _lengths(estimator: Any) -> Any:
    return zip(estimator._decision_path_lengths, estimator._average_path_length_per_tree, strict=True)


def _expected_depth(samples: int) -> float:
    """Mean depth of an unsuccessful search among so many samples (Liu, Ting and Zhou, 2008, eq. 1)."""
    if samples <= 1:
        return 0.0
    if samples == 2:
        return 1.0
    return float(2.0 * (np.log(samples - 1.0) + np.euler_gamma) - 2.0 * (samples - 1.0) / samples)


def _decision(depth: float, unit: float, offset: float) -> float:
    depths: NDArray[np.float64] = np.array([depth])
    share = np.divide(depths, unit, out=np.ones_like(depths), where=unit != 0)
    return float((-(2**-share) - offset)[0])


def _shallowest_inlier(unit: float, offset: float) -> float:
    """The smallest depth whose decision is not negative, by bisection over float64; the decision grows with depth."""
    low, high = np.float64(0.0), np.float64(2000.0 * max(unit, 1.0))
    if _decision(float(low), unit, offset) >= 0:
        return -np.inf
    if _decision(float(high), unit, offset) < 0:
        return np.inf
    bottom, top = low.view(np.int64), high.view(np.int64)
    while top - bottom > 1:
        middle = bottom + (top - bottom) // 2
        if _decision(float(middle.view(np.float64)), unit, offset) >= 0:
            top = middle
        else:
            bottom = middle
    return float(top.view(np.float64))
