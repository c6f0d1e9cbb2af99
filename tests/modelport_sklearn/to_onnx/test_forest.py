"""Forests: boundary rows, trees fitted with NaN, ties between pure leaves, several targets, indicators of leaves."""

import numpy as np
import pytest
from sklearn.datasets import load_breast_cancer
from sklearn.ensemble import (
    ExtraTreesClassifier,
    ExtraTreesRegressor,
    RandomForestClassifier,
    RandomForestRegressor,
    RandomTreesEmbedding,
)
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler


def data(classes, holes=False, seed=0):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(200, 5))
    kind = np.clip(np.digitize(x[:, 0] + 0.5 * x[:, 1] + rng.normal(size=len(x)), [-0.7, 0.7]), 0, classes - 1)
    if holes:
        x[rng.random(x.shape) < 0.2] = np.nan
    return x, kind


def splits(probes, model):
    return probes.thresholds_of(*[(member.tree_.feature, member.tree_.threshold) for member in model.estimators_])


@pytest.mark.parametrize("holes", [False, True], ids=["", "NaN"])
@pytest.mark.parametrize("classes", [1, 2, 3])
@pytest.mark.parametrize("kind_of", [RandomForestClassifier, ExtraTreesClassifier])
def test_classifiers(kind_of, classes, holes, agrees, probes):
    x, kind = data(classes, holes)
    model = kind_of(10, random_state=0).fit(x, np.array(["a", "b", "c"])[kind])
    rows = probes.boundary_rows(x, splits(probes, model), missing=holes)
    got = agrees(model, rows)
    # leaves are pure, and so half of the trees against the other half is an exact tie
    assert got["label"].tolist() == model.predict(rows).tolist()
    if not holes:
        assert np.array_equal(got["probability"], model.predict_proba(rows))


@pytest.mark.parametrize("classes", [2, 3])
def test_impure_leaves_and_more_than_one_block(classes, agrees, probes):
    x, kind = data(classes)
    model = RandomForestClassifier(70, max_depth=3, class_weight="balanced", random_state=0).fit(x, kind)
    agrees(model, probes.boundary_rows(x, splits(probes, model)))


@pytest.mark.parametrize("targets", [1, 3])
@pytest.mark.parametrize("kind_of", [RandomForestRegressor, ExtraTreesRegressor])
def test_regressors(kind_of, targets, agrees, probes):
    x, kind = data(3)
    y = np.c_[kind + x[:, 2], x[:, 0], x.sum(axis=1)][:, :targets]
    model = kind_of(12, random_state=0, bootstrap=True).fit(x, y.ravel() if targets == 1 else y)
    agrees(model, probes.boundary_rows(x, splits(probes, model), extremes=True))


def test_several_labels(converted, probes):
    x, kind = data(3)
    model = RandomForestClassifier(9, random_state=0).fit(x, np.c_[kind, x[:, 2] > 0])
    rows = probes.boundary_rows(x, splits(probes, model))
    got = converted(model, rows)
    want = model.predict(rows)
    for i, shares in enumerate(model.predict_proba(rows)):
        assert got[f"label_{i}"].tolist() == want[:, i].tolist()
        assert np.allclose(got[f"probability_{i}"], shares, rtol=0, atol=1e-15)


def test_embedding(transforms, probes):
    x, _ = data(2)
    model = RandomTreesEmbedding(70, max_depth=3, random_state=0).fit(x)
    transforms(model, probes.boundary_rows(x, splits(probes, model)))


@pytest.mark.parametrize("ml_opset", [1, 3])
def test_older_operators_are_exact_too(ml_opset, converted, probes):
    x, kind = data(3, holes=True)
    model = RandomForestClassifier(10, max_depth=5, random_state=0).fit(x, kind)
    rows = probes.boundary_rows(x, splits(probes, model), missing=True)
    got = converted(model, rows, ml_opset=ml_opset)
    assert np.allclose(got["probability"], model.predict_proba(rows), rtol=0, atol=1e-15)


def test_portable_is_exact_for_float32_rows(converted, probes):
    x, kind = data(3, holes=True)
    model = RandomForestClassifier(10, max_depth=5, random_state=0).fit(x, kind)
    rows = probes.boundary_rows(x, splits(probes, model), missing=True).astype(np.float32)
    notes = []
    got = converted(model, rows, portable=True, notes=notes)
    assert got["label"].tolist() == model.predict(rows).tolist()
    assert np.allclose(got["probability"], model.predict_proba(rows), rtol=0, atol=1e-15)
    assert [note.where for note in notes] == ["inputs"]


def test_a_scaler_before_a_forest_on_real_data(converted):
    """In float32 the scaled values of the 569 rows of breast_cancer fall on the wrong side of splits."""
    x, kind = load_breast_cancer(return_X_y=True)
    model = make_pipeline(StandardScaler(), RandomForestClassifier(50, random_state=0)).fit(x, kind)
    got = converted(model, x)
    assert got["label"].tolist() == model.predict(x).tolist()
    assert np.array_equal(got["probability"], model.predict_proba(x))


def test_two_thousand_trees(converted):
    x, kind = data(3)
    model = RandomForestClassifier(2000, max_depth=3, random_state=0).fit(x[:60], kind[:60])
    got = converted(model, x)
    assert np.allclose(got["probability"], model.predict_proba(x), rtol=0, atol=1e-12)


def test_ten_thousand_columns(converted):
    x = np.random.default_rng(0).normal(size=(60, 10_000))
    model = RandomForestClassifier(10, random_state=0).fit(x, x[:, 9_999] > 0)
    got = converted(model, x)
    assert np.array_equal(got["probability"], model.predict_proba(x))
