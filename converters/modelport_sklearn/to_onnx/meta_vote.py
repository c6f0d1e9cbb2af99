"""Voting: the mean of probabilities, a count of labels, or the mean of numbers.

Source: `sklearn.ensemble._voting.{VotingClassifier,VotingRegressor}` (scikit-learn 1.9); means are added member by
member, as `numpy.average` adds over the first axis.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from spox import Var

from modelport_onnx.blocks.choose import first_largest
from modelport_onnx.blocks.constant import double, ints
from modelport_onnx.blocks.sums import in_order
from modelport_onnx.frame import Frame, concat, frame_of
from modelport_onnx.lowering import Scope
from modelport_onnx.ops import op
from modelport_onnx.outcome import Classified, Regressed
from modelport_sklearn.to_onnx.classes import classes_of
from modelport_sklearn.to_onnx.meta_members import classified, regressed


def average(values: Sequence[Var], weights: Sequence[float] | None) -> Var:
    """`numpy.average` over members."""
    if weights is None:
        return op.div(in_order(values), double(float(len(values))))
    weighted = [op.mul(value, double(float(weight))) for value, weight in zip(values, weights, strict=True)]
    return op.div(in_order(weighted), double(float(np.sum(weights))))


def _members(estimator: Any, frame: Frame, scope: Scope) -> list[Classified]:
    return [classified(member, frame, scope) for member in estimator.estimators_]


def _probabilities(members: Sequence[Classified], scope: Scope) -> list[Var]:
    known = [member.probability for member in members if member.probability is not None]
    if len(known) < len(members):
        raise scope.refuse("voting='soft' over a member without probabilities", "use voting='hard'")
    return known


def classifier(estimator: Any, frame: Frame, scope: Scope) -> Classified:
    """VotingClassifier; its members were trained on the positions of the labels in `classes_`."""
    classes, members = classes_of(estimator.classes_, scope), _members(estimator, frame, scope)
    if estimator.voting == "soft":
        mean = average(_probabilities(members, scope), estimator._weights_not_none)
        return Classified(classes, first_largest(mean), mean)
    weights = estimator._weights_not_none or [1.0] * len(members)
    ballots = [_ballot(m, float(w), len(classes)) for m, w in zip(members, weights, strict=True)]
    return Classified(classes, first_largest(in_order(ballots)))


def _codes(member: Classified) -> list[int]:
    return [int(label) for label in member.classes]


def _ballot(member: Classified, weight: float, count: int) -> Var:
    """A member's vote: its weight in the column of its label, [N, K]."""
    return op.gather(double(weight * np.eye(count)[_codes(member)]), member.index, axis=0)


def regressor(estimator: Any, frame: Frame, scope: Scope) -> Regressed:
    """VotingRegressor."""
    values = [regressed(member, frame, scope).value for member in estimator.estimators_]
    return Regressed(average(values, estimator._weights_not_none))


def transform_classifier(estimator: Any, frame: Frame, scope: Scope) -> Frame:
    """Every member's probabilities, or its label's position with `voting="hard"`."""
    members = _members(estimator, frame, scope)
    names = list(estimator.get_feature_names_out()) if estimator.voting == "hard" or estimator.flatten_transform else []
    if estimator.voting == "soft":
        if not estimator.flatten_transform:
            raise scope.refuse("flatten_transform=False gives an array of three axes", "use flatten_transform=True")
        return frame_of(concat(_probabilities(members, scope)), names)
    columns = [op.gather(op.const(np.array(_codes(m), np.int64)), op.reshape(m.index, ints(-1, 1))) for m in members]
    return frame_of(concat(columns), names)


def transform_regressor(estimator: Any, frame: Frame, scope: Scope) -> Frame:
    """Every member's prediction."""
    values = [regressed(member, frame, scope).value for member in estimator.estimators_]
    return frame_of(concat(values), list(estimator.get_feature_names_out()))
