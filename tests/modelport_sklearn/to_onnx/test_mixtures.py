"""Gaussian mixtures of every covariance type."""

import numpy as np
import pytest
from sklearn.mixture import BayesianGaussianMixture, GaussianMixture


@pytest.mark.parametrize("covariance", ["full", "tied", "diag", "spherical"])
@pytest.mark.parametrize("kind", [GaussianMixture, BayesianGaussianMixture])
@pytest.mark.parametrize("offset", [0.0, 500.0])
def test_components(kind, covariance, offset, agrees):
    rng = np.random.default_rng(1)
    x = rng.normal(size=(240, 3)) * [1, 3, 0.2] + rng.integers(0, 3, (240, 1)) * [2.0, -3, 0.5] + offset
    model = kind(n_components=3, covariance_type=covariance, random_state=0, max_iter=300, reg_covar=1e-4).fit(x[:150])
    agrees(model, np.r_[x, (x - offset) * 3 + offset])


def test_weights_decide_where_components_are_alike(agrees):
    x = np.random.default_rng(0).normal(size=(100, 2))
    agrees(GaussianMixture(1).fit(x), x)
    agrees(BayesianGaussianMixture(n_components=4, weight_concentration_prior_type="dirichlet_distribution").fit(x), x)
