"""Single trees on their own splits: every label type, several targets, trees fitted with NaN, pruned and monotonic."""

import numpy as np
import pytest
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor, ExtraTreeClassifier, ExtraTreeRegressor

LABELS = {
    "integers": [3, -1, 7],
    "strings": ["no", "ja, gerne", "été"],
    "booleans": [False, True],
    "floats": [1.0, 2.0, 4.0],
}
CLASSIFIERS = {
    "DecisionTreeClassifier": DecisionTreeClassifier(random_state=0),
    "ExtraTreeClassifier": ExtraTreeClassifier(random_state=0),
    "pruned": DecisionTreeClassifier(ccp_alpha=0.02, random_state=0),
    "weighted": DecisionTreeClassifier(class_weight="balanced", max_depth=3, random_state=0),
    "stump of nothing": DecisionTreeClassifier(min_samples_split=1000),
}
REGRESSORS = {
    "DecisionTreeRegressor": DecisionTreeRegressor(random_state=0),
    "ExtraTreeRegressor": ExtraTreeRegressor(max_depth=4, random_state=0),
    "absolute_error": DecisionTreeRegressor(criterion="absolute_error", max_depth=4, random_state=0),
    "poisson": DecisionTreeRegressor(criterion="poisson", max_depth=4, random_state=0),
    "monotonic": DecisionTreeRegressor(monotonic_cst=[1, 0, -1, 0], max_depth=4, random_state=0),
}


def data(classes=3, holes=False, seed=0):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(200, 4))
    x[:, 1] = rng.integers(-3, 4, len(x))
    kind = np.clip(np.digitize(x[:, 0] + 0.5 * x[:, 1] + rng.normal(size=len(x)), [-0.7, 0.7]), 0, classes - 1)
    if holes:
        x[rng.random(x.shape) < 0.2] = np.nan
    return x, kind


def splits(probes, tree):
    return probes.thresholds_of((tree.feature, tree.threshold))


@pytest.mark.parametrize("labels", LABELS)
@pytest.mark.parametrize("name", CLASSIFIERS)
def test_classifiers(name, labels, agrees, probes):
    classes = min(3, len(LABELS[labels]))
    x, kind = data(classes)
    model = CLASSIFIERS[name].fit(x, np.array(LABELS[labels])[kind])
    rows = probes.boundary_rows(x, splits(probes, model.tree_), extremes=True)
    got = agrees(model, rows)
    # every label, ties in a leaf included
    assert got["label"].tolist() == model.predict(rows).tolist()


@pytest.mark.parametrize("name", REGRESSORS)
def test_regressors(name, agrees, probes):
    x, kind = data()
    model = REGRESSORS[name].fit(x, kind + np.abs(x[:, 2]))
    rows = probes.boundary_rows(x, splits(probes, model.tree_), extremes=True)
    got = agrees(model, rows)
    assert np.array_equal(got["prediction"].ravel(), model.predict(rows))


@pytest.mark.parametrize("holes", [True, False], ids=["fitted with NaN", "fitted without"])
@pytest.mark.parametrize("kind_of", [DecisionTreeClassifier, ExtraTreeClassifier, DecisionTreeRegressor])
def test_missing_values_take_the_learned_side(kind_of, holes, agrees, probes):
    x, kind = data(holes=holes)
    model = kind_of(random_state=0, max_depth=6).fit(x, kind)
    rows = probes.boundary_rows(x, splits(probes, model.tree_), missing=True)
    agrees(model, rows)


def test_several_targets(agrees, probes):
    x, kind = data()
    regressor = DecisionTreeRegressor(max_depth=5, random_state=0).fit(x, np.c_[kind, x[:, 2], x.sum(axis=1)])
    agrees(regressor, probes.boundary_rows(x, splits(probes, regressor.tree_)))


def test_several_labels(converted, probes):
    x, kind = data()
    y = np.c_[np.array(["a", "b", "c"])[kind], np.array(["u", "v"])[(x[:, 2] > 0).astype(int)]]
    model = DecisionTreeClassifier(max_depth=5, random_state=0).fit(x, y)
    rows = probes.boundary_rows(x, splits(probes, model.tree_))
    got = converted(model, rows)
    want = model.predict(rows)
    for i, shares in enumerate(model.predict_proba(rows)):
        assert got[f"label_{i}"].tolist() == want[:, i].tolist()
        assert np.allclose(got[f"probability_{i}"], shares, rtol=0, atol=1e-15)


def test_one_class(agrees):
    x, _ = data()
    agrees(DecisionTreeClassifier().fit(x, np.full(len(x), "only")), x)


def test_float64_rows_are_compared_as_float32(agrees):
    """A value just above a split in float64 rounds to the split in float32, and goes left."""
    x = np.array([[0.1], [0.3]], np.float32).astype(np.float64)
    model = DecisionTreeClassifier().fit(x, [0, 1])
    split = float(model.tree_.threshold[0])
    near = float(np.float32(split))
    rows = np.array([[near], [near + 1e-12], [near - 1e-12], [split], [np.nextafter(split, 1)]])
    got = agrees(model, rows)
    assert got["label"].tolist() == model.predict(rows).tolist()
