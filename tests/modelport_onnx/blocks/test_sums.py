"""Sums in NumPy's own orders, to the last digit."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelport_onnx.blocks import sums

WIDTHS = [1, 2, 3, 7, 8, 9, 15, 16, 17, 24, 100, 127, 128, 129, 136, 200, 300]


def rows(width):
    rng = np.random.default_rng(width)
    return rng.normal(size=(40, width)) * 10.0 ** rng.integers(-6, 7, (40, width))


@pytest.mark.parametrize("width", WIDTHS)
def test_pairwise_is_that_of_numpy(width, run):
    x = rows(width)
    np.testing.assert_array_equal(run(lambda v: sums.pairwise_sum(v, width, 1), x)[:, 0], x.sum(axis=1))


@pytest.mark.parametrize("width", WIDTHS)
def test_sequential_is_that_of_a_loop(width, run):
    x = rows(width)
    want = np.zeros(len(x))
    for column in x.T:
        want = want + column
    np.testing.assert_array_equal(run(lambda v: sums.sequential_sum(v, width, 1), x)[:, 0], want)


def by_einsum(x):
    """The two lanes of `numpy.einsum` on x86-64, written out."""
    width, lanes = x.shape[1], np.zeros((len(x), 2))
    pairs = [start + pair for start in range(0, width - width % 8, 8) for pair in (6, 4, 2, 0)]
    for i in [*pairs, *range(width - width % 8, width, 2)]:
        lanes[:, : width - i] += x[:, i : i + 2]
    return lanes[:, 0] + lanes[:, 1]


@pytest.mark.parametrize("width", WIDTHS)
def test_einsum_adds_in_two_lanes(width, run):
    x = np.abs(rows(width))
    np.testing.assert_array_equal(run(lambda v: sums.einsum_sum(v, width), x)[:, 0], by_einsum(x))


@settings(max_examples=25, deadline=None)
@given(width=st.integers(1, 60), seed=st.integers(0, 1000))
def test_any_width(run, width, seed):
    x = np.random.default_rng(seed).normal(size=(3, width)) * 1e5
    np.testing.assert_array_equal(run(lambda v: sums.pairwise_sum(v, width, 1), x)[:, 0], x.sum(axis=1))


@pytest.mark.parametrize("count", [3, 63, 64, 65, 500])
@pytest.mark.parametrize("width", [1, 3])
def test_weighted_sums_keep_the_digits_of_lanes(count, width, run):
    rng = np.random.default_rng(count)
    x, weights = rng.normal(size=(30, count)), rng.normal(size=(count, width))
    got = run(lambda v: sums.weighted(v, weights), x)
    want = (x.astype(np.longdouble) @ weights.astype(np.longdouble)).astype(np.float64)
    scale = (np.abs(x) @ np.abs(weights)).max()
    assert np.abs(got - want).max() <= scale * np.finfo(float).eps * 2
