"""From values inside a model back to its inputs: which input they depend on, and where they cross a value.

Nothing is assumed about the preprocessing but what is measured: a column of the tensor that changes with one input
alone, and in one direction, is inverted by bisection over that input's floats.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from modelport.parity.floats import Array, middle
from modelport.parity.grid import Grid, at_places, concat, is_scale, places
from modelport.parity.inner import Inner
from modelport.signature import Column, Signature

_LOOKS = 24
"""Base rows on which dependencies are measured."""

NONE, MANY = -1, -2
"""A column of the tensor that depends on no input, or on more than one."""


@dataclass(frozen=True, slots=True)
class Crossing:
    """Where inner values cross their thresholds, in places of the input they depend on.

    Attributes:
        feature, threshold, strict: [K] of each crossing, sorted by feature and threshold.
        column: [K] the input.
        low_side, high_side: [K] neighbouring places: with the inner value on the `yes` side of the threshold, and on
            the other; which of them is the greater depends on the direction.
        real: [K] whether the value crosses the threshold at all.
        all_yes: [K] where it does not: whether every input is on the `yes` side.
    """

    feature: Array
    threshold: Array
    strict: Array
    column: Array
    yes_side: Array
    no_side: Array
    real: Array
    all_yes: Array


_ZERO, _FALSE = np.zeros(1, np.int64), np.zeros(1, bool)
NEVER = Crossing(_ZERO, np.zeros(1), _FALSE, _ZERO, _ZERO, _ZERO, _FALSE, _FALSE)
"""A crossing that is none, for a model without any."""


def sources(inner: Inner, signature: Signature, base: pa.RecordBatch, other: pa.RecordBatch) -> Array:
    """[F] the input each column of the tensor depends on; `NONE`, `MANY`, or the input's position.

    Args:
        base, other: rows; each input in turn is taken from `other`.
    """
    rows = min(_LOOKS, base.num_rows, other.num_rows)
    base, other = base.slice(0, rows), other.slice(0, rows)
    before = inner.values(base)
    found = np.full(before.shape[1], NONE)
    for i in range(len(signature.inputs)):
        after = inner.values(base.set_column(i, base.schema.field(i), other.column(i)))
        moved = np.any(~((before == after) | (np.isnan(before) & np.isnan(after))), axis=0)
        found[moved] = np.where(found[moved] == NONE, i, MANY)
    return found


def extremes(column: Column) -> tuple[int, int]:
    """Places of the least and the greatest finite value of a column."""
    dtype = column.type.to_pandas_dtype()
    if pa.types.is_integer(column.type):
        limits = np.iinfo(dtype)
        return max(int(limits.min), -(2**53)), min(int(limits.max), 2**53)
    ends = places(np.array([np.finfo(dtype).min, np.finfo(dtype).max], dtype), column)
    return int(ends[0]), int(ends[1])


def crossings(
    inner: Inner,
    signature: Signature,
    base: pa.RecordBatch,
    origin: Array,
    wanted: tuple[Array, Array, Array],
) -> Crossing:
    """Bisects all crossings at once.

    Args:
        base: any rows; they are reused as often as needed.
        origin: see `sources`.
        wanted: feature, threshold, strict: [K] each; only features that depend on one input with a scale.
    """
    feature, threshold, strict = wanted
    column = origin[feature]
    grid = Grid(signature, repeated(base, len(feature)), column)
    inside = _Inside(inner, grid, feature, threshold, strict)
    low, high = _ends(signature, column)
    at_low, at_high = inside.at(low), inside.at(high)
    real = at_low != at_high
    yes, no = np.where(at_low, low, high), np.where(at_low, high, low)
    yes, no = _narrowed(inside, signature, column, threshold, yes, no, real)
    while np.any(apart := real & (_gap(yes, no) != 1)):
        rows = np.flatnonzero(apart)
        mid = middle(yes[rows], no[rows])
        taken = inside.some(rows, mid)
        yes[rows[taken]], no[rows[~taken]] = mid[taken], mid[~taken]
    return Crossing(feature, threshold, strict, column, yes, no, real, at_low & at_high)


@dataclass(frozen=True, slots=True)
class _Inside:
    """Whether inner values are on the `yes` side, for inputs at given places."""

    inner: Inner
    grid: Grid
    feature: Array
    threshold: Array
    strict: Array

    def at(self, where: Array) -> Array:
        return self.some(np.arange(len(where)), where)

    def some(self, rows: Array, where: Array) -> Array:
        z = self.inner.values(self.grid.take(rows).at(where))
        own = z[np.arange(len(rows)), self.feature[rows]]
        with np.errstate(invalid="ignore"):
            below = np.where(self.strict[rows], own < self.threshold[rows], own <= self.threshold[rows])
        return np.asarray(below, bool)


def _gap(yes: Array, no: Array) -> Array:
    """Distance of places; saturated rather than overflowing."""
    near = np.abs((yes >> 1) - (no >> 1)) < 2
    return np.where(near, np.abs(np.where(near, yes - no, 0)), 2)


def _ends(signature: Signature, column: Array) -> tuple[Array, Array]:
    ends = {int(i): extremes(signature.inputs[int(i)]) for i in np.unique(column)}
    return (
        np.array([ends[int(i)][0] for i in column], np.int64),
        np.array([ends[int(i)][1] for i in column], np.int64),
    )


def _narrowed(
    inside: _Inside, signature: Signature, column: Array, threshold: Array, yes: Array, no: Array, real: Array
) -> tuple[Array, Array]:
    """Tries the threshold's own float32 neighbourhood first: where an input is compared directly, it is there."""
    below, above = np.copy(yes), np.copy(no)
    for i in np.unique(column):
        own, kind = column == i, signature.inputs[int(i)]
        around = _float32_around(threshold[own], kind)
        below[own], above[own] = around
    low, high = np.minimum(below, above), np.maximum(below, above)
    at_low, at_high = inside.at(low), inside.at(high)
    near = real & (at_low != at_high)
    yes = np.where(near, np.where(at_low, low, high), yes)
    return yes, np.where(near, np.where(at_low, high, low), no)


def _float32_around(values: Array, column: Column) -> tuple[Array, Array]:
    with np.errstate(over="ignore"):
        single = values.astype(np.float32)
        pair = np.nextafter(single, np.float32(-np.inf)), np.nextafter(single, np.float32(np.inf))
    least, most = extremes(column)
    if pa.types.is_integer(column.type):
        floor = np.clip(np.nan_to_num(np.floor(values)), least, most).astype(np.int64)
        return np.clip(floor - 1, least, most), np.clip(floor + 1, least, most)
    dtype = column.type.to_pandas_dtype()
    low, high = (places(np.nan_to_num(side.astype(dtype)), column) for side in pair)
    return np.clip(low, least, most), np.clip(high, least, most)


def repeated(batch: pa.RecordBatch, rows: int) -> pa.RecordBatch:
    """Rows of a batch over and over, `rows` in all."""
    return batch.take(pa.array(np.arange(rows) % batch.num_rows))


def input_landmarks(inner: Sequence[Inner], signature: Signature, base: pa.RecordBatch) -> dict[str, list[float]]:
    """Input column → values at which some inner value crosses one of its thresholds: the last one before it."""
    found: dict[str, set[float]] = {}
    half = base.num_rows // 2
    for part in inner:
        origin = sources(part, signature, base.slice(0, half), base.slice(half))
        wanted = _wanted(part, origin, signature)
        if not len(wanted[0]):
            continue
        crossing = crossings(part, signature, base, origin, wanted)
        for i in np.unique(crossing.column):
            own = crossing.real & (crossing.column == i)
            column = signature.inputs[int(i)]
            values = at_places(np.minimum(crossing.yes_side, crossing.no_side)[own], column)
            found.setdefault(column.name, set()).update(float(value) for value in values)
    return {name: sorted(values) for name, values in found.items()}


def _wanted(inner: Inner, origin: Array, signature: Signature) -> tuple[Array, Array, Array]:
    pairs = [
        (feature, value)
        for feature, values in inner.thresholds.items()
        if origin[feature] >= 0 and is_scale(signature.inputs[int(origin[feature])])
        for value in values
    ]
    features = np.array([feature for feature, _ in pairs], np.int64)
    return features, np.array([value for _, value in pairs], np.float64), np.zeros(len(pairs), bool)


__all__ = ["NEVER", "NONE", "Crossing", "concat", "crossings", "input_landmarks", "sources"]
