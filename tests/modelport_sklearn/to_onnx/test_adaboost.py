"""AdaBoost: votes of trees and of other classifiers, medians of regressors."""

import numpy as np
import pytest
from sklearn.ensemble import AdaBoostClassifier, AdaBoostRegressor
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor


def data(classes=3, seed=0):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(200, 4))
    return x, np.clip(np.digitize(x[:, 0] + 0.5 * x[:, 1] + rng.normal(size=len(x)), [-0.7, 0.7]), 0, classes - 1)


def splits(probes, model):
    trees = [member.tree_ for member in model.estimators_ if hasattr(member, "tree_")]
    return probes.thresholds_of(*[(tree.feature, tree.threshold) for tree in trees])


@pytest.mark.parametrize("base", [None, DecisionTreeClassifier(max_depth=3), LogisticRegression()], ids=str)
@pytest.mark.parametrize("classes", [1, 2, 3])
def test_classifiers(classes, base, agrees, probes):
    if classes == 1 and isinstance(base, LogisticRegression):
        base = None  # which cannot be fitted with one class
    x, kind = data(classes)
    model = AdaBoostClassifier(base, n_estimators=20, random_state=0).fit(x, np.array(["a", "b", "c"])[kind])
    agrees(model, probes.boundary_rows(x, splits(probes, model)))


@pytest.mark.parametrize("loss", ["linear", "square", "exponential"])
@pytest.mark.parametrize("base", [None, DecisionTreeRegressor(max_depth=5), LinearRegression()], ids=str)
def test_regressors(base, loss, agrees, probes):
    x, kind = data()
    model = AdaBoostRegressor(base, n_estimators=15, loss=loss, random_state=0).fit(x, kind + x[:, 2])
    agrees(model, probes.boundary_rows(x, splits(probes, model)))
