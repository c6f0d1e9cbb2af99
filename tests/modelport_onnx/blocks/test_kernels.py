"""Kernels against `sklearn.metrics.pairwise_kernels`."""

import numpy as np
import pytest
from sklearn.metrics.pairwise import pairwise_kernels

from modelport_onnx.blocks import kernels

RNG = np.random.default_rng(4)


@pytest.mark.parametrize("name", kernels.NAMES)
@pytest.mark.parametrize("points", [4, 600])
def test_every_name(name, points, run):
    rows, known = np.abs(RNG.normal(size=(20, 3))), np.abs(RNG.normal(size=(points, 3)))
    rows[0], known[0] = 0.0, 0.0
    options = {"gamma": 0.7} if name not in ("linear", "cosine", "additive_chi2") else {}
    if name in ("poly", "polynomial", "sigmoid"):
        options["coef0"] = 0.3
    got = run(lambda x: kernels.pairwise(name, x, known, gamma=0.7, coef0=0.3), rows)
    np.testing.assert_allclose(got, pairwise_kernels(rows, known, metric=name, **options), rtol=1e-12, atol=1e-14)


def test_gamma_defaults_to_the_number_of_columns(run):
    rows = RNG.normal(size=(5, 4))
    got = run(lambda x: kernels.pairwise("rbf", x, rows), rows)
    np.testing.assert_allclose(got, pairwise_kernels(rows, metric="rbf"), atol=1e-14)


def test_an_unknown_name_is_an_error(run):
    with pytest.raises(ValueError, match="no kernel"):
        run(lambda x: kernels.pairwise("string", x, np.zeros((2, 2))), np.zeros((2, 2)))
