"""AdaBoost: a weighted vote of classifiers, or the weighted median of regressors.

Source: `sklearn.ensemble.AdaBoostClassifier` (SAMME) and `AdaBoostRegressor._get_median_predict` (1.9).
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from spox import Var

from modelport_onnx.blocks.choose import first_largest, positive, zeros
from modelport_onnx.blocks.constant import double, integer, ints
from modelport_onnx.blocks.links import softmax
from modelport_onnx.blocks.sums import in_order, part
from modelport_onnx.blocks.tree_ensemble import each, total
from modelport_onnx.frame import Frame, concat
from modelport_onnx.lowering import Scope, lower_predict
from modelport_onnx.ops import op
from modelport_onnx.outcome import Classified, Regressed
from modelport_sklearn.to_onnx.classes import classes_of
from modelport_sklearn.to_onnx.tree_arrays import is_plain, leaf_values, narrow, tree_arrays

Floats = NDArray[np.float64]


def classifier(estimator: Any, frame: Frame, scope: Scope) -> Classified:
    """AdaBoostClassifier over members of any class that predicts labels."""
    classes = classes_of(estimator.classes_, scope)
    if len(classes) == 1:
        rows = zeros(frame.matrix())
        ones = op.unsqueeze(op.add(op.cast(rows, to=np.float64), double(1.0)), ints(1))
        return Classified(classes, rows, ones, op.sub(ones, ones))
    weights = np.asarray(estimator.estimator_weights_, np.float64)[: len(estimator.estimators_)]
    votes = op.div(_votes(estimator, frame, weights, scope), double(float(estimator.estimator_weights_.sum())))
    if len(classes) > 2:
        return Classified(classes, first_largest(votes), softmax(op.div(votes, double(len(classes) - 1.0))), votes)
    decision = op.add(votes, votes)
    halves = op.div(op.concat([op.neg(decision), decision], axis=1), double(2.0))
    return Classified(classes, positive(decision), softmax(halves), decision)


def _ballots(weights: Floats, classes: int) -> Floats:
    """[members, K, K']: what a member's label adds to each class; to the second class alone if there are two."""
    added = np.where(np.eye(classes, dtype=np.bool_), 1.0, -1.0 / (classes - 1))
    ballots = np.where(np.eye(classes, dtype=np.bool_), weights[:, None, None], added * weights[:, None, None])
    return ballots[:, :, 1:] if classes == 2 else ballots


def _votes(estimator: Any, frame: Frame, weights: Floats, scope: Scope) -> Var:
    members = estimator.estimators_
    ballots = _ballots(weights, len(estimator.classes_))
    places = [np.searchsorted(estimator.classes_, member.classes_) for member in members]
    if all(is_plain(member) for member in members):
        inner = [member.tree_ for member in members]
        chosen = [place[np.argmax(leaf_values(tree)[:, 0], axis=1)] for place, tree in zip(places, inner, strict=True)]
        values = [ballot[label] for ballot, label in zip(ballots, chosen, strict=True)]
        return total(narrow(frame, scope), tree_arrays(inner, values), scope)
    parts = []
    for number, (member, place, ballot) in enumerate(zip(members, places, ballots, strict=True)):
        given = lower_predict(member, frame, scope.inside(f"member {number}"))
        if not isinstance(given, Classified):
            raise scope.refuse(f"member {number} gives no label")
        parts.append(op.gather(double(ballot[place]), given.index, axis=0))
    return in_order(parts)


def regressor(estimator: Any, frame: Frame, scope: Scope) -> Regressed:
    """AdaBoostRegressor: members sorted by what they say, the first that carries half of all weight."""
    members = estimator.estimators_
    weights = double(np.asarray(estimator.estimator_weights_, np.float64))
    values, order = op.top_k(_each_member(members, frame, scope), ints(len(members)), axis=1, largest=0, sorted=1)
    carried = op.cumsum(op.gather(weights, order), integer(1))
    half = op.mul(double(0.5), part(carried, len(members) - 1, len(members), 1))
    above = op.cast(op.greater_or_equal(carried, half), to=np.int64)
    first = op.arg_max(above, axis=1, keepdims=1)
    return Regressed(op.gather_elements(values, first, axis=1))


def _each_member(members: Any, frame: Frame, scope: Scope) -> Var:
    if all(is_plain(member) for member in members):
        inner = [member.tree_ for member in members]
        trees = tree_arrays(inner, [leaf_values(tree)[:, :, 0] for tree in inner])
        return each(narrow(frame, scope), trees, np.float64, scope)
    columns = []
    for number, member in enumerate(members):
        given = lower_predict(member, frame, scope.inside(f"member {number}"))
        if not isinstance(given, Regressed):
            raise scope.refuse(f"member {number} gives no number")
        columns.append(op.reshape(given.value, ints(-1, 1)))
    return concat(columns)
