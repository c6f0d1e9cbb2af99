"""Every linear regressor, one and several targets, large offsets and constant columns."""

import warnings

import numpy as np
import pytest
from sklearn import linear_model, svm

PLAIN = [
    "ARDRegression",
    "BayesianRidge",
    "ElasticNet",
    "ElasticNetCV",
    "HuberRegressor",
    "Lars",
    "LarsCV",
    "Lasso",
    "LassoCV",
    "LassoLars",
    "LassoLarsCV",
    "LassoLarsIC",
    "LinearRegression",
    "OrthogonalMatchingPursuit",
    "OrthogonalMatchingPursuitCV",
    "PassiveAggressiveRegressor",
    "QuantileRegressor",
    "RANSACRegressor",
    "Ridge",
    "RidgeCV",
    "SGDRegressor",
    "TheilSenRegressor",
]
SEVERAL = [
    "LinearRegression",
    "Ridge",
    "RidgeCV",
    "Lasso",
    "ElasticNet",
    "Lars",
    "LassoLars",
    "OrthogonalMatchingPursuit",
    "MultiTaskElasticNet",
    "MultiTaskElasticNetCV",
    "MultiTaskLasso",
    "MultiTaskLassoCV",
    "RANSACRegressor",
]


@pytest.fixture
def data():
    rng = np.random.default_rng(7)
    x = rng.normal(size=(120, 5)) * [1, 10, 0.1, 1000, 0] + [0, 100, 0, 1e6, 3]
    y = x[:, 0] + 0.1 * x[:, 1] + rng.normal(size=120) * 0.1
    return x, y


def fitted(estimator, x, y):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return estimator.fit(x, y)


@pytest.mark.parametrize("name", PLAIN)
def test_one_target(name, data, agrees):
    x, y = data
    agrees(fitted(getattr(linear_model, name)(), x[:90], y[:90]), x)


@pytest.mark.parametrize("name", SEVERAL)
def test_several_targets(name, data, agrees):
    x, y = data
    targets = np.c_[y, -y + x[:, 2], x[:, 0]]
    agrees(fitted(getattr(linear_model, name)(), x[:90], targets[:90]), x)


def test_one_column_target_keeps_its_shape(data, agrees):
    x, y = data
    agrees(linear_model.LinearRegression().fit(x, y[:, None]), x)


def test_no_intercept(data, agrees):
    x, y = data
    agrees(linear_model.Ridge(fit_intercept=False).fit(x, y), x)


def test_linear_svr(data, agrees):
    x, y = data
    agrees(fitted(svm.LinearSVR(random_state=0), x, y), x)


def test_sparsified_coefficients(data, agrees):
    x, y = data
    agrees(linear_model.SGDRegressor(random_state=0).fit(x[:, :3], y).sparsify(), x[:, :3])


@pytest.mark.parametrize(
    "estimator",
    [
        linear_model.PoissonRegressor(),
        linear_model.GammaRegressor(),
        linear_model.TweedieRegressor(power=1.5),
        linear_model.TweedieRegressor(power=0, link="identity"),
        linear_model.TweedieRegressor(power=0, link="log"),
    ],
    ids=repr,
)
def test_generalised(estimator, data, agrees):
    x, y = data
    x = (x - x.mean(axis=0)) / np.maximum(x.std(axis=0), 1e-3)
    agrees(fitted(estimator, x, np.exp(0.1 * y)), np.r_[x, x * 30])
