"""Rows that find what random rows miss: on every threshold, one float step to either side, and missing values."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]

EXTREMES = (0.0, -0.0, 1e-35, -1e-35, 1e30, -1e30)
"""Values at which rules about zero, tiny and huge numbers change."""


def steps(value: float) -> list[float]:
    """A value, its neighbours among float64, and itself and its neighbours among float32."""
    with np.errstate(over="ignore"):
        near = np.float32(value)
        narrow = (near, np.nextafter(near, np.float32(np.inf)), np.nextafter(near, np.float32(-np.inf)))
    wide = (value, np.nextafter(value, np.inf), np.nextafter(value, -np.inf))
    return [float(item) for item in (*wide, *narrow)]


def boundary_rows(
    rows: Array,
    thresholds: Mapping[int, Sequence[float]],
    *,
    most: int = 1500,
    missing: bool = False,
    extremes: bool = False,
    seed: int = 0,
) -> Array:
    """Rows of the data, and copies of them moved on to thresholds.

    Args:
        rows: [N, C] float64.
        thresholds: column → values its function may jump at.
        most: of the (column, value) pairs, so many are used, chosen at random; all if there are fewer.
        missing: adds rows with one NaN each, with many, and with nothing else.
        extremes: adds rows with zeros, tiny and huge values.
    """
    rng = np.random.default_rng(seed)
    pairs = [(column, step) for column, values in thresholds.items() for value in values for step in steps(value)]
    if len(pairs) > most:
        pairs = [pairs[i] for i in rng.choice(len(pairs), most, replace=False)]
    if extremes:
        pairs += [(column, value) for column in range(rows.shape[1]) for value in EXTREMES]
    if missing:
        pairs += [(column, np.nan) for column in range(rows.shape[1]) for _ in range(3)]
    moved = rows[rng.integers(0, len(rows), len(pairs))].copy()
    for row, (column, value) in zip(moved, pairs, strict=True):
        row[column] = value
    parts = [rows, moved]
    if missing:
        holes = rows.copy()
        holes[rng.random(holes.shape) < 0.4] = np.nan
        parts += [holes, np.full((1, rows.shape[1]), np.nan)]
    return np.concatenate(parts)


def thresholds_of(*pairs: tuple[Array, Array]) -> dict[int, list[float]]:
    """Thresholds by column, from the (feature, threshold) arrays of many trees; features below 0 are leaves.

    Infinite thresholds, which split missing values from the others, have no neighbours to try.
    """
    found: dict[int, set[float]] = {}
    for features, values in pairs:
        for feature, value in zip(np.asarray(features).tolist(), np.asarray(values).tolist(), strict=True):
            if feature >= 0 and np.isfinite(value):
                found.setdefault(feature, set()).add(float(value))
    return {feature: sorted(values) for feature, values in found.items()}
