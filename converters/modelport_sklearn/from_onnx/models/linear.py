"""Linear regressors, with and without a logarithmic link.

Built on scikit-learn 1.9: `LinearRegression.predict` reads `coef_` and `intercept_` alone; `PoissonRegressor` keeps its
link in an attribute that `fit` makes, so it is fitted on rows of zeros first.
"""

from typing import Any

import numpy as np

from modelport.signature import Task
from modelport_sklearn.from_onnx.graph import Array, expect
from modelport_sklearn.from_onnx.head import Found, Head
from modelport_sklearn.from_onnx.models.affine import affine


def regression(head: Head) -> Found:
    """LinearRegression; every linear regressor predicts so."""
    expect(head.task is Task.REGRESSION)
    rows, weights, offset = affine(head.graph, _flat(head))
    from sklearn.linear_model import LinearRegression

    return Found(_set(LinearRegression(), weights, offset), rows)


def generalised(head: Head) -> Found:
    """PoissonRegressor: the exponential of a linear form (Gamma and Tweedie regression with link="log" too)."""
    expect(head.task is Task.REGRESSION)
    rows, weights, offset = affine(head.graph, head.graph.behind(_flat(head), "Exp"))
    expect(len(weights) == 1)
    from sklearn.linear_model import PoissonRegressor

    made = PoissonRegressor().fit(np.zeros((2, weights.shape[1])), np.ones(2))
    return Found(_set(made, weights, offset), rows)


def _flat(head: Head) -> str:
    return head.graph.widened(head.graph.reshaped(head.graph.widened(head.only)))


def _set(made: Any, weights: Array, offset: Array) -> Any:
    made.coef_, made.intercept_ = (weights[0], float(offset[0])) if len(weights) == 1 else (weights, offset)
    made.n_features_in_ = weights.shape[1]
    return made
