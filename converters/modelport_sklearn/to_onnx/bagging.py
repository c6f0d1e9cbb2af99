"""Bagging: the mean over members, each with columns of its own.

Source: `sklearn.ensemble.BaggingClassifier.predict_proba`, `decision_function` and `BaggingRegressor.predict` (1.9).
"""

from typing import Any

import numpy as np
from spox import Var

from modelport_onnx.blocks.choose import first_largest
from modelport_onnx.blocks.constant import double
from modelport_onnx.blocks.sums import in_order
from modelport_onnx.blocks.tree_ensemble import total
from modelport_onnx.frame import Frame
from modelport_onnx.lowering import Scope, lower_predict
from modelport_onnx.ops import op
from modelport_onnx.outcome import Classified, Outcome, Regressed
from modelport_sklearn.to_onnx.classes import classes_of
from modelport_sklearn.to_onnx.tree_arrays import is_plain, leaf_values, narrow, tree_arrays


def regressor(estimator: Any, frame: Frame, scope: Scope) -> Regressed:
    """BaggingRegressor over members of any class."""
    if all(is_plain(member) for member in estimator.estimators_):
        inner = [member.tree_ for member in estimator.estimators_]
        trees = tree_arrays(inner, [leaf_values(tree)[:, :, 0] for tree in inner], estimator.estimators_features_)
        return Regressed(_mean([total(narrow(frame, scope), trees, scope)], len(inner)))
    given = _members(estimator, frame, scope)
    values = [item.value for item in given if isinstance(item, Regressed)]
    if len(values) < len(given):
        raise scope.refuse("a member gives no number")
    return Regressed(_mean(values, len(given)))


def classifier(estimator: Any, frame: Frame, scope: Scope) -> Classified:
    """BaggingClassifier: mean probabilities, or shares of votes where members have none."""
    classes = classes_of(estimator.classes_, scope)
    members = estimator.estimators_
    if all(is_plain(member) for member in members):
        inner = [member.tree_ for member in members]
        shares = [leaf_values(tree)[:, 0] @ _onto(member, classes) for tree, member in zip(inner, members, strict=True)]
        trees = tree_arrays(inner, shares, estimator.estimators_features_)
        probability = _mean([total(narrow(frame, scope), trees, scope)], len(inner))
        return Classified(classes, first_largest(probability), probability)
    given = _members(estimator, frame, scope)
    pairs = [(item, _onto(member, classes)) for item, member in zip(given, members, strict=True)]
    probability = _mean([_share(item, onto, scope) for item, onto in pairs], len(members))
    decisions = [item.decision for item in given if isinstance(item, Classified) and item.decision is not None]
    whole = len(decisions) == len(members) and len({len(member.classes_) for member in members}) == 1
    decision = _mean(decisions, len(members)) if whole else None
    return Classified(classes, first_largest(probability), probability, decision)


def _members(estimator: Any, frame: Frame, scope: Scope) -> list[Outcome]:
    pairs = zip(estimator.estimators_, estimator.estimators_features_, strict=True)
    return [
        lower_predict(member, _own(frame, features), scope.inside(f"member {number}"))
        for number, (member, features) in enumerate(pairs)
    ]


def _own(frame: Frame, features: Any) -> Frame:
    columns = np.arange(frame.width)[features].tolist()
    return frame if columns == list(range(frame.width)) else frame.select(columns)


def _onto(member: Any, classes: tuple[Any, ...]) -> np.ndarray[Any, np.dtype[np.float64]]:
    """[member's classes, all classes]: members number the classes, and may not have seen all of them."""
    onto = np.zeros((len(member.classes_), len(classes)))
    onto[np.arange(len(member.classes_)), np.asarray(member.classes_, np.int64)] = 1.0
    return onto


def _share(given: Outcome, onto: np.ndarray[Any, np.dtype[np.float64]], scope: Scope) -> Var:
    if not isinstance(given, Classified):
        raise scope.refuse("a member gives no label")
    if given.probability is None:
        return op.gather(double(onto), given.index, axis=0)
    if np.array_equal(onto, np.eye(len(onto))):
        return given.probability
    return op.matmul(given.probability, double(onto))


def _mean(parts: list[Var], count: int) -> Var:
    return op.div(in_order(parts), double(count))
