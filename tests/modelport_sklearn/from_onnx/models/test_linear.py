"""Linear regressors come back."""

import numpy as np
import pytest
from sklearn.linear_model import GammaRegressor, Lasso, PoissonRegressor, Ridge
from sklearn.svm import LinearSVR


@pytest.mark.parametrize("model", [Ridge(), Lasso(alpha=0.01), LinearSVR(max_iter=50)], ids=lambda m: type(m).__name__)
def test_every_linear_regressor_is_a_linear_regression(model, numbers, back) -> None:
    found = back(model, numbers, numbers[:, 0] * 2 + numbers[:, 3])
    assert type(found).__name__ == "LinearRegression"
    np.testing.assert_array_equal(found.coef_, model.coef_)


def test_several_targets(numbers, back) -> None:
    found = back(Ridge(), numbers, numbers[:, :2])
    assert found.coef_.shape == (2, 4)


@pytest.mark.parametrize("model", [PoissonRegressor(), GammaRegressor()], ids=lambda m: type(m).__name__)
def test_a_logarithmic_link(model, numbers, back) -> None:
    found = back(model, numbers / [1, 30, 0.1, 2], np.exp(numbers[:, 0]))
    assert type(found).__name__ == "PoissonRegressor"
