"""Voting: soft, hard, weighted, with dropped members, as a predictor and as a transformer."""

import numpy as np
import pytest
from sklearn.ensemble import VotingClassifier, VotingRegressor
from sklearn.linear_model import LinearRegression, LogisticRegression, Perceptron, Ridge
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier

MEMBERS = [("logistic", LogisticRegression()), ("bayes", GaussianNB()), ("near", KNeighborsClassifier())]


def data(classes=3):
    rng = np.random.default_rng(classes)
    y = rng.integers(0, classes, 150)
    return rng.normal(size=(150, 4)) + 0.7 * (y[:, None] == np.arange(4)), y


@pytest.mark.parametrize("labels", [["z", "b", "ä"], [30, 10, 20], [True, False, False]], ids=str)
@pytest.mark.parametrize("weights", [None, [2, 1, 0.5]])
@pytest.mark.parametrize("voting", ["soft", "hard"])
def test_classification(voting, weights, labels, agrees):
    x, y = data()
    model = VotingClassifier(MEMBERS, voting=voting, weights=weights).fit(x[:100], np.array(labels)[y[:100]])
    agrees(model, np.r_[x, x * 5])


def test_default_settings_and_a_dropped_member(agrees):
    x, y = data()
    model = VotingClassifier([*MEMBERS, ("perceptron", Perceptron()), ("gone", "drop")], weights=[1, 1, 1, 2, 9])
    agrees(model.fit(x, y), x)


def test_a_tie_goes_to_the_first_class(agrees):
    x, y = data(2)
    model = VotingClassifier(MEMBERS[:2]).fit(x, np.array(["b", "a"])[y])
    rows = np.random.default_rng(0).normal(size=(500, 4))
    assert (model.estimators_[0].predict(rows) != model.estimators_[1].predict(rows)).any()
    agrees(model, rows)


@pytest.mark.parametrize("weights", [None, [3, 1]])
def test_regression(weights, agrees, transforms):
    x, y = data()
    model = VotingRegressor([("linear", LinearRegression()), ("ridge", Ridge(50))], weights=weights).fit(x, y)
    agrees(model, x)
    transforms(model, x)


@pytest.mark.parametrize("voting", ["soft", "hard"])
def test_as_a_transformer(voting, transforms):
    x, y = data()
    transforms(VotingClassifier(MEMBERS, voting=voting).fit(x, np.array(["z", "b", "c"])[y]), x)
