"""Stacking: the members' answers are the columns of a final estimator.

Source: `sklearn.ensemble._stacking._BaseStacking._concatenate_predictions`, `StackingClassifier`,
`StackingRegressor` (scikit-learn 1.9).
"""

from dataclasses import replace
from typing import Any

import numpy as np
from spox import Var

from modelport_onnx.blocks.constant import double, ints
from modelport_onnx.frame import Frame, frame_of, join
from modelport_onnx.lowering import Scope, lower_predict
from modelport_onnx.ops import op
from modelport_onnx.outcome import Classified, Outcome, Regressed
from modelport_sklearn.to_onnx.classes import classes_of
from modelport_sklearn.to_onnx.meta_members import column
from modelport_sklearn.to_onnx.numeric import numeric


def transform(estimator: Any, frame: Frame, scope: Scope) -> Frame:
    """The columns that the final estimator reads."""
    if isinstance(getattr(estimator, "_label_encoder", None), list):
        raise scope.refuse("stacking over several labels at once has no exact ONNX form", "stack each label by itself")
    pairs = zip(estimator.estimators_, estimator.stack_method_, strict=True)
    answers = [_answer(lower_predict(member, frame, scope), method, scope) for member, method in pairs]
    names = [str(name) for name in estimator.get_feature_names_out()]
    stacked = frame_of(answers[0] if len(answers) == 1 else op.concat(answers, axis=1), names[: _width(estimator)])
    if not estimator.passthrough:
        return stacked
    if any(block.is_text for block in frame.blocks):
        raise scope.refuse("passthrough=True puts text beside numbers", "use passthrough=False")
    return join([stacked, frame_of(numeric(frame, scope), names[_width(estimator) :])])


def _width(estimator: Any) -> int:
    return len(estimator.get_feature_names_out()) - (estimator.n_features_in_ if estimator.passthrough else 0)


def _answer(outcome: Outcome, method: str, scope: Scope) -> Var:
    """What a member says: probabilities (of the second class where there are two), decisions, or its prediction."""
    if isinstance(outcome, Regressed):
        return outcome.value
    if not isinstance(outcome, Classified):
        raise scope.refuse("stacking over a member of several targets has no exact ONNX form")
    if method == "predict":
        return _label(outcome, scope)
    if method == "decision_function":
        assert outcome.decision is not None, "scikit-learn found a decision function"
        return outcome.decision
    assert outcome.probability is not None, "scikit-learn found probabilities"
    return column(outcome.probability, 1) if len(outcome.classes) == 2 else outcome.probability


def _label(outcome: Classified, scope: Scope) -> Var:
    if any(isinstance(label, str) for label in outcome.classes):
        raise scope.refuse("stack_method='predict' over text labels gives columns of text", "use 'predict_proba'")
    values = op.gather(double(np.array(outcome.classes, np.float64)), outcome.index)
    return op.reshape(values, ints(-1, 1))


def classifier(estimator: Any, frame: Frame, scope: Scope) -> Outcome:
    """StackingClassifier; the final estimator was trained on the positions of the labels in `classes_`."""
    final = lower_predict(estimator.final_estimator_, transform(estimator, frame, scope), scope)
    if not isinstance(final, Classified):
        raise scope.refuse("a final estimator that does not classify", "use a classifier as final_estimator")
    classes = classes_of(estimator.classes_, scope)
    return replace(final, classes=tuple(classes[int(code)] for code in final.classes))


def regressor(estimator: Any, frame: Frame, scope: Scope) -> Outcome:
    """StackingRegressor."""
    return lower_predict(estimator.final_estimator_, transform(estimator, frame, scope), scope)
