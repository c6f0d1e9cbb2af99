"""Feature selection of every kind, on matrices and on DataFrames with text among the columns."""

import numpy as np
import pandas as pd
import pytest
from sklearn import feature_selection as fs
from sklearn.linear_model import LinearRegression, LogisticRegression

from modelport.errors import CannotConvert


@pytest.fixture
def data():
    rng = np.random.default_rng(0)
    rows = np.abs(rng.normal(size=(90, 6)))
    return rows, (rows[:, 1] + rows[:, 4] > 1.5).astype(int)


SELECTORS = [
    fs.VarianceThreshold(0.2),
    fs.SelectKBest(k=3),
    fs.SelectPercentile(percentile=50),
    fs.SelectFpr(alpha=0.2),
    fs.SelectFdr(alpha=0.3),
    fs.SelectFwe(alpha=0.5),
    fs.GenericUnivariateSelect(mode="k_best", param=2),
    fs.SelectFromModel(LogisticRegression(), threshold="median"),
    fs.SelectFromModel(LogisticRegression(), max_features=2),
    fs.SequentialFeatureSelector(LogisticRegression(), n_features_to_select=2, cv=2),
]


@pytest.mark.parametrize("selector", SELECTORS, ids=repr)
def test_every_selector(selector, data, agrees):
    rows, target = data
    agrees(selector.fit(rows, target), rows)
    frame = pd.DataFrame(rows, columns=[f"c {i}" for i in range(6)])
    agrees(selector.fit(frame, target), frame)


@pytest.mark.parametrize(
    "selector", [fs.RFE(LogisticRegression(), n_features_to_select=2), fs.RFECV(LogisticRegression(), cv=2)]
)
def test_elimination_predicts(selector, data, labels_agree):
    rows, target = data
    labels_agree(selector.fit(rows, target), rows)


def test_elimination_transforms(data, agrees):
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    rows, target = data
    agrees(make_pipeline(fs.RFE(LinearRegression(), n_features_to_select=3), StandardScaler()).fit(rows, target), rows)


def test_nothing_selected_is_refused(data, agrees):
    rows, target = data
    with pytest.raises(CannotConvert, match="no column was selected"):
        agrees(fs.SelectFromModel(LogisticRegression(), threshold=1e9).fit(rows, target), rows)


def test_missing_values_pass_through(agrees):
    rows = np.array([[1.0, np.nan, 2.0], [1.0, 3.0, np.nan], [1.0, 1.0, 0.0]])
    agrees(fs.VarianceThreshold().fit(rows), rows)
