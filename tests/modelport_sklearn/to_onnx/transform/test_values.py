"""float32 columns: scikit-learn computes in float32 where all of them are, and so does the graph."""

import numpy as np
import pytest
from sklearn.decomposition import PCA, FastICA, TruncatedSVD
from sklearn.ensemble import RandomForestClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import (
    MaxAbsScaler,
    MinMaxScaler,
    Normalizer,
    PolynomialFeatures,
    QuantileTransformer,
    RobustScaler,
    SplineTransformer,
    StandardScaler,
)

EXACT = [StandardScaler(), MinMaxScaler(), MaxAbsScaler(), RobustScaler(), PolynomialFeatures(3)]
NEAR = [Normalizer(), PCA(2), TruncatedSVD(2), FastICA(2, random_state=0), SplineTransformer(4)]


@pytest.fixture
def rows():
    return np.random.default_rng(0).normal(50, 3, (200, 4)).astype(np.float32)


@pytest.mark.parametrize("estimator", EXACT, ids=repr)
@pytest.mark.parametrize("fitted_on", [np.float32, np.float64])
def test_single_columns_to_the_last_bit(estimator, fitted_on, rows, float32_columns):
    got, want = float32_columns(estimator.fit(rows.astype(fitted_on)), rows)
    assert got.dtype == want.dtype == np.float32
    assert np.array_equal(got, want)


@pytest.mark.parametrize("estimator", NEAR, ids=repr)
def test_sums_to_a_few_roundings(estimator, rows, float32_columns):
    got, want = float32_columns(estimator.fit(rows), rows)
    assert got.dtype == want.dtype == np.float32
    assert np.max(np.abs(got - want) / np.maximum(1, np.abs(want))) <= 64 * np.finfo(np.float32).eps


def test_quantiles(rows, float32_columns):
    got, want = float32_columns(QuantileTransformer(n_quantiles=50).fit(rows), rows)
    assert got.dtype == want.dtype == np.float32
    assert np.max(np.abs(got - want)) <= np.finfo(np.float32).eps


def test_a_forest_behind_a_scaler(rows, labels_agree):
    """A public converter is wrong by 0.01 on such a pipeline."""
    target = (rows[:, 0] * rows[:, 1] > 2500).astype(int)
    for kind in (np.float32, np.float64):
        given = rows.astype(kind)
        model = make_pipeline(StandardScaler(), RandomForestClassifier(8, random_state=0)).fit(given, target)
        labels_agree(model, given)
