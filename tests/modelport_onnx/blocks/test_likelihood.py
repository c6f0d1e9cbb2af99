"""Posteriors from log-likelihoods, also where these are huge."""

import numpy as np
from scipy.special import logsumexp

from modelport_onnx.blocks import likelihood


def test_normaliser(run):
    rows = np.random.default_rng(0).normal(size=(60, 5)) * np.logspace(0, 8, 60)[:, None]
    np.testing.assert_allclose(run(likelihood.log_normaliser, rows)[:, 0], logsumexp(rows, axis=1), rtol=1e-15)


def test_the_rounding_of_a_huge_normaliser_shows(run):
    """1e9 + log(2) rounds to the scale of 1e9, and the posterior of two equal classes is not one half."""
    rows = np.array([[1e9, 1e9], [0.0, 0.0]])
    want = np.exp(rows - logsumexp(rows, axis=1)[:, None])
    np.testing.assert_array_equal(run(likelihood.posterior, rows), want)
    assert want[0, 0] != 0.5
