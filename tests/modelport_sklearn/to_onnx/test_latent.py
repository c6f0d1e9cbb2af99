"""Partial least squares and canonical correlation: predictions and scores."""

import numpy as np
import pytest
from sklearn.cross_decomposition import CCA, PLSSVD, PLSCanonical, PLSRegression

RNG = np.random.default_rng(3)
X = RNG.normal(size=(100, 5)) * [1, 10, 0.1, 5, 1] + [0, 1e4, 0, 3, 0]
Y = np.c_[X[:, 0] + X[:, 3], X[:, 1] * 0.1] + RNG.normal(size=(100, 2)) * 0.1


@pytest.mark.parametrize("scale", [True, False])
@pytest.mark.parametrize("kind", [PLSRegression, PLSCanonical, CCA])
def test_predictions_and_scores(kind, scale, agrees, transforms):
    model = kind(n_components=2, scale=scale).fit(X[:70], Y[:70])
    agrees(model, X)
    transforms(model, X)


def test_one_target(agrees):
    agrees(PLSRegression(2).fit(X, Y[:, 0]), X)


@pytest.mark.parametrize("scale", [True, False])
def test_svd(scale, transforms):
    transforms(PLSSVD(n_components=2, scale=scale).fit(X, Y), X)
