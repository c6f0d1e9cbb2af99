"""Kernels against stored rows."""

import numpy as np
import pytest
from sklearn.decomposition import KernelPCA
from sklearn.kernel_approximation import Nystroem

from modelport.errors import CannotConvert

KERNELS = ["linear", "poly", "rbf", "sigmoid", "cosine", "laplacian", "chi2"]


@pytest.fixture
def rows():
    return np.random.default_rng(1).uniform(0.1, 2, (40, 3))


@pytest.mark.parametrize("kernel", KERNELS)
def test_nystroem(kernel, rows, agrees):
    agrees(Nystroem(kernel=kernel, n_components=8, random_state=0).fit(rows), rows)
    if kernel in ("poly", "rbf", "sigmoid"):
        given = {"gamma": 0.3} if kernel == "rbf" else {"gamma": 0.3, "coef0": 0.7}
        agrees(Nystroem(kernel=kernel, n_components=8, random_state=0, **given).fit(rows), rows)


@pytest.mark.parametrize("kernel", KERNELS[:5])
def test_kernel_pca(kernel, rows, agrees):
    agrees(KernelPCA(3, kernel=kernel).fit(rows), rows)
    agrees(KernelPCA(3, kernel=kernel, gamma=0.2, degree=2, coef0=0.5).fit(rows), rows + 0.01)


def test_without_a_number_of_components(rows, agrees):
    agrees(KernelPCA(kernel="linear", remove_zero_eig=True).fit(rows), rows)


def test_a_kernel_in_python_is_refused(rows, agrees):
    with pytest.raises(CannotConvert, match="Python code"):
        agrees(Nystroem(kernel=lambda a, b: a @ b, n_components=5, random_state=0).fit(rows), rows)


def test_precomputed(rows, agrees):
    kernel = rows @ rows.T
    agrees(KernelPCA(2, kernel="precomputed").fit(kernel), kernel)
