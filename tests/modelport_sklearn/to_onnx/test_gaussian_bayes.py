"""Gaussian naive Bayes, where the rounding of large likelihoods shows in the probabilities."""

import numpy as np
import pytest
from sklearn.naive_bayes import GaussianNB


def data(features, classes=3, scale=1.0, offset=0.0):
    rng = np.random.default_rng(features)
    y = rng.integers(0, classes, 100)
    return rng.normal(size=(100, features)) * scale + offset + y[:, None] * scale * 0.2, y


@pytest.mark.parametrize("features", [1, 2, 7, 8, 9, 15, 16, 17, 40, 130, 300])
def test_every_width(features, agrees):
    x, y = data(features)
    agrees(GaussianNB().fit(x, y), np.r_[x, x * 50])


@pytest.mark.parametrize("features", [5, 12, 200])
def test_a_constant_column_makes_huge_likelihoods(features, agrees):
    x, y = data(features)
    x[:, 0] = 3.0
    model = GaussianNB().fit(x, y)
    moved = x.copy()
    moved[:, 0] += np.linspace(-1, 1, 100)
    assert np.abs(model.predict_joint_log_proba(moved)).max() > 1e8
    agrees(model, np.r_[x, moved])


def test_large_offset(agrees):
    x, y = data(4, offset=1e7)
    agrees(GaussianNB().fit(x, y), x)


@pytest.mark.parametrize("labels", [["x", "y"], [True, False], [9, 4]], ids=str)
def test_labels(labels, agrees):
    x, y = data(4, classes=2)
    agrees(GaussianNB(priors=[0.25, 0.75]).fit(x, np.array(labels)[y]), x)


def test_one_class(agrees):
    x, _ = data(4)
    agrees(GaussianNB().fit(x, np.zeros(100, int)), x)


def test_rows_half_way_between_two_classes(agrees):
    model = GaussianNB().fit([[-2.0], [0.0], [2.0], [4.0]], [0, 0, 1, 1])
    rows = np.array([[1.0], [np.nextafter(1.0, 2)], [np.nextafter(1.0, 0)]])
    assert agrees(model, rows)["label"][0] == 0
