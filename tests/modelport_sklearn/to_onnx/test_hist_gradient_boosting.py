"""Histogram gradient boosting: float64 splits, missing values, categories known, unknown and missing, every link."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor

from modelport.signature import Column


def data(classes=3, holes=True, seed=0):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(400, 4))
    x[:, 3] = rng.choice([2.0, 3.0, 5.0, 7.0, 40.0, 41.0], len(x))
    score = x[:, 0] + 0.5 * x[:, 1] + np.isin(x[:, 3], [3, 40]) + rng.normal(size=len(x))
    if holes:
        x[rng.random(x.shape) < 0.15] = np.nan
    return x, np.clip(np.digitize(score, [-0.3, 0.9]), 0, classes - 1)


def splits(probes, model):
    nodes = [tree.nodes for stage in model._predictors for tree in stage]
    inner = [item[(item["is_leaf"] == 0) & (item["is_categorical"] == 0)] for item in nodes]
    return probes.thresholds_of(*[(item["feature_idx"], item["num_threshold"]) for item in inner])


@pytest.mark.parametrize("classes", [2, 3])
@pytest.mark.parametrize("holes", [False, True], ids=["", "NaN"])
def test_classifiers(classes, holes, agrees, probes):
    x, kind = data(classes, holes)
    model = HistGradientBoostingClassifier(max_iter=25, random_state=0).fit(x, np.array(["a", "b", "c"])[kind])
    agrees(model, probes.boundary_rows(x, splits(probes, model), missing=True, extremes=True))


@pytest.mark.parametrize("loss", ["squared_error", "absolute_error", "gamma", "poisson", "quantile"])
def test_regressors(loss, agrees, probes):
    x, kind = data()
    model = HistGradientBoostingRegressor(loss=loss, max_iter=25, quantile=0.3, random_state=0).fit(x, kind + 0.5)
    agrees(model, probes.boundary_rows(x, splits(probes, model), missing=True, extremes=True))


def test_early_stopping_and_constraints(agrees, probes):
    x, kind = data(2)
    options = {"early_stopping": True, "monotonic_cst": [1, 0, 0, 0], "interaction_cst": "pairwise"}
    model = HistGradientBoostingClassifier(max_iter=80, random_state=0, **options).fit(x, kind)
    agrees(model, probes.boundary_rows(x, splits(probes, model), missing=True))


@pytest.mark.parametrize("classes", [2, 3])
def test_numeric_categories(classes, agrees):
    x, kind = data(classes)
    model = HistGradientBoostingClassifier(max_iter=25, categorical_features=[3], random_state=0).fit(x, kind)
    assert any(tree.nodes["is_categorical"].any() for stage in model._predictors for tree in stage)
    rows = np.repeat(x, 2, axis=0)
    # known, unknown, fractional, negative and missing
    rows[::2, 3] = np.resize([2, 3, 5, 7, 40, 41, 6, 2.5, -1, 300, np.nan, 1e9], len(x))
    agrees(model, rows)


def test_text_categories_of_a_frame(converted):
    x, kind = data(3)
    towns = np.array(["Bern", "Ulm", "São Paulo", "x y", "Köln"])[np.random.default_rng(1).integers(0, 5, len(x))]
    frame = pd.DataFrame({"a": x[:, 0], "town": pd.Categorical(towns), "b": x[:, 1]})
    frame.loc[::9, "town"] = None
    kind = kind ^ (towns == "Ulm")
    model = HistGradientBoostingClassifier(max_iter=25, categorical_features="from_dtype", random_state=0)
    model.fit(frame, kind)
    columns = (Column("a", pa.float64(), True), Column("town", pa.string(), True), Column("b", pa.float64(), True))
    rows = frame.copy()
    rows["town"] = rows["town"].astype(object)
    rows.loc[::7, "town"] = "nowhere"
    got = converted(model, rows, columns)
    assert got["label"].tolist() == model.predict(rows).tolist()
    assert np.allclose(got["probability"], model.predict_proba(rows), rtol=0, atol=1e-12)


def test_portable_is_exact_for_float32_rows(converted, probes):
    x, kind = data(3)
    model = HistGradientBoostingClassifier(max_iter=10, random_state=0).fit(x, kind)
    rows = probes.boundary_rows(x, splits(probes, model), missing=True).astype(np.float32)
    notes = []
    got = converted(model, rows, portable=True, notes=notes)
    assert got["label"].tolist() == model.predict(rows).tolist()
    assert np.allclose(got["probability"], model.predict_proba(rows), rtol=0, atol=1e-12)
    assert [note.kind.value for note in notes] == ["rounded", "rounded"]
