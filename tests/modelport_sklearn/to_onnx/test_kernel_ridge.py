"""Kernel ridge regression with every kernel by name."""

import numpy as np
import pytest
from sklearn.kernel_ridge import KernelRidge

from modelport.errors import CannotConvert

KERNELS = ["linear", "poly", "polynomial", "rbf", "laplacian", "sigmoid", "cosine", "chi2", "additive_chi2"]


@pytest.fixture
def data():
    rng = np.random.default_rng(4)
    x = rng.uniform(0, 2, size=(90, 4))
    x[:, 2] = 0
    return x, x @ [1, -2, 0, 0.5] + rng.normal(size=90) * 0.1


@pytest.mark.parametrize("gamma", [None, 0.7])
@pytest.mark.parametrize("kernel", KERNELS)
def test_kernels(kernel, gamma, data, agrees):
    x, y = data
    gamma = 1.3 if kernel == "chi2" and gamma is None else gamma  # scikit-learn itself fails on chi2 without gamma
    agrees(KernelRidge(kernel=kernel, gamma=gamma, coef0=0.3, degree=3).fit(x[:60], y[:60]), np.r_[x, x * 5, x * 0])


@pytest.mark.parametrize("kernel", ["laplacian", "rbf", "additive_chi2"])
def test_more_points_than_are_held_at_once(kernel, data, agrees):
    x, y = data
    wide = np.tile(x, (3, 4)) * np.linspace(0.5, 1.5, 16)
    agrees(KernelRidge(kernel=kernel).fit(wide, np.tile(y, 3)), wide)


def test_several_targets(data, agrees):
    x, y = data
    agrees(KernelRidge(kernel="rbf").fit(x, np.c_[y, y**2]), x)


def test_similarities_given(data, agrees):
    x, y = data
    agrees(KernelRidge(kernel="precomputed").fit(x @ x.T, y), x @ x.T)


def test_a_function_is_refused(data, agrees):
    x, y = data
    with pytest.raises(CannotConvert, match="Python code"):
        agrees(KernelRidge(kernel=lambda a, b: a @ b).fit(x, y), x)
