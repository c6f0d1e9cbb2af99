"""Neighbours within a radius: classification by votes, regression by means.

Source: `sklearn.neighbors._classification.RadiusNeighborsClassifier.{predict,predict_proba}` and
`_regression.RadiusNeighborsRegressor.predict` (scikit-learn 1.9).
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from spox import Var

from modelport_onnx.blocks.choose import first_largest
from modelport_onnx.blocks.constant import double, ints
from modelport_onnx.blocks.distances import per_rows
from modelport_onnx.blocks.guard import fail_where
from modelport_onnx.frame import Frame
from modelport_onnx.lowering import Scope
from modelport_onnx.ops import op
from modelport_onnx.outcome import Classified, MultiClassified, Regressed
from modelport_sklearn.to_onnx.classes import classes_of
from modelport_sklearn.to_onnx.neighbour_metric import Metric
from modelport_sklearn.to_onnx.neighbour_search import closeness, metric_of
from modelport_sklearn.to_onnx.numeric import numeric


def within(known: Metric, surrogate: Var, radius: float) -> Var:
    """Which points lie within the radius, its rim included: bool."""
    return op.less_or_equal(surrogate, double(known.limit(radius)))


def _totals(estimator: Any, frame: Frame, table: Any, scope: Scope) -> tuple[Var, Var]:
    """Weighted sums of a table [M, T] over the neighbours [N, T], and the sums of the weights [N, 1]."""
    known = metric_of(estimator, scope)

    def block(rows: Var) -> Sequence[Var]:
        surrogate = known.surrogate(rows)
        inside = within(known, surrogate, float(estimator.radius))
        weights = op.cast(inside, to=np.float64)
        if estimator.weights == "distance":
            weights = closeness(known.distance(surrogate), inside)
        return [op.matmul(weights, double(table)), op.reduce_sum(weights, ints(-1))]

    total, weight = per_rows(numeric(frame, scope), known.size, block)
    return op.reshape(total, ints(-1, table.shape[1])), op.reshape(weight, ints(-1, 1))


def regressor(estimator: Any, frame: Frame, scope: Scope) -> Regressed:
    """RadiusNeighborsRegressor: the mean of the neighbours; NaN without any, or what NaN is as an integer."""
    targets = np.asarray(estimator._y)
    targets = targets.reshape(len(targets), -1)
    with np.errstate(invalid="ignore"):
        empty = np.full_like(targets[0], np.nan).astype(np.float64)
    total, weight = _totals(estimator, frame, targets.astype(np.float64), scope)
    return Regressed(op.where(op.equal(weight, double(0.0)), double(empty[None]), op.div(total, weight)))


def classifier(estimator: Any, frame: Frame, scope: Scope) -> Classified | MultiClassified:
    """RadiusNeighborsClassifier: shares of the votes; a row without neighbours has the outlier label, or fails."""
    several = estimator.outputs_2d_
    labels = estimator.classes_ if several else [estimator.classes_]
    codes = np.asarray(estimator._y).reshape(len(estimator._y), -1)
    table = np.concatenate([np.eye(len(known))[codes[:, i]] for i, known in enumerate(labels)], axis=1)
    votes, weight = _totals(estimator, frame, table, scope)
    alone = op.equal(weight, double(0.0))
    if estimator.outlier_label_ is None:
        votes = fail_where(alone, votes)
    ends = np.cumsum([len(known) for known in labels])
    targets = []
    for i, known in enumerate(labels):
        own = op.slice(votes, ints(int(ends[i]) - len(known)), ints(int(ends[i])), ints(1))
        targets.append(_target(estimator, i, known, own, alone, scope))
    return MultiClassified(tuple(targets)) if several else targets[0]


def _target(estimator: Any, i: int, labels: Any, votes: Var, alone: Var, scope: Scope) -> Classified:
    if estimator.outlier_label_ is not None:
        votes = op.where(alone, double(_outlier(estimator, i, labels, scope)[None]), votes)
    total = op.reduce_sum(votes, ints(1))
    probability = op.div(votes, op.where(op.equal(total, double(0.0)), double(1.0), total))
    return Classified(classes_of(labels, scope), first_largest(probability), probability)


def _outlier(estimator: Any, i: int, labels: Any, scope: Scope) -> Any:
    """What a row without neighbours votes for: a row of one 1."""
    votes = np.asarray(labels) == estimator.outlier_label_[i]
    if votes.sum() != 1:
        raise scope.refuse(
            f"outlier_label={estimator.outlier_label_[i]!r} is no class of the training data, so it has no probability",
            "use outlier_label='most_frequent', or one of the classes",
        )
    return votes.astype(np.float64)
