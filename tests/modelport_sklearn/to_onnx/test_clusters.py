"""Clusterings: new rows, rows half-way between centres, distances to the centres."""

import warnings

import numpy as np
import pytest
from sklearn import cluster

from modelport.errors import CannotConvert

MODELS = {
    "KMeans": cluster.KMeans(5, random_state=0, n_init=1),
    "MiniBatchKMeans": cluster.MiniBatchKMeans(5, random_state=0, n_init=1),
    "BisectingKMeans": cluster.BisectingKMeans(6, random_state=0),
    "BisectingKMeans.largest": cluster.BisectingKMeans(5, random_state=0, bisecting_strategy="largest_cluster"),
    "Birch": cluster.Birch(n_clusters=4, threshold=0.4),
    "Birch.subclusters": cluster.Birch(n_clusters=None, threshold=0.8),
    "MeanShift": cluster.MeanShift(bandwidth=1.5),
    "AffinityPropagation": cluster.AffinityPropagation(random_state=0),
}


def data(offset=0.0):
    rng = np.random.default_rng(12)
    return rng.normal(size=(200, 3)) + rng.integers(0, 4, (200, 1)) * [1.5, -1, 0.5] + offset


@pytest.mark.parametrize("offset", [0.0, 1000.0])
@pytest.mark.parametrize("name", MODELS)
def test_new_rows(name, offset, agrees):
    x = data(offset)
    agrees(MODELS[name].fit(x[:120]), np.r_[x, (x - offset) * 5 + offset])


@pytest.mark.parametrize("name", ["KMeans", "MiniBatchKMeans", "BisectingKMeans", "Birch"])
def test_distances_to_centres(name, transforms):
    x = data()
    transforms(MODELS[name].fit(x[:120]), x)


def test_half_way_between_two_centres(agrees):
    model = cluster.KMeans(2, random_state=0, n_init=1).fit([[0.0], [1.0], [10.0], [11.0]])
    middle = model.cluster_centers_.mean()
    agrees(model, np.array([[middle], [np.nextafter(middle, 99)], [np.nextafter(middle, -99)]]))


def test_one_cluster(agrees):
    x = data()
    agrees(cluster.BisectingKMeans(1, random_state=0).fit(x), x)
    agrees(cluster.KMeans(1, random_state=0, n_init=1).fit(x), x)


def test_no_centre_at_all(agrees):
    x = data()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = cluster.AffinityPropagation(random_state=0, max_iter=1).fit(x)
        assert not len(model.cluster_centers_)
        agrees(model, x)


def test_similarities_have_no_centres(agrees):
    x = data()
    with pytest.raises(CannotConvert, match="precomputed"):
        agrees(cluster.AffinityPropagation(affinity="precomputed", random_state=0).fit(-np.abs(x @ x.T)), x)
