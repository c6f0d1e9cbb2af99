"""Piecewise linear functions against `numpy.interp` and `numpy.searchsorted`."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelport_onnx.blocks import interpolate

finite = st.floats(-1e6, 1e6, allow_nan=False, width=64)


def probes(knots):
    steps = np.r_[knots, np.nextafter(knots, np.inf), np.nextafter(knots, -np.inf)]
    return np.r_[steps, (knots[1:] + knots[:-1]) / 2, -np.inf, np.inf, knots[0] - 1, knots[-1] + 1][:, None]


@pytest.mark.parametrize("count", [1, 2, 5, 64, 65, 100, 1000])
def test_positions(count, run):
    knots = np.sort(np.random.default_rng(count).normal(size=count))
    x = probes(knots)
    got = run(lambda v: interpolate.position(v, knots), x)[:, 0]
    assert got.tolist() == np.searchsorted(knots, x[:, 0], side="right").tolist()


@pytest.mark.parametrize("count", [2, 5, 64, 65, 500])
def test_values_to_the_last_digit(count, run):
    rng = np.random.default_rng(count)
    knots, values = np.sort(rng.normal(size=count)), np.sort(rng.normal(size=count))
    x = probes(knots)
    got = run(lambda v: interpolate.interpolate(v, knots, values), x)[:, 0]
    np.testing.assert_array_equal(got, np.interp(x[:, 0], knots, values))


def test_missing_stays_missing(run):
    got = run(lambda v: interpolate.interpolate(v, [0.0, 1.0], [5.0, 6.0]), np.array([[np.nan], [0.5]]))[:, 0]
    assert np.isnan(got[0])
    assert got[1] == 5.5


@settings(max_examples=40, deadline=None)
@given(data=st.data(), knots=st.lists(finite, min_size=2, max_size=30, unique=True))
def test_any_knots(run, data, knots):
    x = np.sort(np.array(knots))
    y = np.array(data.draw(st.lists(finite, min_size=len(x), max_size=len(x))))
    at = np.array(data.draw(st.lists(finite, min_size=1, max_size=10)))[:, None]
    got = run(lambda v: interpolate.interpolate(v, x, y), at)[:, 0]
    np.testing.assert_allclose(got, np.interp(at[:, 0], x, y), rtol=1e-15, atol=0)
