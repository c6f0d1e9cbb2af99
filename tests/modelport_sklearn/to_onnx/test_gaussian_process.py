"""Gaussian processes: every kernel alone and composed, one and several targets, two and several classes."""

import warnings

import numpy as np
import pytest
from sklearn.gaussian_process import GaussianProcessClassifier, GaussianProcessRegressor
from sklearn.gaussian_process import kernels as k

from modelport.errors import CannotConvert, NotFitted

KERNELS = [
    k.ConstantKernel(2.0) * k.RBF(0.7),
    k.RBF([0.5, 2.0, 1.0]),
    k.Matern(nu=0.5),
    k.Matern(nu=1.5, length_scale=[1.0, 2.0, 3.0]),
    k.Matern(nu=2.5),
    k.Matern(nu=np.inf),
    k.RationalQuadratic(alpha=0.6, length_scale=1.5),
    k.DotProduct(sigma_0=0.4),
    k.RBF() + k.WhiteKernel(0.1) + k.DotProduct() ** 2,
    k.PairwiseKernel(metric="rbf", gamma=0.5),
    k.PairwiseKernel(metric="laplacian", gamma=0.5),
    k.PairwiseKernel(metric="polynomial", gamma=0.5, pairwise_kernels_kwargs={"degree": 2}),
    k.PairwiseKernel(metric="cosine") + k.WhiteKernel(),
]


@pytest.fixture
def data():
    rng = np.random.default_rng(8)
    x = rng.normal(size=(70, 3))
    return x, np.sin(x[:, 0]) + x[:, 1] * 0.5 + rng.normal(size=70) * 0.1


def fitted(model, x, y):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return model.fit(x, y)


@pytest.mark.parametrize("kernel", KERNELS, ids=str)
def test_regression(kernel, data, agrees):
    x, y = data
    model = GaussianProcessRegressor(kernel, optimizer=None, alpha=0.05, normalize_y=True)
    agrees(fitted(model, x[:50], y[:50]), np.r_[x, x * 4])


@pytest.mark.parametrize("kernel", KERNELS, ids=str)
def test_binary_classification(kernel, data, agrees):
    x, y = data
    labels = np.where(y > 0, "up", "down")
    agrees(fitted(GaussianProcessClassifier(kernel, optimizer=None), x[:50], labels[:50]), np.r_[x, x * 4])


def test_periodic(data, agrees):
    x, y = data
    kernel, time = k.ExpSineSquared(periodicity=3.0, length_scale=1.2) + k.WhiteKernel(0.1), x[:, :1]
    agrees(fitted(GaussianProcessRegressor(kernel, optimizer=None), time, y), np.r_[time, time * 9])
    agrees(fitted(GaussianProcessClassifier(kernel, optimizer=None), time, y > 0), np.r_[time, time * 9])


def test_optimised_defaults(data, agrees):
    x, y = data
    agrees(fitted(GaussianProcessRegressor(alpha=0.01), x, y), x)
    agrees(fitted(GaussianProcessClassifier(), x, y > 0), x)


def test_several_targets(data, agrees):
    x, y = data
    agrees(fitted(GaussianProcessRegressor(k.RBF(), alpha=0.1, normalize_y=True), x, np.c_[y, y**2 + 3]), x)


def test_one_class_against_the_rest(data, agrees):
    x, y = data
    agrees(fitted(GaussianProcessClassifier(optimizer=None), x, np.digitize(y, [-0.5, 0.5])), x)


def test_one_class_against_one_has_no_probabilities(data, agrees, agrees_on_file):
    x, y = data
    labels = np.array(["a", "b", "c"])[np.digitize(y, [-0.5, 0.5])]
    model = fitted(GaussianProcessClassifier(multi_class="one_vs_one", optimizer=None), x, labels)
    agrees(model.base_estimator_, x)
    got = agrees_on_file(model, x)
    assert "probability" not in got
    assert got["label"].tolist() == model.predict(x).tolist()


def test_far_from_the_origin(data, agrees):
    x, y = data
    agrees(fitted(GaussianProcessRegressor(k.Matern(nu=1.5), alpha=0.1), x + 1e6, y), x + 1e6)


def test_bessel_functions_are_refused(data, agrees):
    x, y = data
    with pytest.raises(CannotConvert, match="Bessel"):
        agrees(fitted(GaussianProcessRegressor(k.Matern(nu=0.7), optimizer=None, alpha=0.1), x, y), x)


def test_a_process_that_was_not_fitted_is_refused(data, agrees):
    with pytest.raises(NotFitted):
        agrees(GaussianProcessRegressor(), data[0])
