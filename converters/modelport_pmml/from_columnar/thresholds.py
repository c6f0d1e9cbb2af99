"""Comparisons of a number rounded to float32, as comparisons of the number itself: exact in every evaluator.

Rounding is monotone, so `float32(x) <= t` holds up to one greatest float64. Evaluators then need not round, which
some of them would do differently.
"""

import numpy as np

from modelport_columnar.values import Array


def below(splits: Array) -> Array:
    """For each t the greatest float64 x with `float32(x) <= t`: `float32(x) <= t` is `x <= below(t)`.

    The middle between two neighbouring float32 numbers is a float64; it rounds to the one whose last bit is 0.
    """
    low = floor32(splits)
    with np.errstate(over="ignore"):
        high = np.nextafter(low, np.float32(np.inf))
    step = np.where(np.isinf(high), np.float64(low) - np.nextafter(low, np.float32(0)), 0)
    above = np.where(np.isinf(high), np.float64(low) + step, np.float64(high))
    middle = np.float64(low) + (above - np.float64(low)) / 2
    even = (low.view(np.uint32) & 1) == 0
    return np.where(even, middle, np.nextafter(middle, -np.inf))


def not_below(splits: Array) -> Array:
    """For each t the least float64 x with `float32(x) >= t`: `float32(x) < t` is `x < not_below(t)`."""
    return -below(-np.asarray(splits, np.float64))


def floor32(splits: Array) -> Array:
    """The greatest float32 that is not above."""
    wide = np.asarray(splits, np.float64)
    with np.errstate(over="ignore"):
        near = wide.astype(np.float32)
    found: Array = np.where(near.astype(np.float64) > wide, np.nextafter(near, np.float32(-np.inf)), near)
    return np.ascontiguousarray(found, np.float32)
