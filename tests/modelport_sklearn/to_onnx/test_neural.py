"""Multi-layer perceptrons: every activation, every kind of target."""

import warnings

import numpy as np
import pytest
from sklearn.neural_network import MLPClassifier, MLPRegressor


@pytest.fixture
def data():
    rng = np.random.default_rng(11)
    x = rng.normal(size=(120, 4))
    return x, x[:, 0] - x[:, 1] ** 2


def fitted(model, x, y):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return model.set_params(max_iter=30, random_state=0, hidden_layer_sizes=(8, 5)).fit(x, y)


@pytest.mark.parametrize("activation", ["identity", "logistic", "tanh", "relu"])
def test_regression(activation, data, agrees):
    x, y = data
    model = fitted(MLPRegressor(activation=activation), x, np.c_[y, -y])
    agrees(model, np.r_[x, x * 50])
    agrees(fitted(MLPRegressor(activation=activation), x, y), x)


def test_poisson_loss_has_an_exponential_output(data, agrees):
    x, y = data
    agrees(fitted(MLPRegressor(loss="poisson"), x, np.exp(y)), x)


@pytest.mark.parametrize("labels", [["a", "b"], [5, 3, 4], [True, False], ["x", "y", "z"]], ids=str)
@pytest.mark.parametrize("activation", ["logistic", "relu"])
def test_classification(activation, labels, data, agrees):
    x, y = data
    target = np.array(labels)[np.digitize(y, [-1.0, 0.0]) % len(labels)]
    agrees(fitted(MLPClassifier(activation=activation), x, target), np.r_[x, x * 80])


def test_one_half_is_the_first_class(data, agrees):
    x, y = data
    model = fitted(MLPClassifier(), x, y > 0)
    model.coefs_[-1][:] = 0
    model.intercepts_[-1][:] = 0
    assert not agrees(model, x)["label"].any()


def test_several_labels(data, agrees_on_file):
    x, y = data
    model = fitted(MLPClassifier(), x, np.c_[y > 0, x[:, 2] > 0, y > 1].astype(int))
    got = agrees_on_file(model, x)
    assert (np.stack([got[f"label_{i}"] for i in range(3)], axis=1) == model.predict(x)).all()
    for i in range(3):
        np.testing.assert_allclose(got[f"probability_{i}"][:, 1], model.predict_proba(x)[:, i], atol=1e-12)
