"""Stacking: every method of the members, passed-through columns, two and several classes."""

import numpy as np
import pytest
from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor, StackingClassifier, StackingRegressor
from sklearn.linear_model import LinearRegression, LogisticRegression, Perceptron, Ridge
from sklearn.naive_bayes import GaussianNB
from sklearn.svm import SVC, SVR

from modelport.errors import CannotConvert

MEMBERS = [("logistic", LogisticRegression()), ("bayes", GaussianNB()), ("svm", SVC()), ("line", Perceptron())]


def data(classes=3):
    rng = np.random.default_rng(classes)
    y = rng.integers(0, classes, 180)
    return rng.normal(size=(180, 4)) + 0.7 * (y[:, None] == np.arange(4)), y


@pytest.mark.parametrize("labels", [["b", "a"], [5, 3, 4], [True, False]], ids=str)
@pytest.mark.parametrize("method", ["auto", "predict"])
@pytest.mark.parametrize("through", [False, True])
def test_classification(through, method, labels, agrees, transforms):
    x, y = data(len(labels))
    model = StackingClassifier(MEMBERS, stack_method=method, passthrough=through, cv=3)
    model.fit(x[:120], np.array(labels)[y[:120]])
    agrees(model, np.r_[x, x * 4])
    transforms(model, x)


@pytest.mark.parametrize("final", [SVC(), GaussianNB(), Perceptron()], ids=lambda m: type(m).__name__)
def test_final_estimators(final, agrees):
    x, y = data()
    agrees(StackingClassifier(MEMBERS[:2], final, cv=3).fit(x, np.array(["x", "y", "z"])[y]), x)


@pytest.mark.parametrize("through", [False, True])
def test_regression(through, agrees, transforms):
    x, y = data()
    members = [("linear", LinearRegression()), ("gone", "drop"), ("svr", SVR())]
    model = StackingRegressor(members, Ridge(), passthrough=through, cv=3).fit(x, y + x[:, 0])
    agrees(model, x)
    transforms(model, x)


def test_members_fitted_before(agrees):
    x, y = data()
    members = [("logistic", LogisticRegression().fit(x, y)), ("bayes", GaussianNB().fit(x, y))]
    agrees(StackingClassifier(members, cv="prefit").fit(x, y), x)


def on_the_splits(forest, x):
    """Rows with a column on a split of the forest, and one float64 or float32 step to either side of it."""
    rows = []
    for tree in forest.estimators_:
        for feature, split in zip(tree.tree_.feature, tree.tree_.threshold, strict=True):
            if feature >= 0:
                narrow = np.float32(split)
                steps = [split, np.nextafter(split, 9), np.nextafter(split, -9), narrow]
                steps += [np.nextafter(narrow, np.float32(9)), np.nextafter(narrow, np.float32(-9))]
                for value in steps:
                    row = x[len(rows) % len(x)].copy()
                    row[feature] = value
                    rows.append(row)
    return np.array(rows)


def test_forests_as_members_on_their_splits(agrees):
    x, y = data()
    forest = RandomForestClassifier(5, max_depth=3, random_state=0)
    model = StackingClassifier([("forest", forest), ("bayes", GaussianNB())], cv=3).fit(x, y)
    agrees(model, on_the_splits(model.estimators_[0], x))
    forest = RandomForestRegressor(5, max_depth=3, random_state=0)
    model = StackingRegressor([("forest", forest), ("linear", LinearRegression())], cv=3).fit(x, x[:, 0])
    agrees(model, on_the_splits(model.estimators_[0], x))


def test_several_labels_at_once_are_refused(agrees):
    from sklearn.neighbors import KNeighborsClassifier

    x, y = data()
    near = KNeighborsClassifier()
    model = StackingClassifier([("near", near)], near, cv=3).fit(x, np.c_[y > 0, y > 1].astype(int))
    with pytest.raises(CannotConvert, match="several labels"):
        agrees(model, x)
