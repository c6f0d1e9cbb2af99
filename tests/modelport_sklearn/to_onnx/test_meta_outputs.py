"""Several targets: side by side and in chains of every order."""

import numpy as np
import pytest
from sklearn.linear_model import LinearRegression, LogisticRegression, Ridge
from sklearn.multioutput import ClassifierChain, MultiOutputClassifier, MultiOutputRegressor, RegressorChain
from sklearn.naive_bayes import GaussianNB
from sklearn.svm import LinearSVC


@pytest.fixture
def data():
    rng = np.random.default_rng(1)
    x = rng.normal(size=(200, 4))
    return x, np.c_[x[:, 0] + x[:, 1] > 0, x[:, 1] > 0.5, x[:, 2] * x[:, 3] > 0].astype(int)


def check(model, x, agrees_on_file, probabilities):
    got, want = agrees_on_file(model, x), model.predict(x)
    for i in range(want.shape[1]):
        assert got[f"label_{i}"].tolist() == want[:, i].tolist()
        if probabilities is not None:
            np.testing.assert_allclose(got[f"probability_{i}"][:, 1], probabilities[i], atol=1e-12)


def test_classifiers_side_by_side(data, agrees_on_file):
    x, y = data
    model = MultiOutputClassifier(LogisticRegression()).fit(x, y)
    check(model, x, agrees_on_file, [part[:, 1] for part in model.predict_proba(x)])
    check(MultiOutputClassifier(LinearSVC()).fit(x, np.array(["a", "b"])[y]), x, agrees_on_file, None)


def test_regressors_side_by_side(data, agrees):
    x, y = data
    agrees(MultiOutputRegressor(Ridge()).fit(x, y + x[:, :3]), x)


@pytest.mark.parametrize("order", [None, [2, 0, 1], "random"])
@pytest.mark.parametrize("method", ["predict", "predict_proba", "decision_function"])
def test_classifier_chains(method, order, data, agrees_on_file):
    x, y = data
    model = ClassifierChain(LogisticRegression(), order=order, chain_method=method, random_state=0).fit(x, y)
    check(model, x, agrees_on_file, model.predict_proba(x).T)


def test_a_chain_without_decisions(data, agrees_on_file):
    x, y = data
    model = ClassifierChain(GaussianNB(), order=[1, 2, 0], cv=3).fit(x, y)
    check(model, x, agrees_on_file, model.predict_proba(x).T)


@pytest.mark.parametrize("order", [None, [2, 0, 1]])
def test_regressor_chains(order, data, agrees):
    x, y = data
    agrees(RegressorChain(LinearRegression(), order=order).fit(x, y + x[:, :3]), x)
