"""Neighbour graphs as columns, and the linear map learned from neighbours."""

import numpy as np
import pytest
from sklearn.neighbors import KNeighborsTransformer, NeighborhoodComponentsAnalysis, RadiusNeighborsTransformer

X = np.random.default_rng(2).normal(size=(60, 3))


@pytest.mark.parametrize("mode", ["distance", "connectivity"])
@pytest.mark.parametrize("algorithm", ["kd_tree", "brute"])
def test_nearest(mode, algorithm, transforms):
    transforms(KNeighborsTransformer(mode=mode, n_neighbors=4, algorithm=algorithm).fit(X[:40]), X[40:])


@pytest.mark.parametrize("mode", ["distance", "connectivity"])
@pytest.mark.parametrize("metric", ["euclidean", "manhattan"])
def test_radius(mode, metric, transforms):
    transforms(RadiusNeighborsTransformer(mode=mode, radius=1.2, metric=metric).fit(X[:40]), np.r_[X[40:], X * 9])


def test_more_points_than_are_held_at_once(transforms):
    many = np.random.default_rng(2).normal(size=(400, 3))
    transforms(RadiusNeighborsTransformer(radius=1.2).fit(many), X)
    transforms(KNeighborsTransformer().fit(many), X)


def test_components(transforms):
    y = (X[:, 0] > 0).astype(int)
    transforms(NeighborhoodComponentsAnalysis(n_components=2, random_state=0).fit(X, y), X)
