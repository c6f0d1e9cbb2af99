"""Several targets: one estimator each, side by side or in a chain.

Source: `sklearn.multioutput.{MultiOutputClassifier,MultiOutputRegressor,ClassifierChain,RegressorChain}` and
`_BaseChain._get_predictions` (scikit-learn 1.9).
"""

from typing import Any

import numpy as np
from spox import Var

from modelport_onnx.blocks.constant import double, ints
from modelport_onnx.frame import Frame, concat, frame_of
from modelport_onnx.lowering import Scope, lower_predict
from modelport_onnx.ops import op
from modelport_onnx.outcome import Classified, MultiClassified, Outcome, Regressed
from modelport_sklearn.to_onnx.meta_members import classified, column, regressed
from modelport_sklearn.to_onnx.numeric import numeric


def classifiers(estimator: Any, frame: Frame, scope: Scope) -> MultiClassified:
    """MultiOutputClassifier."""
    return MultiClassified(tuple(classified(member, frame, scope) for member in estimator.estimators_))


def regressors(estimator: Any, frame: Frame, scope: Scope) -> Regressed:
    """MultiOutputRegressor."""
    return Regressed(concat([regressed(member, frame, scope).value for member in estimator.estimators_]))


def classifier_chain(estimator: Any, frame: Frame, scope: Scope) -> MultiClassified:
    """ClassifierChain: every member sees what `chain_method_` of the members before it gave."""
    outcomes = _chain(estimator, estimator.chain_method_, frame, scope)
    if any(not isinstance(outcome, Classified) for outcome in outcomes):
        raise scope.refuse("a ClassifierChain over members that do not classify")
    return MultiClassified(tuple(outcome for outcome in outcomes if isinstance(outcome, Classified)))


def regressor_chain(estimator: Any, frame: Frame, scope: Scope) -> Regressed:
    """RegressorChain: every member sees the predictions of the members before it."""
    outcomes = _chain(estimator, "predict", frame, scope)
    return Regressed(concat([outcome.value for outcome in outcomes if isinstance(outcome, Regressed)]))


def _chain(estimator: Any, method: str, frame: Frame, scope: Scope) -> list[Outcome]:
    """Outcomes of the members, in the order of the targets."""
    outcomes: list[Outcome] = []
    parts: list[Var] = [numeric(frame, scope)]
    names = list(frame.names)
    for i, member in enumerate(estimator.estimators_):
        outcome = lower_predict(member, frame_of(concat(parts), names), scope)
        outcomes.append(outcome)
        parts.append(_handed_on(outcome, method, scope))
        names.append(f"chain{i}")
    return [outcomes[int(place)] for place in np.argsort(estimator.order_)]


def _handed_on(outcome: Outcome, method: str, scope: Scope) -> Var:
    """`_get_response_values` of a binary member: [N, 1]."""
    if isinstance(outcome, Regressed):
        return outcome.value
    if not isinstance(outcome, Classified):
        raise scope.refuse("a chain over members of several targets")
    if method == "decision_function" and outcome.decision is not None:
        return outcome.decision
    if method == "predict_proba" and outcome.probability is not None:
        return column(outcome.probability, 1)
    if method != "predict":
        raise scope.refuse(f"chain_method={method!r} has no exact ONNX form", "use 'predict' or 'predict_proba'")
    labels = double(np.array([float(label) for label in outcome.classes]))
    return op.reshape(op.gather(labels, outcome.index), ints(-1, 1))
