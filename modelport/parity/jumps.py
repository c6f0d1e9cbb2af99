"""Finding where a function jumps, knowing nothing of it: pairs of rows that differ in one column, bisected together.

A pair brackets a jump if its ends get different outputs. Each step scores the middle of every pair in one batch and
keeps the half that changes more, down to two neighbouring floats. A smooth function ends with no change to speak of;
a tree, a bin, a clip or a label ends on the jump itself.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from modelport.parity.cells import is_number
from modelport.parity.floats import Array, middle
from modelport.parity.grid import Grid

Score = Callable[[pa.RecordBatch], pa.RecordBatch]

JUMP = 1e-9
"""A relative change between neighbouring floats beyond which a number has jumped; a smooth one moves about 1e-16."""


@dataclass(frozen=True, slots=True)
class Jumps:
    """Neighbouring places between which the output jumps.

    Attributes:
        grid: the rows.
        low: [N] the place below each jump; the place above is `low + 1`.
    """

    grid: Grid
    low: Array


def seek(grid: Grid, first: Array, second: Array, score: Score, parts: int = 2) -> Jumps:
    """Bisects every pair at once.

    Args:
        first, second: [N] places of the ends of each pair, in any order.
        score: the function; raises nothing on rows between the ends, else the pairs are given up.
        parts: into which a pair is cut at each step, a power of 2: more of them take fewer calls and more rows.
    """
    low, high = np.minimum(first, second), np.maximum(first, second)
    at_low, at_high = score(grid.at(low)), score(grid.at(high))
    open_ = (change(at_low, at_high) > 0) & (low < high)
    grid, low, high = grid.take(np.flatnonzero(open_)), low[open_], high[open_]
    at_low, at_high = _rows(at_low, open_), _rows(at_high, open_)
    while len(low) and np.any(high - low != 1):
        low, high, at_low, at_high = _cut(grid, low, high, at_low, at_high, score, parts)
    real = jumped(at_low, at_high) if len(low) else np.zeros(0, bool)
    return Jumps(grid.take(np.flatnonzero(real)), low[real])


def _cut(
    grid: Grid, low: Array, high: Array, at_low: pa.RecordBatch, at_high: pa.RecordBatch, score: Score, parts: int
) -> tuple[Array, Array, pa.RecordBatch, pa.RecordBatch]:
    """One step for the pairs that are still apart: of their parts, the one that changes most is kept."""
    apart = np.flatnonzero(high - low != 1)
    count, index = len(apart), np.arange(len(apart))
    points = _points(low[apart], high[apart], parts)
    between = score(grid.take(np.tile(apart, parts - 1)).at(np.concatenate(points[1:-1])))
    ends = at_low.take(pa.array(apart)), at_high.take(pa.array(apart)).cast(at_low.schema)
    every = pa.concat_batches([ends[0], between.cast(at_low.schema), ends[1]])
    # A part without length is no way on; a row scored twice may differ in its last bit, and so seem to change there.
    steps = [np.where(points[i] < points[i + 1], _step(every, i, count), -1.0) for i in range(parts)]
    part = np.argmax(steps, axis=0)
    low, high = low.copy(), high.copy()
    low[apart], high[apart] = np.stack(points)[part, index], np.stack(points)[part + 1, index]
    sides = (every.take(pa.array(side * count + index)) for side in (part, part + 1))
    return (low, high, *(_replace(at, apart, new) for at, new in zip((at_low, at_high), sides, strict=True)))


def _points(low: Array, high: Array, parts: int) -> list[Array]:
    """The ends of pairs and what cuts them into parts, ascending."""
    if parts == 1:
        return [low, high]
    mid = middle(low, high)
    return [*_points(low, mid, parts // 2)[:-1], *_points(mid, high, parts // 2)]


def _step(every: pa.RecordBatch, part: int, count: int) -> Array:
    return change(every.slice(part * count, count), every.slice((part + 1) * count, count))


def _rows(batch: pa.RecordBatch, mask: Array) -> pa.RecordBatch:
    return batch.filter(pa.array(mask))


def _replace(batch: pa.RecordBatch, rows: Array, new: pa.RecordBatch) -> pa.RecordBatch:
    """`batch` with some rows replaced."""
    index = np.arange(batch.num_rows)
    index[rows] = batch.num_rows + np.arange(len(rows))
    return pa.concat_batches([batch, new.cast(batch.schema)]).take(pa.array(index))


def change(first: pa.RecordBatch, second: pa.RecordBatch) -> Array:
    """[N] how much the outputs of two batches differ, row by row: 1 for each other label, distances for numbers."""
    total = np.zeros(first.num_rows)
    for a, b in zip(first.columns, second.columns, strict=True):
        total += _distance(a, b) if is_number(a.type) else _unequal(a, b)
    return total


def jumped(first: pa.RecordBatch, second: pa.RecordBatch) -> Array:
    """[N] whether some output changes by more than a smooth function would between neighbours."""
    found = np.zeros(first.num_rows, bool)
    for a, b in zip(first.columns, second.columns, strict=True):
        if is_number(a.type):
            found |= _distance(a, b) > JUMP * np.maximum(1.0, np.abs(np.nan_to_num(_floats(a))))
        else:
            found |= _unequal(a, b) > 0
    return found


def _distance(a: pa.Array, b: pa.Array) -> Array:
    x, y = _floats(a), _floats(b)
    with np.errstate(invalid="ignore", over="ignore"):
        distance = np.abs(x - y)
    same = (x == y) | (np.isnan(x) & np.isnan(y))
    return np.asarray(np.where(same, 0.0, np.nan_to_num(distance, nan=1.0, posinf=1e300)))


def _floats(values: pa.Array) -> Array:
    return np.asarray(values.cast(pa.float64()).fill_null(float("nan")).to_numpy(zero_copy_only=False))


def _unequal(a: pa.Array, b: pa.Array) -> Array:
    codes = pa.chunked_array([a, b.cast(a.type)]).dictionary_encode().combine_chunks()
    index = np.asarray(codes.indices.fill_null(-1).to_numpy(zero_copy_only=False))
    return np.asarray((index[: len(a)] != index[len(a) :]).astype(float))
