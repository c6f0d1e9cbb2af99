"""Rows on landmarks: each value where a model says that it may jump, and its neighbours in float64 and float32."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from modelport.data import relaxed
from modelport.parity.floats import Array, neighbours
from modelport.parity.generate import draw
from modelport.parity.grid import Grid, at_places, is_scale, places
from modelport.parity.sources import BOUNDARY, CHUNK, Sources
from modelport.signature import Category, Column

ROUNDS = 8
"""How often a landmark is probed at most, each time on another base row."""


@dataclass(frozen=True, slots=True)
class Marks:
    """The landmarks of one column.

    Attributes:
        index: the column's position.
        values: [L] landmarks, or texts.
        steps: [L, S] places of the values to probe for each; None for texts and booleans.
    """

    index: int
    values: Sequence[Category]
    steps: Array | None

    @property
    def width(self) -> int:
        return 1 if self.steps is None else int(self.steps.shape[1])


Crossed = Mapping[str, Array]
"""Input column → places, ascending, just below (or at) which a forest's split is crossed."""


def landmark_rows(sources: Sources, budget: int, crossed: Crossed) -> tuple[int, int, list[pa.RecordBatch]]:
    """How many landmarks there are, how many were probed on all of their steps, and the rows.

    A landmark is probed as a whole or not at all. If the budget allows, all are probed again on other base rows.

    Args:
        crossed: see `Crossed`; landmarks that are such a split by another name are left out.
    """
    marks = marks_of(sources, crossed)
    known = [(m, i) for m, mark in enumerate(marks) for i in range(len(mark.values))]
    order = sources.rng(BOUNDARY, 999).permutation(len(known))
    widths = np.array([marks[known[i][0]].width for i in order], np.int64)
    probed = int(np.searchsorted(np.cumsum(widths), budget, side="right")) if budget > 0 else 0
    batches: list[pa.RecordBatch] = []
    once = int(widths[:probed].sum())
    for turn in range(min(ROUNDS, budget // once) if once else 0):
        batches += _round(sources, marks, [known[i] for i in order[:probed]], turn)
    return len(known), probed, batches


def marks_of(sources: Sources, crossed: Crossed) -> list[Marks]:
    """The landmarks of every input that are no forest's splits."""
    return [mark for i in range(len(sources.signature.inputs)) if (mark := _marks(sources, i, crossed))]


def needed(marks: Sequence[Marks]) -> int:
    """Rows that probing every landmark once takes."""
    return sum(mark.width * len(mark.values) for mark in marks)


def _marks(sources: Sources, index: int, crossed: Crossed) -> Marks | None:
    column = sources.signature.inputs[index]
    told = [value for value in sources.landmarks.get(column.name, ()) if _fits(value, column)]
    if is_scale(column) and column.name in crossed:
        told = _elsewhere(told, column, crossed[column.name])
    if not told:
        return None
    return Marks(index, told, _steps(told, column) if is_scale(column) else None)


def _elsewhere(told: Sequence[Category], column: Column, low: Array) -> list[Category]:
    """Landmarks of a column that are none of its crossings.

    A split is told as it stands in the file, and crossed where its inputs, perhaps rounded to float32 first, change
    sides: in the same float32. Rows on both sides of a crossing tell any other threshold from it.
    """
    crossings = np.unique(_cells(np.asarray(at_places(low, column), np.float64), column))
    own = _cells(np.asarray(told, np.float64), column)
    return [value for value, there in zip(told, np.isin(own, crossings), strict=True) if not there]


def _cells(values: Array, column: Column) -> Array:
    """The greatest integer, or float32, that is not beyond each value."""
    if pa.types.is_integer(column.type):
        return np.asarray(np.floor(values))
    with np.errstate(over="ignore"):
        single = values.astype(np.float32)
        return np.asarray(np.where(single > values, np.nextafter(single, np.float32(-np.inf)), single))


def _fits(value: Category, column: Column) -> bool:
    """Whether a landmark is of the column's kind; NaN is none."""
    if isinstance(value, str) or pa.types.is_string(column.type):
        return isinstance(value, str) and bool(pa.types.is_string(column.type))
    return bool(np.isfinite(value))


def _steps(told: Sequence[Category], column: Column) -> Array:
    """[L, S] places: itself and its neighbours, in float64 and in float32."""
    values = np.asarray(told, np.float64)
    if pa.types.is_integer(column.type):
        limits = np.iinfo(column.type.to_pandas_dtype())
        low, high = max(limits.min, -(2**53)), min(limits.max, 2**53)
        whole = np.floor(values)[:, None] + np.array([-1, 0, 1])
        return np.asarray(np.clip(whole, low, high).astype(np.int64))
    with np.errstate(over="ignore"):
        single = neighbours(values, np.float32).reshape(3, -1).T
        wide = single if pa.types.is_float32(column.type) else np.hstack([neighbours(values).reshape(3, -1).T, single])
    finite = np.where(np.isfinite(wide), wide, values[:, None]).astype(column.type.to_pandas_dtype())
    return np.asarray(places(finite.ravel(), column).reshape(finite.shape))


def _round(
    sources: Sources, marks: Sequence[Marks], chosen: Sequence[tuple[int, int]], turn: int
) -> list[pa.RecordBatch]:
    """All chosen landmarks once; a landmark's steps share one base row."""
    batches = []
    per = max(1, CHUNK // max(mark.width for mark in marks))
    for chunk, start in enumerate(range(0, len(chosen), per)):
        some = chosen[start : start + per]
        base = draw(sources, BOUNDARY, 10_000 + turn * 100_000 + chunk)
        batches.append(_placed(sources, base, marks, some))
    return batches


def _placed(
    sources: Sources, base: pa.RecordBatch, marks: Sequence[Marks], some: Sequence[tuple[int, int]]
) -> pa.RecordBatch:
    """Base rows, one for each landmark, repeated for its steps, with the step put in."""
    owner = np.repeat(np.arange(len(some)), [marks[m].width for m, _ in some])
    rows = base.take(pa.array(owner))
    columns = np.array([marks[m].index for m, _ in some])[owner]
    steps = [_own(marks[m], i) for m, i in some]
    grid = Grid(sources.signature, rows, np.where(_is_text(marks, some)[owner], -1, columns))
    moved = grid.at(np.concatenate(steps))
    return _with_texts(moved, marks, some, owner, sources)


def _own(mark: Marks, landmark: int) -> Array:
    return np.zeros(1, np.int64) if mark.steps is None else np.asarray(mark.steps[landmark])


def _is_text(marks: Sequence[Marks], some: Sequence[tuple[int, int]]) -> Array:
    return np.array([marks[m].steps is None for m, _ in some])


def _with_texts(
    batch: pa.RecordBatch, marks: Sequence[Marks], some: Sequence[tuple[int, int]], owner: Array, sources: Sources
) -> pa.RecordBatch:
    """Puts in the landmarks that have no scale: categories and booleans."""
    arrays = list(batch.columns)
    for index in {marks[m].index for m, _ in some if marks[m].steps is None}:
        cells = arrays[index].to_pylist()
        for row, (m, i) in enumerate(some[at] for at in owner):
            if marks[m].index == index:
                cells[row] = marks[m].values[i]
        arrays[index] = pa.array(cells, sources.signature.inputs[index].type)
    return pa.RecordBatch.from_arrays(arrays, schema=relaxed(sources.signature))
