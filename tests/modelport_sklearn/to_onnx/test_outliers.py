"""Outlier detectors that threshold a linear or a quadratic score."""

import numpy as np
from sklearn.covariance import EllipticEnvelope
from sklearn.linear_model import SGDOneClassSVM

X = np.random.default_rng(4).normal(size=(200, 3)) * [1, 5, 0.2] + [0, 1e3, 0]


def test_elliptic(agrees):
    model = EllipticEnvelope(contamination=0.1, random_state=0).fit(X[:150])
    agrees(model, np.r_[X, X * 1.5])


def test_stochastic_one_class(agrees):
    model = SGDOneClassSVM(nu=0.2, random_state=0).fit(X[:150] - [0, 1e3, 0])
    agrees(model, X - [0, 1e3, 0])


def test_a_score_of_zero_is_an_inlier(agrees):
    model = SGDOneClassSVM(random_state=0).fit(X)
    model.coef_, model.offset_ = np.array([1.0, 0, 0]), np.array([0.5])
    assert agrees(model, np.array([[0.5, 0, 0], [np.nextafter(0.5, 0), 0, 0]]))["label"].tolist() == [1, -1]
