"""Models of very many columns and of very many trees: converted in seconds, and exactly."""

import time
from typing import Any

import numpy as np
import onnxruntime as ort
import pandas as pd
import pytest
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import ExtraTreesRegressor, RandomForestClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from modelport.artifacts import artifact
from modelport.conversion import Context
from modelport.data import data
from modelport_onnx.build import to_onnx

WIDE = 10_000
SECONDS = 60.0
"""Far above what a conversion takes (some 3 s) and far below what one took when each column was asked about."""


def rows(width: int) -> Any:
    return np.random.default_rng(0).normal(size=(40, width))


def converted(model: Any, table: Any) -> Any:
    start = time.process_time()
    made = to_onnx(model, Context(artifact(model).format.signature(model, data(table).head())))
    assert time.process_time() - start < SECONDS
    return ort.InferenceSession(made.SerializeToString(), providers=["CPUExecutionProvider"])


def test_a_matrix_of_ten_thousand_columns() -> None:
    x = rows(WIDE)
    model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=20)).fit(x, x[:, 7] > 0)
    label, probability = converted(model, x).run(None, {"X": x})
    assert (label == model.predict(x)).all()
    assert np.abs(probability - model.predict_proba(x)).max() <= 1e-9


def test_ten_thousand_columns_with_names() -> None:
    frame = pd.DataFrame(rows(WIDE), columns=[f"a column {i}" for i in range(WIDE)])
    half = list(frame.columns[: WIDE // 2])
    filled = make_pipeline(SimpleImputer(), StandardScaler())
    branches = ColumnTransformer([("filled", filled, half)], remainder="passthrough")
    model = make_pipeline(branches, LogisticRegression(max_iter=20)).fit(frame, frame["a column 7"] > 0)
    session = converted(model, frame)
    frame.iloc[3, 5] = np.nan
    fed = {name: frame[name].to_numpy()[:, None] for name in frame.columns}
    label, probability = session.run(None, fed)
    assert (label == model.predict(frame)).all()
    assert np.abs(probability - model.predict_proba(frame)).max() <= 1e-9


def test_two_thousand_trees() -> None:
    x = rows(8)
    model = RandomForestClassifier(2000, max_depth=4, random_state=0).fit(x, x[:, 0] > x[:, 1])
    at = np.concatenate([tree.tree_.threshold[tree.tree_.feature == 0] for tree in model.estimators_[:50]])
    edges = np.tile(x[:1], (3 * len(at), 1))
    edges[:, 0] = np.concatenate([at, np.nextafter(at, np.inf), np.nextafter(at, -np.inf)])
    session = converted(model, x)
    for table in (x, edges):
        label, probability = session.run(None, {"X": table})
        assert (label == model.predict(table)).all()
        assert np.abs(probability - model.predict_proba(table)).max() <= 1e-9


@pytest.mark.slow
def test_two_thousand_deep_trees() -> None:
    x = np.random.default_rng(1).normal(size=(3000, 20))
    model = ExtraTreesRegressor(2000, random_state=0, n_jobs=2).fit(x, x[:, 0] * x[:, 1])
    (prediction,) = converted(model, x).run(None, {"X": x[:300]})
    assert np.abs(prediction - model.predict(x[:300])).max() <= 1e-9
