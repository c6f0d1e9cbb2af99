"""One output column against another, vectorised: which rows differ, by how much, and why.

The first question is whether the arrays are equal bit for bit, which costs one pass; only rows that are not pay for
the rest.
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from modelport.parity.floats import Array, ulps
from modelport.parity.settings import Tolerance
from modelport.signature import label_text


@dataclass(frozen=True, slots=True)
class Apart:
    """Rows whose numbers are not identical, missing ones left out.

    Attributes:
        rows: [M] their positions, ascending.
        reference, candidate, distance: [M] float64; an infinite distance is no number away.
    """

    rows: Array
    reference: Array
    candidate: Array
    distance: Array


@dataclass(frozen=True, slots=True)
class Difference:
    """What differs in one column of one batch.

    Attributes:
        rows: positions of the rows outside the tolerance, ascending.
        nan_one_side, null_one_side: how many of them have NaN, or null, on one side only.
        max_abs, max_rel: largest distances, within the tolerance or not.
        worst: position of the row that is farthest apart, -1 if all are equal; a row outside the tolerance comes first.
        severity: of that row: whether it is outside the tolerance, and its distance.
        worst_ulps: float steps at that row.
        missing: positions of the rows that are missing on one side only; None for none.
        apart: the numbers that are not identical; None for none.
    """

    rows: Array
    nan_one_side: int = 0
    null_one_side: int = 0
    max_abs: float = 0.0
    max_rel: float = 0.0
    worst: int = -1
    severity: tuple[bool, float] = (False, -1.0)
    worst_ulps: float = 0.0
    missing: Array | None = None
    apart: Apart | None = None


_NONE = np.empty(0, np.int64)
NO_DIFFERENCE = Difference(_NONE)


def is_number(kind: pa.DataType) -> bool:
    """Whether an output of this type has a distance; all others (labels, clusters, text) are equal or not."""
    return bool(pa.types.is_floating(kind))


def numbers(reference: pa.Array, candidate: pa.Array, tolerance: Tolerance, single: bool = False) -> Difference:
    """Two columns of numbers.

    Missing (null or NaN) equals missing; a number against missing is a difference of its own kind, an infinity
    against anything but itself is infinitely far.

    Args:
        single: count ulps in float32: the reference computes in it.
    """
    a, b = as_floats(reference), as_floats(candidate)
    equal = a == b
    if equal.all():
        return NO_DIFFERENCE
    at = np.flatnonzero(~equal)
    x, y = a[at], b[at]
    gone_x, gone_y = np.isnan(x), np.isnan(y)
    if gone_x.any() or gone_y.any():
        at, x, y, one_side = _without_missing(at, x, y, gone_x, gone_y)
    else:
        one_side = _NONE
    found = _distances(at, x, y, tolerance, single)
    if not len(one_side):
        return found
    return _with_missing(found, one_side, reference, candidate)


def as_floats(values: pa.Array) -> Array:
    """A column as float64, nulls as NaN; no copy where none is needed."""
    if not values.type.equals(pa.float64()):
        values = values.cast(pa.float64())
    if values.null_count:
        return np.asarray(pc.fill_null(values, float("nan")).to_numpy(zero_copy_only=False))
    return np.asarray(values.to_numpy(zero_copy_only=False))


def _without_missing(at: Array, x: Array, y: Array, gone_x: Array, gone_y: Array) -> tuple[Array, Array, Array, Array]:
    both_there = ~(gone_x | gone_y)
    return at[both_there], x[both_there], y[both_there], at[gone_x ^ gone_y]


def _distances(at: Array, x: Array, y: Array, tolerance: Tolerance, single: bool) -> Difference:
    if not len(at):
        return NO_DIFFERENCE
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        distance = np.abs(x - y)
        distance[np.isnan(distance)] = np.inf
        size = np.abs(x)
        bad = _outside(distance, size, tolerance)
        if tolerance.ulps and bad.any():
            bad[bad] = _steps(x[bad], y[bad], single) > tolerance.ulps
        relative = distance / np.maximum(size, np.abs(y))
    relative[np.isnan(relative)] = np.inf
    worst = int(np.argmax(np.where(bad, distance, -1.0)) if bad.any() else np.argmax(distance))
    steps = float(_steps(x[worst : worst + 1], y[worst : worst + 1], single)[0])
    severity = bool(bad[worst]), float(distance[worst])
    return Difference(
        at[bad],
        max_abs=float(distance.max()),
        max_rel=float(relative.max()),
        worst=int(at[worst]),
        severity=severity,
        worst_ulps=steps,
        apart=Apart(at, x, y, distance),
    )


def _outside(distance: Array, size: Array, tolerance: Tolerance) -> Array:
    """Whether each distance is beyond `max(atol, rtol * |reference|)`; an infinite reference allows nothing."""
    limit = np.maximum(tolerance.atol, tolerance.rtol * np.where(np.isfinite(size), size, 0.0))
    outside: Array = ~(distance <= limit)
    return outside


def _steps(x: Array, y: Array, single: bool) -> Array:
    return ulps(x.astype(np.float32), y.astype(np.float32)) if single else ulps(x, y)


def _with_missing(found: Difference, one_side: Array, reference: pa.Array, candidate: pa.Array) -> Difference:
    """Adds rows where one side is missing."""
    taken = pa.array(one_side)
    null = pc.or_(pc.is_null(reference.take(taken)), pc.is_null(candidate.take(taken)))
    nulls = int(pc.sum(null).as_py() or 0)
    rows = np.union1d(found.rows, one_side)
    counts = len(one_side) - nulls, nulls
    if found.severity == (True, np.inf) and found.worst < one_side[0]:
        return replace(found, rows=rows, nan_one_side=counts[0], null_one_side=counts[1], missing=one_side)
    severity = (True, float("inf"))
    distances = found.max_abs, found.max_rel
    return Difference(rows, *counts, *distances, int(one_side[0]), severity, float("inf"), one_side, found.apart)


def labels(reference: pa.Array, candidate: pa.Array) -> Difference:
    """Two columns that must be equal: labels, clusters, text, booleans, integers. Missing equals missing."""
    a, b = _alike(reference, candidate)
    if not a.null_count and not b.null_count:
        unequal = np.asarray(pc.not_equal(a, b).to_numpy(zero_copy_only=False))
        rows = np.flatnonzero(unequal)
        return Difference(rows, worst=int(rows[0])) if len(rows) else NO_DIFFERENCE
    return _labels_with_nulls(a, b)


def _labels_with_nulls(a: pa.Array, b: pa.Array) -> Difference:
    null_a, null_b = _mask(pc.is_null(a)), _mask(pc.is_null(b))
    unequal = _mask(pc.fill_null(pc.not_equal(a, b), False))
    one_side = null_a ^ null_b
    rows = np.flatnonzero(unequal | one_side)
    nulls = int(one_side.sum())
    if not len(rows):
        return NO_DIFFERENCE
    return Difference(rows, 0, nulls, worst=int(rows[0]), missing=np.flatnonzero(one_side))


def _mask(values: pa.Array) -> Array:
    return np.asarray(values.to_numpy(zero_copy_only=False), bool)


def _alike(a: pa.Array, b: pa.Array) -> tuple[pa.Array, pa.Array]:
    """Both columns in one type: as they are, as float64 if both are numbers, else as the text of a label."""
    if a.type.equals(b.type):
        return a, b
    if _numeric(a.type) and _numeric(b.type) and _exact(a) and _exact(b):
        return a.cast(pa.float64()), b.cast(pa.float64())
    return _as_text(a), _as_text(b)


def _exact(values: pa.Array) -> bool:
    """Whether float64 holds each of these numbers."""
    bounds = pc.min_max(values).as_py() if pa.types.is_integer(values.type) else {"min": 0, "max": 0}
    return all(bound is None or abs(bound) <= 2**53 for bound in bounds.values())


def _numeric(kind: pa.DataType) -> bool:
    return bool(pa.types.is_integer(kind) or pa.types.is_floating(kind))


def _as_text(values: pa.Array) -> pa.Array:
    if pa.types.is_string(values.type):
        return values
    encoded = values.dictionary_encode()
    words: list[Any] = [None if item is None else label_text(item) for item in encoded.dictionary.to_pylist()]
    return pa.DictionaryArray.from_arrays(encoded.indices, pa.array(words, pa.string())).dictionary_decode()
