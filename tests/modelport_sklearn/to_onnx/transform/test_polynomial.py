"""PolynomialFeatures."""

import numpy as np
import pytest
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, PolynomialFeatures


@pytest.mark.parametrize("degree", [1, 2, 3, 4, (2, 3), (0, 1), (2, 2), (3, 4)])
@pytest.mark.parametrize("interaction_only", [True, False])
@pytest.mark.parametrize("include_bias", [True, False])
def test_every_degree(degree, interaction_only, include_bias, agrees):
    """A public converter gives a float64 graph that no runtime loads."""
    rows = np.random.default_rng(0).normal(0, 10, (30, 4))
    agrees(PolynomialFeatures(degree, interaction_only=interaction_only, include_bias=include_bias).fit(rows), rows)


def test_bias_alone(agrees):
    rows = np.ones((4, 2))
    agrees(PolynomialFeatures(0).fit(rows), rows)


def test_one_column_and_float32_grid(agrees, boundary):
    rows = np.array([boundary([0.1, 1e5 + 0.1, -3.7])]).T
    agrees(PolynomialFeatures(3).fit(rows), rows)


def test_sparse_input(agrees):
    rows = np.random.default_rng(0).integers(0, 3, (30, 2)).astype(float)
    for degree in (2, 4):
        agrees(make_pipeline(OneHotEncoder(), PolynomialFeatures(degree)).fit(rows), rows)
