"""k nearest neighbours: every metric, trees and brute force, weights, ties, several targets."""

import numpy as np
import pytest
import scipy.sparse
from sklearn.datasets import load_iris
from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor, RadiusNeighborsRegressor

from modelport.conversion import Context
from modelport.errors import CannotConvert
from modelport.signature import Signature, matrix_inputs
from modelport_onnx.build import to_onnx

SPREAD = np.array([1.0, 4.0, 0.3, 2.0])
METRICS = {
    "euclidean": {},
    "l2": {},
    "sqeuclidean": {},
    "manhattan": {},
    "cityblock": {},
    "chebyshev": {},
    "minkowski3": {"metric": "minkowski", "p": 3},
    "minkowski1.5": {"metric": "minkowski", "p": 1.5},
    "weighted": {"metric": "minkowski", "p": 2, "metric_params": {"w": np.array([1.0, 0.5, 2.0, 0.1])}},
    "seuclidean": {"metric_params": {"V": SPREAD}},
    "mahalanobis": {"metric_params": {"VI": np.diag(SPREAD) + 0.05}},
    "canberra": {},
    "braycurtis": {},
    "cosine": {},
    "nan_euclidean": {},
}


def data(rows=160, features=4, seed=3):
    rng = np.random.default_rng(seed)
    y = rng.integers(0, 3, rows)
    return rng.normal(size=(rows, features)) + 0.8 * (y[:, None] == np.arange(features)), y


@pytest.mark.parametrize("weights", ["uniform", "distance"])
@pytest.mark.parametrize("name", METRICS)
def test_metrics(name, weights, agrees):
    x, y = data()
    options = {"metric": name, **METRICS[name]}
    agrees(KNeighborsClassifier(7, weights=weights, **options).fit(x[:90], y[:90]), x[90:])
    agrees(KNeighborsRegressor(4, weights=weights, **options).fit(x[:90], x[:90, 0] * y[:90]), x[90:])


@pytest.mark.parametrize("weights", ["uniform", "distance"])
def test_places_on_earth(weights, agrees):
    rng = np.random.default_rng(2)
    places = np.c_[np.arcsin(rng.uniform(-1, 1, 200)), rng.uniform(-np.pi, np.pi, 200)]
    model = KNeighborsRegressor(4, metric="haversine", weights=weights, algorithm="ball_tree")
    agrees(model.fit(places[:120], np.cos(places[:120, 1])), places[120:])
    agrees(RadiusNeighborsRegressor(0.5, metric="haversine", weights=weights).fit(places, places[:, 0]), places * 0.99)


@pytest.mark.parametrize("algorithm", ["kd_tree", "ball_tree", "brute"])
@pytest.mark.parametrize("features", [1, 4, 20])
def test_searches(algorithm, features, agrees):
    x, y = data(300, features)
    agrees(KNeighborsClassifier(5, algorithm=algorithm).fit(x[:200], y[:200]), x)


@pytest.mark.parametrize("algorithm", ["kd_tree", "ball_tree"])
def test_a_training_row_counts_alone_by_distance(algorithm, agrees):
    x, y = data()
    agrees(KNeighborsClassifier(5, weights="distance", algorithm=algorithm).fit(x, y), x)
    agrees(KNeighborsRegressor(5, weights="distance", algorithm=algorithm).fit(x, x[:, 1]), x)


@pytest.mark.parametrize("name", ["jaccard", "dice", "rogerstanimoto", "russellrao", "sokalsneath", "hamming"])
def test_metrics_of_truth_values(name, agrees):
    """With as many neighbours as rows the order of ties is no matter; the weights show the distances."""
    rng = np.random.default_rng(0)
    x = (rng.random((30, 6)) < 0.5).astype(float)
    x[0] = 0
    model = KNeighborsRegressor(30, metric=name, weights="distance", algorithm="ball_tree").fit(x, np.arange(30.0))
    agrees(model, (rng.random((40, 6)) < 0.5).astype(float))


@pytest.mark.parametrize("labels", [["a", "b", "c"], [9, 3, 5], [True, False, True]], ids=str)
def test_labels(labels, agrees):
    x, y = data()
    agrees(KNeighborsClassifier().fit(x, np.array(labels)[y]), x)


def test_votes_that_tie_go_to_the_first_class(agrees):
    model = KNeighborsClassifier(2).fit([[0.0], [1.0], [3.0]], ["b", "a", "b"])
    assert agrees(model, np.array([[0.4], [0.6], [2.2]]))["label"].tolist() == ["a", "a", "a"]


def test_many_rows_go_one_by_one(agrees):
    x, y = data(900)
    agrees(KNeighborsClassifier(algorithm="kd_tree").fit(x[:800], y[:800]), x[800:])
    agrees(
        KNeighborsRegressor(algorithm="brute").fit(np.tile(x, (6, 1)) + np.arange(5400)[:, None] * 1e-3, np.tile(y, 6)),
        x,
    )


def test_far_from_the_origin(agrees):
    x, y = data()
    agrees(KNeighborsClassifier(weights="distance").fit(x[:90] + 1e6, y[:90]), x[90:] + 1e6)


def test_several_targets(agrees, agrees_on_file):
    x, y = data()
    agrees(KNeighborsRegressor().fit(x, np.c_[y, x[:, 0]]), x)
    model = KNeighborsClassifier().fit(x, np.c_[y, y > 1])
    got = agrees_on_file(model, x)
    for i in range(2):
        assert got[f"label_{i}"].tolist() == model.predict(x)[:, i].tolist()
        np.testing.assert_allclose(got[f"probability_{i}"], model.predict_proba(x)[i], atol=1e-12)


def test_missing_values(agrees_on_file):
    x, y = data()
    x = np.where(np.random.default_rng(1).random(x.shape) < 0.2, np.nan, x)
    model = KNeighborsClassifier(metric="nan_euclidean").fit(x[:90], y[:90])
    np.testing.assert_allclose(agrees_on_file(model, x)["probability"], model.predict_proba(x), atol=1e-12)


def notes(model, width):
    context = Context(Signature(matrix_inputs(width)))
    to_onnx(model, context)
    return [note.what for note in context.notes]


def test_a_grid_of_whole_numbers_leaves_a_note():
    grid = np.array([[i, j] for i in range(5) for j in range(5)], float)
    assert "whole numbers" in notes(KNeighborsClassifier(algorithm="brute").fit(grid, np.arange(25) % 2), 2)[0]
    sparse = KNeighborsClassifier().fit(scipy.sparse.csr_matrix(grid), np.arange(25) % 2)
    assert "NumPy's partition, which promises none" in notes(sparse, 2)[0]


def test_equal_rows_of_different_classes_leave_a_note():
    x, y = data()
    assert "equal" in notes(KNeighborsClassifier(algorithm="brute").fit(np.r_[x, x], np.r_[y, 1 - y]), 4)[0]
    assert not notes(KNeighborsClassifier(algorithm="brute").fit(np.r_[x, x], np.r_[y, y]), 4)


def test_iris(agrees):
    x, y = load_iris(return_X_y=True)
    agrees(KNeighborsClassifier(5).fit(x[::2], y[::2]), x[1::2])


@pytest.mark.parametrize(
    "options",
    [{"weights": lambda d: d}, {"metric": lambda a, b: abs(a - b).sum()}, {"metric": "correlation"}],
    ids=["weights", "metric", "correlation"],
)
def test_functions_and_unknown_metrics_are_refused(options, agrees):
    x, y = data()
    with pytest.raises(CannotConvert):
        agrees(KNeighborsClassifier(**options).fit(x, y), x)
