"""Neighbours within a radius: its rim, rows that have none, weights, several targets."""

import warnings

import numpy as np
import onnxruntime as ort
import pytest
from sklearn.neighbors import RadiusNeighborsClassifier, RadiusNeighborsRegressor

from modelport.errors import CannotConvert


def data(rows=150):
    rng = np.random.default_rng(6)
    y = rng.integers(0, 3, rows)
    return rng.normal(size=(rows, 3)) + 0.8 * (y[:, None] == np.arange(3)), y


@pytest.mark.parametrize("algorithm", ["kd_tree", "ball_tree", "brute"])
@pytest.mark.parametrize("weights", ["uniform", "distance"])
@pytest.mark.parametrize("metric", ["euclidean", "manhattan", "chebyshev"])
def test_every_row_has_neighbours(algorithm, weights, metric, agrees):
    x, y = data()
    options = {"radius": 3.0, "weights": weights, "algorithm": algorithm, "metric": metric}
    agrees(RadiusNeighborsClassifier(**options).fit(x, y), x * 0.8)
    agrees(RadiusNeighborsRegressor(**options).fit(x, x[:, 0]), x * 0.8)


@pytest.mark.parametrize("label", [2, "most_frequent"])
def test_rows_without_neighbours(label, agrees):
    x, y = data()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        agrees(RadiusNeighborsClassifier(0.3, outlier_label=label).fit(x[:90], y[:90]), np.r_[x, x * 10])
        agrees(RadiusNeighborsRegressor(0.3).fit(x[:90], x[:90, 0]), np.r_[x, x * 10])
        agrees(RadiusNeighborsRegressor(0.3).fit(x[:90], y[:90]), np.r_[x, x * 10])


def test_the_rim_counts(agrees):
    known = np.array([[0.0], [3.0]])
    rim = np.array([1.0, 2.0])
    rows = np.r_[rim, np.nextafter(rim, 9), np.nextafter(rim, -9)][:, None]
    for algorithm in ("kd_tree", "brute"):
        agrees(RadiusNeighborsRegressor(2.0, algorithm=algorithm).fit(known, [1.0, 5.0]), rows)


def test_training_rows_by_distance(agrees):
    x, y = data()
    agrees(RadiusNeighborsClassifier(1.0, weights="distance", algorithm="kd_tree").fit(x, y), x)


def test_a_row_without_neighbours_fails_as_in_scikit_learn(agrees_on_file):
    x, y = data()
    model = RadiusNeighborsClassifier(1.0).fit(x, y)
    with pytest.raises(ValueError, match="No neighbors"):
        model.predict(x + 100)
    with pytest.raises(ort.capi.onnxruntime_pybind11_state.InvalidArgument):
        agrees_on_file(model, x + 100)


def test_a_strange_outlier_label_is_refused(agrees):
    x, y = data()
    with pytest.raises(CannotConvert, match="outlier_label"):
        agrees(RadiusNeighborsClassifier(1.0, outlier_label=77).fit(x, y), x)


def test_several_targets(agrees, agrees_on_file):
    x, y = data()
    agrees(RadiusNeighborsRegressor(2.0).fit(x, np.c_[x[:, 0], x[:, 1]]), x)
    model = RadiusNeighborsClassifier(2.0).fit(x, np.c_[y, y > 1])
    got = agrees_on_file(model, x)
    for i in range(2):
        assert got[f"label_{i}"].tolist() == model.predict(x)[:, i].tolist()
        np.testing.assert_allclose(got[f"probability_{i}"], model.predict_proba(x)[i], atol=1e-12)


def test_more_points_than_are_held_at_once(agrees):
    x, y = data(600)
    agrees(RadiusNeighborsClassifier(2.5, algorithm="kd_tree").fit(x, y), x[:50] * 0.5)
