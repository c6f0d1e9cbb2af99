"""Trees and forests come back, to the float on both sides of every split."""

import numpy as np
import pytest
from sklearn.ensemble import BaggingClassifier, ExtraTreesRegressor, RandomForestClassifier, RandomForestRegressor
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

from tests.probes import boundary_rows, thresholds_of

SMALL = {"n_estimators": 7, "random_state": 0}


def probes(model, rows, *, missing=False):
    members = getattr(model, "estimators_", [model])
    splits = thresholds_of(*((member.tree_.feature, member.tree_.threshold) for member in members))
    return boundary_rows(rows, splits, missing=missing)


@pytest.mark.parametrize(
    ("model", "name"),
    [
        (DecisionTreeClassifier(random_state=0), "DecisionTreeClassifier"),
        (RandomForestClassifier(**SMALL), "RandomForestClassifier"),
        (RandomForestClassifier(max_depth=3, **SMALL), "RandomForestClassifier"),
        (BaggingClassifier(**SMALL), "RandomForestClassifier"),
    ],
)
@pytest.mark.parametrize("classes", [2, 3])
def test_classifiers(model, name, classes, numbers, back) -> None:
    target = np.array(["a", "ß", "<c>"])[np.digitize(numbers[:, 0], [0, 0.7][: classes - 1])]
    model.fit(numbers, target)
    rows = boundary_rows(numbers, {}) if name != type(model).__name__ else probes(model, numbers)
    assert type(back(model, numbers, target, probes=rows)).__name__ == name


@pytest.mark.parametrize(
    ("model", "name"),
    [
        (DecisionTreeRegressor(random_state=0), "DecisionTreeRegressor"),
        (RandomForestRegressor(**SMALL), "RandomForestRegressor"),
        (ExtraTreesRegressor(**SMALL), "RandomForestRegressor"),
    ],
)
@pytest.mark.parametrize("targets", [1, 2])
def test_regressors(model, name, targets, numbers, back) -> None:
    target = numbers[:, 0] if targets == 1 else numbers[:, :2]
    model.fit(numbers, target)
    assert type(back(model, numbers, target, probes=probes(model, numbers))).__name__ == name


def test_missing_values_go_the_way_they_went(numbers, back) -> None:
    rows = numbers.copy()
    rows[::5, 0] = np.nan
    model = RandomForestClassifier(**SMALL).fit(rows, numbers[:, 0] > 0)
    back(model, rows, numbers[:, 0] > 0, probes=probes(model, rows, missing=True))


def test_a_tree_that_is_one_leaf(numbers, back) -> None:
    back(DecisionTreeRegressor(max_depth=1, min_samples_leaf=150), numbers, numbers[:, 0])
