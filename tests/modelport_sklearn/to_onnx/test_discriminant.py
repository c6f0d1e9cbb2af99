"""Discriminant analysis; a binary LinearDiscriminantAnalysis has logistic, not softmax, probabilities."""

import warnings

import numpy as np
import pytest
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis, QuadraticDiscriminantAnalysis


def data(classes, features=4, seed=2):
    rng = np.random.default_rng(seed)
    y = rng.integers(0, classes, 200)
    return rng.normal(size=(200, features)) * [1, 2, 5, 0.5][:features] + y[:, None] * 0.7, y


@pytest.mark.parametrize("solver", ["svd", "lsqr", "eigen"])
@pytest.mark.parametrize("classes", [2, 3, 5])
def test_linear(solver, classes, agrees):
    x, y = data(classes)
    agrees(LinearDiscriminantAnalysis(solver=solver).fit(x, y), np.r_[x, x * 100])


def test_binary_linear_probabilities_are_logistic(agrees):
    x, y = data(2)
    model = LinearDiscriminantAnalysis().fit(x, np.array(["no", "yes"])[y])
    probability = agrees(model, x)["probability"]
    np.testing.assert_allclose(probability[:, 1], 1 / (1 + np.exp(-model.decision_function(x))), atol=1e-12)


@pytest.mark.parametrize("solver", ["svd", "eigen"])
@pytest.mark.parametrize("components", [None, 1])
def test_projection(solver, components, transforms):
    x, y = data(4)
    transforms(LinearDiscriminantAnalysis(solver=solver, n_components=components).fit(x, y), x)


@pytest.mark.parametrize("classes", [2, 3])
@pytest.mark.parametrize("regularisation", [0.0, 0.3])
def test_quadratic(classes, regularisation, agrees):
    x, y = data(classes)
    model = QuadraticDiscriminantAnalysis(reg_param=regularisation).fit(x, np.array(["a", "b", "c"])[y])
    agrees(model, np.r_[x, x * 30])


def test_quadratic_with_a_nearly_constant_column(agrees):
    x, y = data(2)
    x[:, 1] = 1 + 3e-2 * x[:, 1]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        agrees(QuadraticDiscriminantAnalysis().fit(x, y), x)


def test_quadratic_with_classes_of_different_rank(agrees):
    """Wide data with shrinkage by eigenvalues: every class has a rank of its own."""
    x, y = data(3, features=4)
    model = QuadraticDiscriminantAnalysis().fit(x, y)
    model.rotations_[1], model.scalings_[1] = model.rotations_[1][:, :3], model.scalings_[1][:3]
    agrees(model, x)
