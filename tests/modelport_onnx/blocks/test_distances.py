"""Distances against SciPy and scikit-learn, all at once and row by row."""

import numpy as np
import pytest
from scipy.spatial.distance import cdist
from sklearn.metrics.pairwise import euclidean_distances

from modelport_onnx.blocks import distances

RNG = np.random.default_rng(3)
SHAPES = [(1, 1), (5, 3), (40, 13), (300, 9), (700, 30)]
"""Points and columns; the last two go row by row."""


def case(points, columns, offset=0.0):
    return RNG.normal(size=(25, columns)) + offset, RNG.normal(size=(points, columns)) + offset


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize(
    ("block", "name"),
    [(distances.squared, "sqeuclidean"), (distances.manhattan, "cityblock")],
    ids=["squared", "manhattan"],
)
def test_term_by_term_to_the_last_digit(block, name, shape, run):
    rows, points = case(*shape)
    np.testing.assert_array_equal(run(lambda x: block(x, points), rows), cdist(rows, points, name))


@pytest.mark.parametrize("columns", [1, 2, 3, 8, 11, 30, 64])
def test_by_products_is_off_by_roundings_of_the_lengths(columns, run):
    """Between a row and itself only these roundings are left."""
    rows, points = case(20, columns, offset=50.0)
    rows[:5] = points[:5]
    got = run(lambda x: distances.squared_by_products(x, points), rows)
    want = euclidean_distances(rows, points, squared=True)
    assert np.abs(got - want).max() <= 16 * np.spacing((rows**2).sum(axis=1).max())
    assert (got >= 0).all()


def test_from_the_centre_keeps_its_digits_far_from_the_origin(run):
    rows, points = case(20, 4, offset=1e7)
    got = run(lambda x: distances.squared_from_centre(x, points), rows)
    np.testing.assert_allclose(got, cdist(rows, points, "sqeuclidean"), rtol=1e-12, atol=1e-12)


def test_reach():
    assert distances.reach([[0.0, 0.0], [6.0, 8.0]]) == 25.0
    assert distances.reach(np.zeros((0, 2))) == 0.0


def test_mahalanobis(run):
    rows, points = case(1, 3)
    precision = np.diag([1.0, 2.0, 0.5]) + 0.1
    got = run(lambda x: distances.mahalanobis_squared(x, points[0], precision), rows)
    np.testing.assert_allclose(got, cdist(rows, points, "mahalanobis", VI=precision) ** 2, rtol=1e-12)
