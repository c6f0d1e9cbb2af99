"""Floats as an ordered set: places, distances, middles."""

import math
import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelport.parity.floats import from_ordinal, looks_float32, middle, neighbours, ordinal, ulps

finite = st.floats(allow_nan=False, allow_infinity=False)


def array(*values: float) -> np.ndarray:
    return np.array(values, np.float64)


@given(finite)
def test_the_next_float_is_one_place_away(value: float) -> None:
    above = math.nextafter(value, math.inf)
    if above == 0 and value == 0:
        above = math.nextafter(0.0, 1.0)
    assert ordinal(array(above))[0] - ordinal(array(value))[0] == 1


@given(finite, finite)
def test_places_are_ordered_as_floats_are(a: float, b: float) -> None:
    first, second = ordinal(array(a, b))
    assert (first < second) == (a < b)
    assert (first == second) == (a == b)


@given(finite)
def test_a_place_gives_back_its_float(value: float) -> None:
    assert from_ordinal(ordinal(array(value)))[0] == value


@given(st.floats(-(2.0**100), 2.0**100, width=32))
def test_float32_has_places_of_its_own(value: float) -> None:
    single = np.array([value], np.float32)
    above = np.nextafter(single, np.float32(np.inf))
    assert from_ordinal(ordinal(single), np.float32)[0] == single[0]
    assert ordinal(above)[0] - ordinal(single)[0] == 1


@given(finite, finite)
def test_the_middle_lies_between(a: float, b: float) -> None:
    low, high = sorted(int(p) for p in ordinal(array(a, b)))
    assert int(middle(np.array([low]), np.array([high]))[0]) == (low + high) // 2


@given(st.integers(-(2**62), 2**62), st.integers(0, 1000))
def test_distance_in_ulps_is_exact_when_small(bits: int, step: int) -> None:
    a = from_ordinal(np.array([bits]))
    b = from_ordinal(np.array([bits + step]))
    if np.isfinite(a[0]) and np.isfinite(b[0]):
        assert ulps(a, b)[0] == step
        assert ulps(b, a)[0] == step


@pytest.mark.parametrize(
    ("a", "b", "steps"),
    [
        (1.0, math.nan, math.inf),
        (math.inf, math.inf, 0),
        (math.inf, 1.0, math.inf),
        (0.0, -0.0, 0),
        (-5e-324, 5e-324, 2),
    ],
)
def test_distance_in_ulps_at_the_edges(a: float, b: float, steps: float) -> None:
    assert ulps(array(a), array(b))[0] == steps


def test_neighbours_are_those_of_the_type_asked_for() -> None:
    below, own, above = neighbours(array(0.1), np.float32)
    bits = struct.unpack("<i", struct.pack("<f", 0.1))[0]
    assert [struct.unpack("<i", struct.pack("<f", v))[0] - bits for v in (below, own, above)] == [-1, 0, 1]


def test_float32_results_are_told_from_fractions_and_from_float64() -> None:
    values = np.random.default_rng(0).random(100)
    assert looks_float32(values.astype(np.float32).astype(np.float64))
    assert not looks_float32(values)
    assert not looks_float32(array(0.0, 0.5, 0.25, 3.0))
    assert not looks_float32(array())
