"""Estimators that hand every question on to one fitted estimator inside.

Source: `sklearn.model_selection._search.BaseSearchCV`, `sklearn.frozen.FrozenEstimator` and
`sklearn.semi_supervised.SelfTrainingClassifier` (scikit-learn 1.9).
"""

from typing import Any

from modelport_onnx.frame import Frame
from modelport_onnx.lowering import Scope, lower_predict, lower_transform
from modelport_onnx.outcome import Outcome


def _best(estimator: Any, scope: Scope) -> Any:
    if not hasattr(estimator, "best_estimator_"):
        raise scope.refuse("refit=False keeps no fitted estimator to predict with", "search with refit=True")
    return estimator.best_estimator_


def search_predict(estimator: Any, frame: Frame, scope: Scope) -> Outcome:
    """GridSearchCV, RandomizedSearchCV and the halving searches: the best estimator, refitted."""
    return lower_predict(_best(estimator, scope), frame, scope)


def search_transform(estimator: Any, frame: Frame, scope: Scope) -> Frame:
    """The best estimator's transformation."""
    return lower_transform(_best(estimator, scope), frame, scope)


def frozen_predict(estimator: Any, frame: Frame, scope: Scope) -> Outcome:
    """FrozenEstimator: what it froze."""
    return lower_predict(estimator.estimator, frame, scope)


def frozen_transform(estimator: Any, frame: Frame, scope: Scope) -> Frame:
    """FrozenEstimator around a transformer."""
    return lower_transform(estimator.estimator, frame, scope)


def self_training(estimator: Any, frame: Frame, scope: Scope) -> Outcome:
    """SelfTrainingClassifier: the classifier of its last round."""
    return lower_predict(estimator.estimator_, frame, scope)
