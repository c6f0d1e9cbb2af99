"""Classifiers with a decision threshold of their own.

Source: `sklearn.model_selection._classification_threshold.{FixedThresholdClassifier,TunedThresholdClassifierCV}` and
`sklearn.metrics._scorer._threshold_scores_to_class_labels` (scikit-learn 1.9).
"""

from dataclasses import replace
from typing import Any

import numpy as np
from spox import Var

from modelport_onnx.blocks.choose import flat
from modelport_onnx.blocks.constant import double
from modelport_onnx.frame import Frame
from modelport_onnx.lowering import Scope
from modelport_onnx.ops import op
from modelport_onnx.outcome import Classified
from modelport_sklearn.to_onnx.classes import classes_of
from modelport_sklearn.to_onnx.meta_members import classified, column


def fixed(estimator: Any, frame: Frame, scope: Scope) -> Classified:
    """FixedThresholdClassifier; `threshold="auto"` is 0.5 for probabilities and 0 for decisions."""
    member = classified(getattr(estimator, "estimator_", estimator.estimator), frame, scope)
    limit = None if estimator.threshold == "auto" else float(estimator.threshold)
    return _labelled(estimator, member, estimator.pos_label, limit, scope)


def tuned(estimator: Any, frame: Frame, scope: Scope) -> Classified:
    """TunedThresholdClassifierCV: the threshold that it found."""
    member = classified(estimator.estimator_, frame, scope)
    return _labelled(
        estimator, member, estimator._curve_scorer._get_pos_label(), float(estimator.best_threshold_), scope
    )


def _labelled(estimator: Any, member: Classified, label: Any, limit: float | None, scope: Scope) -> Classified:
    classes = classes_of(estimator.classes_, scope)
    at = len(classes) - 1 if label is None else int(np.flatnonzero(np.asarray(estimator.classes_) == label)[0])
    wants = estimator.response_method
    if wants != "decision_function" and member.probability is not None:
        score, usual = column(member.probability, at), 0.5
    else:
        score, usual = _decision(member, at, scope), 0.0
    reached = op.greater_or_equal(score, double(usual if limit is None else limit))
    yes, no = op.const(np.array(at, np.int64)), op.const(np.array(1 - at, np.int64))
    return replace(member, classes=classes, index=flat(op.where(reached, yes, no)))


def _decision(member: Classified, at: int, scope: Scope) -> Var:
    if member.decision is None:
        raise scope.refuse("a threshold on decisions of a member that has none")
    return member.decision if at else op.neg(member.decision)
