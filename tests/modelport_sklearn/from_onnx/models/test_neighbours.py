"""Nearest neighbours come back, fitted on the points in the graph."""

import numpy as np
import pytest
from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor


@pytest.mark.parametrize("options", [{}, {"n_neighbors": 1}, {"metric": "manhattan"}, {"metric": "chebyshev"}], ids=str)
def test_classifiers(options, numbers, back) -> None:
    found = back(KNeighborsClassifier(**options), numbers, np.array(["b", "a"])[(numbers[:, 0] > 0).astype(int)])
    assert found.n_neighbors == options.get("n_neighbors", 5)
    assert found.metric == options.get("metric", "euclidean")


@pytest.mark.parametrize("count", [20, 200], ids=["at once", "row by row"])
def test_regressors(count, numbers, back) -> None:
    rows = numbers[:count]
    back(KNeighborsRegressor(weights="distance"), rows, rows[:, 0], probes=numbers + 0.01)
