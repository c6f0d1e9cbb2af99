"""Near jumps: disagreements that vanish when the inputs are moved by less than their own rounding matters.

A support vector machine's votes, a tree behind a rotation, the nearest of two centres: the function jumps where a
computed number crosses a value, and two correct implementations compute that number one rounding apart. On such a row
the reference itself gives the candidate's answer a hair's breadth away. That is told apart from a real disagreement,
unless a file names a split right there: a split of the input itself has no rounding to hide behind.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from modelport.parity import cells
from modelport.parity.floats import Array
from modelport.parity.overflow import at_the_edge, infinite, left_the_range
from modelport.signature import Category

BREADTHS = tuple(2.0**-k for k in (50, 48, 46, 44, 42, 40, 38, 36))
"""Relative changes that are tried; the greatest is 1.5e-11."""

_NEAR = 2.0**-22
"""Relative distance to a split that counts as being on it: two float32 steps, since a split may be compared so."""

DRAWS = 3
MOST = 1000
"""Disagreeing rows that are shaken, for each pair and stratum; what comes after them stays a disagreement."""

_ALONE = 100
"""Rows at the edge of float64 that are scored by themselves."""

Score = Callable[[pa.RecordBatch], pa.RecordBatch]


def near_jumps(
    rows: pa.RecordBatch,
    candidate: pa.RecordBatch,
    places: Array,
    columns: Sequence[Any],
    score: Score,
    landmarks: Mapping[str, tuple[Category, ...]],
    seed: int,
) -> Array:
    """[N] whether the reference gives the candidate's answer a hair's breadth from each row, output by output.

    Output by output, because a number that is exactly zero may count for one output and against another (libsvm's votes
    and scikit-learn's `decision_function` do so), which a row beside it never shows at once.

    Args:
        rows: inputs of rows that disagree.
        candidate: what the candidate answered.
        places: of the rows in their stratum; the same row is always shaken alike.
        columns: outputs that must agree.
        score: the reference.
    """
    free = ~_on_split(rows, landmarks)
    at = np.flatnonzero(free)
    excused = np.zeros(rows.num_rows, bool)
    if not len(at):
        return excused
    shaken, owner = _shaken(rows.take(pa.array(at)), places[at], seed)
    answers = score(shaken)
    wanted = candidate.take(pa.array(at[owner]))
    excused[at] = True
    for column in columns:
        agree = np.ones(len(owner), bool)
        agree[_different(column, answers, wanted)] = False
        excused[at] &= np.isin(np.arange(len(at)), owner[agree])
    excused[at] |= _leaves_the_range(rows.take(pa.array(at)), shaken, owner, answers, score)
    return excused


def _leaves_the_range(rows: pa.RecordBatch, shaken: pa.RecordBatch, owner: Array, answers: Any, score: Score) -> Array:
    """[N] whether a row is at the edge of float64 and the reference answers NaN, or nothing, to it alone or beside it.

    Its answer then hangs on the order in which a sum was taken, which is not the same for each size of a batch; and
    where a probability is made of that sum, neither side need show a number that is none.
    """
    edge = at_the_edge(rows)
    inside = ~infinite(shaken) | infinite(rows)[owner]
    beside = np.isin(np.arange(rows.num_rows), owner[inside & left_the_range(answers)])
    for row in np.flatnonzero(edge & ~beside)[:_ALONE]:
        beside[row] = left_the_range(score(rows.slice(int(row), 1)))[0]
    return np.asarray(edge & beside)


def fragile(
    rows: pa.RecordBatch,
    outputs: pa.RecordBatch,
    columns: Sequence[Any],
    score: Score,
    landmarks: Mapping[str, tuple[Category, ...]],
    seed: int,
) -> Array:
    """[N] whether a row's own answer changes a hair's breadth away: then rounding alone, another number of threads or
    another size of the batch, may change it too. A row on a split that a file tells is never fragile.

    Args:
        outputs: what `score` answers to `rows`.
    """
    at = np.flatnonzero(~_on_split(rows, landmarks))
    found = np.zeros(rows.num_rows, bool)
    if len(at):
        shaken, owner = _shaken(rows.take(pa.array(at)), at, seed)
        answers, own = score(shaken), outputs.take(pa.array(at[owner]))
        for column in columns:
            found[at[owner[_different(column, answers, own)]]] = True
    return found


def _different(column: Any, answers: pa.RecordBatch, wanted: pa.RecordBatch) -> Array:
    a, b = answers.column(column.name), wanted.column(column.name)
    if column.number:
        return np.asarray(cells.numbers(a, b, column.tolerance, column.single).rows)
    return np.asarray(cells.labels(a, b).rows)


def _on_split(rows: pa.RecordBatch, landmarks: Mapping[str, tuple[Category, ...]]) -> Array:
    """[N] whether some input stands on a split that a file tells, or too near to one to be moved."""
    found = np.zeros(rows.num_rows, bool)
    for name, values in zip(rows.schema.names, rows.columns, strict=True):
        known = np.array([v for v in landmarks.get(name, ()) if isinstance(v, float | int)], np.float64)
        if len(known) and pa.types.is_floating(values.type):
            own = _plain(values)
            after = np.clip(np.searchsorted(known, own), 0, len(known) - 1)
            gap = np.minimum(np.abs(known[after] - own), np.abs(known[np.maximum(after - 1, 0)] - own))
            found |= gap <= _NEAR * np.abs(own) + 1e-300
    return found


def _plain(values: pa.Array) -> Array:
    cells_ = np.asarray(values.cast(pa.float64()).fill_null(0.0).to_numpy(zero_copy_only=False), np.float64)
    return np.asarray(np.nan_to_num(cells_))


def _shaken(rows: pa.RecordBatch, places: Array, seed: int) -> tuple[pa.RecordBatch, Array]:
    """Each row, its numbers moved a little up or down, for each breadth a few times; and whose row it was."""
    turns = len(BREADTHS) * DRAWS
    owner = np.repeat(np.arange(rows.num_rows), turns)
    breadth = np.tile(np.repeat(BREADTHS, DRAWS), rows.num_rows)
    signs = np.concatenate([_signs(seed, int(place), turns, rows.num_columns) for place in places])
    repeated = rows.take(pa.array(owner))
    arrays = []
    for i, values in enumerate(repeated.columns):
        arrays.append(_moved(values, 1.0 + signs[:, i] * breadth) if pa.types.is_floating(values.type) else values)
    return pa.RecordBatch.from_arrays(arrays, schema=rows.schema), owner


def _signs(seed: int, place: int, turns: int, width: int) -> Array:
    return np.random.default_rng([seed, 4, place]).uniform(-1.0, 1.0, (turns, width))


def _moved(values: pa.Array, factor: Array) -> pa.Array:
    mask = np.asarray(values.is_null().to_numpy(zero_copy_only=False))
    dtype = values.type.to_pandas_dtype()
    with np.errstate(over="ignore", invalid="ignore"):
        moved = (values.fill_null(0).to_numpy(zero_copy_only=False).astype(np.float64) * factor).astype(dtype)
    return pa.array(moved, values.type, mask=mask if mask.any() else None)
