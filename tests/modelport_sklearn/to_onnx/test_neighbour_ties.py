"""Training rows at exactly the same distance: the k nearest are those that scikit-learn's heap holds.

Brute force is compared with one thread, which `threadpoolctl` sees to.
"""

import numpy as np
import pytest
from sklearn.neighbors import (
    KNeighborsClassifier,
    KNeighborsRegressor,
    KNeighborsTransformer,
    LocalOutlierFactor,
)
from sklearn.semi_supervised import LabelSpreading
from threadpoolctl import threadpool_limits


@pytest.fixture(autouse=True)
def one_thread():
    with threadpool_limits(1):
        yield


def grid(rows, columns=3, values=5, seed=0):
    return np.random.default_rng(seed).integers(0, values, (rows, columns)).astype(float)


@pytest.mark.parametrize("algorithm", ["kd_tree", "ball_tree", "brute"])
@pytest.mark.parametrize("rows", [12, 40, 130, 700])
@pytest.mark.parametrize("count", [1, 2, 5, 8])
def test_a_grid(rows, algorithm, count, agrees):
    """A target of powers of two tells every set of neighbours from every other."""
    x = grid(rows)
    target = np.exp(np.arange(rows) % 37 * 0.31)
    model = KNeighborsRegressor(count, algorithm=algorithm, leaf_size=10).fit(x, target)
    agrees(model, np.r_[grid(120, seed=1), grid(40, seed=2) + 0.5])


@pytest.mark.parametrize("metric", ["euclidean", "manhattan", "chebyshev", "minkowski"])
def test_metrics(metric, agrees):
    x = grid(200)
    options = {"p": 3} if metric == "minkowski" else {}
    for algorithm in ("kd_tree", "ball_tree", "brute"):
        model = KNeighborsRegressor(4, metric=metric, algorithm=algorithm, **options)
        agrees(model.fit(x, np.exp(np.arange(200) % 41 * 0.3)), grid(100, seed=3))


def test_half_way_between_two_rows(agrees):
    x = np.random.default_rng(5).normal(size=(150, 3))
    middles = (x[:75] + x[75:]) / 2
    agrees(KNeighborsClassifier(1).fit(x, np.arange(150)), middles)


def test_equal_rows(agrees):
    x = np.repeat(grid(30, values=3), 4, axis=0)
    agrees(KNeighborsClassifier(3).fit(x, np.arange(120) % 7), np.unique(x, axis=0))


def test_everything_that_searches(agrees, transforms):
    x, rows = grid(90), grid(60, seed=9)
    transforms(KNeighborsTransformer(n_neighbors=3).fit(x), rows)
    agrees(LocalOutlierFactor(4, novelty=True).fit(x), rows)
    labels = np.where(np.arange(90) % 2, np.arange(90) % 3, -1)
    agrees(LabelSpreading(kernel="knn", n_neighbors=5).fit(x, labels), rows)


def test_as_many_neighbours_as_rows(agrees):
    x = grid(9)
    agrees(KNeighborsRegressor(9, algorithm="kd_tree").fit(x, np.arange(9.0)), grid(20, seed=4))
