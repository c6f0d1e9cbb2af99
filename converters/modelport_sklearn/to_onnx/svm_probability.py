"""Probabilities of a support vector classifier: Platt's sigmoid for each pair, coupled over the pairs.

Source: `svm_predict_probability`, `sigmoid_predict` and `multiclass_probability` (method 2 of Wu, Lin and Weng, 2004)
in scikit-learn's `sklearn/svm/src/libsvm/svm.cpp` (1.9). The coupling iterates until it is within 0.005 / K, far from
converged, so the iteration itself is part of the answer.
"""

from collections.abc import Sequence
from itertools import combinations
from typing import Any

import numpy as np
from spox import Var

from modelport_onnx.blocks.constant import double, ints
from modelport_onnx.blocks.links import expit
from modelport_onnx.blocks.sums import part
from modelport_onnx.ops import op

_LEAST = 1e-7
"""`min_prob` of `svm_predict_probability`."""


def coupled(pairs: Var, estimator: Any, count: int) -> Var:
    """Probabilities [N, K] from libsvm's decisions [N, K (K - 1) / 2]."""
    slope, offset = (np.asarray(item, np.float64)[None] for item in (estimator._probA, estimator._probB))
    share = expit(op.neg(op.add(op.mul(pairs, double(slope)), double(offset))))
    share = op.clip(share, double(_LEAST), double(1 - _LEAST))
    return _iterate(_quadratic(share, count), count)


def _quadratic(share: Var, count: int) -> Var:
    """The matrix Q [N, K, K]: `Q[t, t] = Σ r[j, t]²`, `Q[t, j] = -r[j, t] r[t, j]`."""
    flat = op.concat([share, op.sub(double(1.0), share)], axis=1)
    total = share_columns(count)
    wins = op.reshape(op.gather(flat, op.const(total), axis=1), ints(-1, count, count))
    outside = double(1.0 - np.eye(count)[None])
    wins = op.mul(wins, outside)
    losses = op.transpose(wins, perm=[0, 2, 1])
    diagonal = op.mul(op.reduce_sum(op.mul(losses, losses), ints(2)), double(np.eye(count)[None]))
    return op.sub(diagonal, op.mul(wins, losses))


def share_columns(count: int) -> "np.ndarray[Any, np.dtype[np.int64]]":
    """Where r[i, j] stands among the shares of the first classes, then those of the second: [K * K]."""
    pairs = list(combinations(range(count), 2))
    place = np.zeros((count, count), np.int64)
    for column, (i, j) in enumerate(pairs):
        place[i, j], place[j, i] = column, len(pairs) + column
    return place.ravel()


def _iterate(quadratic: Var, count: int) -> Var:
    """The fixed-point iteration of all rows at once; a row that has converged no longer moves."""
    rows = op.shape(quadratic, start=0, end=1)
    start = op.expand(double(1.0 / count), op.concat([rows, ints(count)], axis=0))
    true = op.const(np.array([True]))

    def body(_: Var, __: Var, current: Var) -> Sequence[Var]:
        gradient = op.squeeze(op.matmul(quadratic, op.unsqueeze(current, ints(2))), ints(2))
        energy = op.reduce_sum(op.mul(current, gradient), ints(1))
        error = op.reduce_max(op.abs(op.sub(gradient, energy)), ints(1))
        moving = op.greater_or_equal(error, double(0.005 / count))
        moved = _sweep(quadratic, current, gradient, energy, count)
        again = op.reshape(op.cast(op.reduce_max(op.cast(moving, to=np.int64), keepdims=0), to=np.bool_), ints(1))
        return [again, op.where(moving, moved, current)]

    return op.reshape(op.loop(ints(max(100, count)), true, [start], body=body)[0], ints(-1, count))


def _sweep(quadratic: Var, current: Var, gradient: Var, energy: Var, count: int) -> Var:
    """One round over the classes."""
    for t in range(count):
        row = op.squeeze(part(quadratic, t, t + 1, 1), ints(1))
        own, slope = part(row, t, t + 1, 1), part(gradient, t, t + 1, 1)
        step = op.div(op.sub(energy, slope), own)
        scale = op.add(step, double(1.0))
        grown = op.add(energy, op.mul(step, op.add(op.mul(step, own), op.mul(slope, double(2.0)))))
        energy = op.div(op.div(grown, scale), scale)
        gradient = op.div(op.add(gradient, op.mul(step, row)), scale)
        current = op.div(op.add(current, op.mul(step, double(np.eye(count)[t][None]))), scale)
    return current
