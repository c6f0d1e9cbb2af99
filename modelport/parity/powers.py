"""Sizes counted by powers of two: the exponent bits of a float are its logarithm, so counting costs very little."""

from typing import Any

import numpy as np

from modelport.parity.floats import Array, ulps


def powers(sizes: Array) -> dict[int, int]:
    """Power of two → how many sizes lie in `[2^k, 2^(k+1))`; infinity is 1024, zero and subnormals are -1023.

    Args:
        sizes: [N] float64, not negative, no NaN.
    """
    counts = np.bincount(np.ascontiguousarray(sizes).view(np.int64) >> 52, minlength=1)
    return {int(k) - 1023: int(counts[k]) for k in np.flatnonzero(counts)}


def steps_between(first: Array, second: Array, single: bool = False) -> Array:
    """Floating-point steps between two columns [N], in float32 if `single`, as float64.

    Finite numbers of one sign, which nearly all are, differ by as many steps as their bits do.
    """
    dtype: Any = np.float32 if single else np.float64
    a, b = first.astype(dtype, copy=False), second.astype(dtype, copy=False)
    kind: Any = np.int32 if single else np.int64
    x: Array = np.ascontiguousarray(a).view(kind)
    y: Array = np.ascontiguousarray(b).view(kind)
    steps: Array = x - y
    np.abs(steps, out=steps)
    sizes: Array = steps.astype(np.float64)
    ends = [side.min(initial=0) for side in (a, b)] + [side.max(initial=0) for side in (a, b)]
    if (x ^ y).min(initial=0) < 0 or not np.isfinite(ends).all():
        odd = np.flatnonzero(((x ^ y) < 0) | ~np.isfinite(a) | ~np.isfinite(b))
        sizes[odd] = ulps(a[odd], b[odd])
    return sizes


def added(counts: dict[int, int], more: dict[int, int]) -> None:
    """Adds counts to counts."""
    for power, rows in more.items():
        counts[power] = counts.get(power, 0) + rows
