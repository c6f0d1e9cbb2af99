"""NearestCentroid with even and uneven priors, shrunken, and with constant columns."""

import numpy as np
import pytest
from sklearn.neighbors import NearestCentroid


def data(classes=3):
    rng = np.random.default_rng(classes)
    y = rng.integers(0, classes, 150)
    x = rng.normal(size=(150, 4)) + 0.8 * (y[:, None] == np.arange(4))
    return x, y


@pytest.mark.parametrize("classes", [2, 3])
@pytest.mark.parametrize("priors", ["uniform", "empirical"])
@pytest.mark.parametrize("shrink", [None, 0.3])
def test_euclidean(classes, priors, shrink, agrees):
    x, y = data(classes)
    model = NearestCentroid(priors=priors, shrink_threshold=shrink).fit(x, np.array(["a", "b", "c"])[y])
    agrees(model, np.r_[x, x * 5])


@pytest.mark.parametrize("priors", ["uniform", "empirical"])
def test_manhattan(priors, agrees):
    x, y = data()
    agrees(NearestCentroid(metric="manhattan", priors=priors).fit(x, y), x)


def test_half_way_is_the_first_class(agrees):
    model = NearestCentroid().fit([[0.0], [0.5], [2.0], [2.5]], ["a", "a", "b", "b"])
    rows = np.array([[1.25], [np.nextafter(1.25, 2)], [np.nextafter(1.25, 0)]])
    assert agrees(model, rows)["label"][0] == "a"
