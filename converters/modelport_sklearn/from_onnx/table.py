"""Every recogniser: what of a graph becomes which of scikit-learn's estimators; tried in this order."""

from collections.abc import Callable, Sequence
from typing import Any

from modelport.plugins import lazy

_ROOM = "modelport_sklearn.from_onnx"


def _models(*names: str) -> list[Callable[..., Any]]:
    return [lazy(f"{_ROOM}.models.{name}") for name in names]


def _steps(*names: str) -> list[Callable[..., Any]]:
    return [lazy(f"{_ROOM}.steps.{name}") for name in names]


MODELS: Sequence[Callable[..., Any]] = _models(
    "linear:regression",
    "linear:generalised",
    "linear_classifier:logistic",
    "linear_classifier:one_versus_rest",
    "linear_classifier:huber",
    "linear_classifier:plain",
    "linear_classifier:operator",
    "bayes:bernoulli",
    "bayes:multinomial",
    "bayes:gaussian",
    "bayes:categorical",
    "trees:tree_regressor",
    "trees:tree_classifier",
    "trees:forest_regressor",
    "trees:forest_classifier",
    "trees:classifier_operator",
    "boosting:regressor",
    "boosting:classifier",
    "isolation:isolation_forest",
    "svm:regressor",
    "svm:one_class",
    "svm:classifier",
    "neighbours:regressor",
    "neighbours:classifier",
    "clusters:k_means",
    "neural:regressor",
    "neural:classifier",
)

STEPS: Sequence[Callable[..., Any]] = _steps(
    "encode:one_hot",
    "encode:ordinal",
    "impute:numbers",
    "impute:text",
    "scale:binarizer",
    "scale:normalizer",
    "project:principal",
    "scale:standard",
    "scale:min_max",
    "project:projection",
    "operators:scaler",
    "operators:normalizer",
    "operators:binarizer",
    "operators:imputer",
    "operators:one_hot",
)
