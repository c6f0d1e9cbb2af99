"""PowerTransformer, with exponents at and beside those that need a logarithm."""

import numpy as np
import pytest
from sklearn.preprocessing import PowerTransformer

from modelport.errors import RuntimeFailed


@pytest.fixture
def rows():
    return np.random.default_rng(2).lognormal(0, 1, (100, 4)) * [1, 100, 1e-2, 3]


@pytest.mark.parametrize("method", ["yeo-johnson", "box-cox"])
@pytest.mark.parametrize("standardize", [True, False])
def test_fitted_exponents(method, standardize, rows, agrees, boundary):
    power = PowerTransformer(method=method, standardize=standardize).fit(rows)
    agrees(power, rows)
    edge = np.array([boundary([1e-300, 1e-17, 1e-9, 1e-4, 1.0, 7.3])] * 4).T
    agrees(power, np.abs(edge) + 1e-320)
    if method == "yeo-johnson":
        agrees(power, np.vstack([-edge, edge * 0]))


@pytest.mark.parametrize("exponent", [0.0, 1e-17, 1e-12, 1.0, 2.0, 2 - 1e-12, 2 + 1e-17, -3.0, 5.0])
@pytest.mark.parametrize("method", ["yeo-johnson", "box-cox"])
def test_special_exponents(exponent, method, rows, agrees):
    power = PowerTransformer(method=method, standardize=False).fit(rows)
    power.lambdas_ = np.full(4, exponent)
    agrees(power, rows / 50 + 1e-3)
    if method == "yeo-johnson":
        agrees(power, -rows / 50)


def test_missing_values_stay(rows, agrees):
    rows[::5, 2] = np.nan
    agrees(PowerTransformer().fit(rows), rows)
    agrees(PowerTransformer(method="box-cox").fit(rows), rows)


def test_zero_fails_where_scikit_learn_raises(rows, agrees):
    session = agrees(PowerTransformer(method="box-cox").fit(rows), rows)
    with pytest.raises(RuntimeFailed):
        session.run({"X": np.zeros((1, 4))})
