"""Bagging: trees and other members, columns drawn, classes that a member never saw."""

import numpy as np
import pytest
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.ensemble import BaggingClassifier, BaggingRegressor
from sklearn.linear_model import LinearRegression, LogisticRegression, RidgeClassifier
from sklearn.tree import DecisionTreeClassifier


def data(classes=3, seed=0):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(200, 5))
    return x, np.clip(np.digitize(x[:, 0] + 0.5 * x[:, 1] + rng.normal(size=len(x)), [-0.7, 0.7]), 0, classes - 1)


def splits(probes, model):
    pairs = zip(model.estimators_, model.estimators_features_, strict=True)
    trees = [(member.tree_, own) for member, own in pairs if hasattr(member, "tree_")]
    return probes.thresholds_of(
        *[(np.where(tree.feature < 0, -1, own[tree.feature]), tree.threshold) for tree, own in trees]
    )


@pytest.mark.parametrize(
    "options", [{}, {"max_features": 0.6}, {"max_features": 3, "bootstrap_features": True}], ids=str
)
@pytest.mark.parametrize(
    "base", [None, DecisionTreeClassifier(max_depth=3), LogisticRegression(), RidgeClassifier()], ids=str
)
@pytest.mark.parametrize("classes", [2, 3])
def test_classifiers(classes, base, options, agrees, probes):
    x, kind = data(classes)
    model = BaggingClassifier(base, random_state=0, **options).fit(x, np.array(["a", "b", "c"])[kind])
    agrees(model, probes.boundary_rows(x, splits(probes, model)))


def test_a_class_that_some_members_never_saw(converted):
    """scikit-learn's own `decision_function` fails on such an ensemble; its probabilities and labels do not."""
    x, kind = data(3)
    kind = np.where(np.arange(len(x)) % 80 == 7, 2, np.minimum(kind, 1))
    model = BaggingClassifier(LinearDiscriminantAnalysis(), random_state=0).fit(x, kind)
    assert {len(member.classes_) for member in model.estimators_} == {2, 3}
    got = converted(model, x)
    assert got["label"].tolist() == model.predict(x).tolist()
    assert np.allclose(got["probability"], model.predict_proba(x), rtol=0, atol=1e-12)


@pytest.mark.parametrize("base", [None, LinearRegression()], ids=str)
@pytest.mark.parametrize("options", [{}, {"max_features": 0.6}], ids=str)
def test_regressors(base, options, agrees, probes):
    x, kind = data()
    model = BaggingRegressor(base, random_state=0, **options).fit(x, kind + x[:, 2])
    agrees(model, probes.boundary_rows(x, splits(probes, model)))
