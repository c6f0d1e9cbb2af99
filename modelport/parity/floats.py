"""Floating-point numbers as what they are: a finite, ordered set that can be stepped through and bisected."""

from typing import Any

import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]

_INTS: dict[str, tuple[type[np.signedinteger[Any]], int]] = {"f8": (np.int64, 63), "f4": (np.int32, 31)}


def ordinal(values: Array) -> Array:
    """The place of each float among all floats of its type, as int64: neighbours differ by 1, both zeros are 0.

    Args:
        values: float64 or float32, no NaN.
    """
    kind, _ = _INTS[values.dtype.str[1:]]
    bits = np.ascontiguousarray(values).view(kind).astype(np.int64)
    smallest = np.int64(np.iinfo(kind).min)
    return np.asarray(np.where(bits < 0, smallest - bits, bits))


def from_ordinal(places: Array, dtype: Any = np.float64) -> Array:
    """The float at each place; the inverse of `ordinal` but for -0.0, which comes back as 0.0."""
    kind, _ = _INTS[np.dtype(dtype).str[1:]]
    smallest = np.int64(np.iinfo(kind).min)
    bits = np.where(places < 0, smallest - places, places)
    return np.ascontiguousarray(bits.astype(kind)).view(dtype)


def ulps(first: Array, second: Array) -> Array:
    """Steps between floats of one type, as float64 (the distance of opposite signs overflows integers).

    NaN against anything, and an infinity against anything but itself, is infinitely far.
    """
    finite = np.isfinite(first) & np.isfinite(second)
    a, b = np.where(finite, first, 0).astype(first.dtype), np.where(finite, second, 0).astype(first.dtype)
    steps = np.abs(ordinal(a).astype(np.float64) - ordinal(b).astype(np.float64))
    near = np.abs(ordinal(a) // 2 - ordinal(b) // 2) < 2**51
    exact = np.abs(np.where(near, ordinal(a) - ordinal(b), 0)).astype(np.float64)
    known = np.where(near, exact, steps)
    return np.asarray(np.where(finite, known, np.where(first == second, 0.0, np.inf)))


def middle(low: Array, high: Array) -> Array:
    """The place halfway between two places, rounded down, without overflow."""
    return np.asarray((low >> 1) + (high >> 1) + (low & high & 1))


def neighbours(values: Array, dtype: Any = np.float64) -> Array:
    """Each value with the floats of `dtype` just below and just above it: [3 * N], below, itself, above."""
    own = values.astype(dtype)
    below, above = np.nextafter(own, dtype(-np.inf)), np.nextafter(own, dtype(np.inf))
    return np.concatenate([below, own, above]).astype(np.float64)


def looks_float32(values: Array) -> bool:
    """Whether a column was computed in float32: every value fits float32, and some use all of its digits.

    The second half keeps fractions such as 0.5, and small integers, from being taken for float32 results.
    """
    finite = values[np.isfinite(values)]
    single = finite.astype(np.float32)
    if not len(finite) or not np.array_equal(single.astype(np.float64), finite):
        return False
    return bool(np.any(single.view(np.int32) & 0xFFF))
