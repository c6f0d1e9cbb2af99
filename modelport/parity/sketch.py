"""Sketch: what a pair's answers look like over one kind of rows, gathered while they are compared.

It is bounded whatever the number of rows, does not depend on where batches end, and costs a few passes over the rows
that are not identical. Sketches of parts can be merged.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa

from modelport.parity.cells import Difference, as_floats
from modelport.parity.floats import Array
from modelport.parity.pieces import Witness
from modelport.parity.powers import added, powers, steps_between
from modelport.parity.sample import Sample, lots
from modelport.parity.summary import ColumnSummary, Point
from modelport.parity.worst import Worst

POINTS, POINTS_BEYOND = 600, 200
"""Rows sampled of a kind, and of those of them that differ, at most."""

CELLS = 40_000
"""Numbers kept by a sample, at most: a model of a thousand outputs keeps fewer rows."""

WORST = 10
"""Rows kept of each output; of models with many outputs fewer, `WORST_CELLS` of all together."""

WORST_CELLS = 160
FLIPS = 400
"""Pairs of labels that are told apart; what comes after them is counted together."""

Sides = tuple[pa.RecordBatch, pa.RecordBatch, pa.RecordBatch]
"""Inputs, reference's outputs, candidate's outputs."""


@dataclass(slots=True)
class ColumnSketch:
    """One output."""

    number: bool
    single: bool = False
    identical: int = 0
    one_side: int = 0
    distances: dict[int, int] = field(default_factory=dict)
    beyond: dict[int, int] = field(default_factory=dict)
    steps: dict[int, int] = field(default_factory=dict)
    flips: dict[tuple[str | None, str | None], int] = field(default_factory=dict)

    def add(self, found: Difference, count: int, bad: Array) -> None:
        """Counts a batch of numbers.

        Args:
            bad: positions of the rows that count as different, ascending.
        """
        missing = 0 if found.missing is None else len(found.missing)
        apart = found.apart
        self.one_side += missing
        self.identical += count - missing - (len(apart.rows) if apart else 0)
        if apart is not None:
            added(self.distances, powers(apart.distance))
            added(self.steps, powers(steps_between(apart.reference, apart.candidate, self.single)))
            if len(bad):
                added(self.beyond, powers(apart.distance[np.isin(apart.rows, bad, assume_unique=True)]))

    def add_labels(self, count: int, bad: Array, reference: pa.Array, candidate: pa.Array) -> None:
        """Counts which labels became which."""
        self.identical += count - len(bad)
        sides = (_texts(side.take(pa.array(bad))) for side in (reference, candidate))
        for pair in zip(*sides, strict=True):
            self._flip(pair, 1)

    def _flip(self, pair: tuple[str | None, str | None], rows: int) -> None:
        key = pair if pair in self.flips or len(self.flips) < FLIPS else (None, None)
        self.flips[key] = self.flips.get(key, 0) + rows

    def merge(self, other: "ColumnSketch") -> None:
        self.identical += other.identical
        self.one_side += other.one_side
        for name in ("distances", "beyond", "steps"):
            added(getattr(self, name), getattr(other, name))
        for pair, rows in other.flips.items():
            self._flip(pair, rows)


@dataclass(slots=True)
class Sketch:
    """All outputs of a pair over one kind of rows."""

    columns: dict[str, ColumnSketch]
    seed: int = 0
    sample: Sample = field(init=False)
    beyond: Sample = field(init=False)
    worst: Worst = field(init=False)

    def __post_init__(self) -> None:
        width = max(1, len(self.columns))
        self.sample = Sample(max(20, min(POINTS, CELLS // width)))
        self.beyond = Sample(max(20, min(POINTS_BEYOND, CELLS // width)))
        self.worst = Worst(max(1, min(WORST, WORST_CELLS // width)))

    def add(
        self,
        found: Mapping[str, Difference],
        real: Callable[[str], Array],
        places: Array,
        sides: Sides,
        witness: Callable[[int], Witness],
    ) -> None:
        """Takes in a batch.

        Args:
            found: what differs in each output.
            real: output → positions of the rows that count as different, ascending.
            places: [N] of the rows in their kind.
            witness: position → the row as it is kept.
        """
        for name, column in self.columns.items():
            bad = real(name)
            if column.number:
                column.add(found[name], len(places), bad)
            elif len(bad) or len(places):
                column.add_labels(len(places), bad, sides[1].column(name), sides[2].column(name))
            self.worst.add(name, found[name], bad, places, witness)
        self._sample(found, real, places, sides)

    def _sample(
        self, found: Mapping[str, Difference], real: Callable[[str], Array], places: Array, sides: Sides
    ) -> None:
        if not any(column.number for column in self.columns.values()):
            return
        drawn = lots(places, self.seed)
        differ = [real(name) for name, difference in found.items() if len(difference.rows)]
        bad = np.unique(np.concatenate(differ)) if differ else np.empty(0, np.int64)
        for sample, among in ((self.sample, None), (self.beyond, bad)):
            lots_ = drawn if among is None else drawn[among]
            picked = sample.drawn(lots_)
            if len(picked):
                rows = picked if among is None else among[picked]
                sample.add(lots_[picked], self._values(rows, real, sides))

    def _values(self, rows: Array, real: Callable[[str], Array], sides: Sides) -> dict[str, Array]:
        values: dict[str, Array] = {}
        taken = pa.array(rows)
        for i, (name, column) in enumerate(self.columns.items()):
            if column.number:
                values[f"r{i}"] = as_floats(sides[1].column(name).take(taken))
                values[f"c{i}"] = as_floats(sides[2].column(name).take(taken))
                values[f"d{i}"] = np.isin(rows, real(name))
        return values

    def merge(self, other: "Sketch") -> None:
        """Takes in what another one has seen of other rows."""
        for name, column in self.columns.items():
            column.merge(other.columns[name])
        for mine, theirs in ((self.sample, other.sample), (self.beyond, other.beyond)):
            if len(theirs.lots):
                mine.add(theirs.lots, theirs.values)
        self.worst.merge(other.worst)

    def summaries(self) -> dict[str, ColumnSummary]:
        """What is drawn of each output."""
        return {name: self._summary(i, column) for i, (name, column) in enumerate(self.columns.items())}

    def _summary(self, index: int, column: ColumnSketch) -> ColumnSummary:
        flips = sorted(column.flips.items(), key=lambda item: (item[0] == (None, None), -item[1], str(item[0])))
        return ColumnSummary(
            column.identical,
            column.one_side,
            dict(sorted(column.distances.items())),
            dict(sorted(column.beyond.items())),
            dict(sorted(column.steps.items())),
            tuple(self._points(index)) if column.number else (),
            tuple((*pair, rows) for pair, rows in flips),
        )

    def _points(self, index: int) -> list[Point]:
        """Both samples, each row once."""
        lots_ = np.concatenate([self.sample.lots, self.beyond.lots])
        if not len(lots_):
            return []
        _, first = np.unique(lots_, return_index=True)
        reference, candidate, different = (self._kept(f"{side}{index}")[first] for side in "rcd")
        there = np.flatnonzero(~(np.isnan(reference) | np.isnan(candidate)))
        return [Point(float(reference[i]), float(candidate[i]), bool(different[i])) for i in there]

    def _kept(self, name: str) -> Array:
        samples = (self.sample, self.beyond)
        return np.concatenate([sample.values[name] for sample in samples if name in sample.values])


def sketch_of(columns: Sequence[Any], seed: int) -> Sketch:
    """An empty sketch of the outputs that are compared (`tally.Compared`)."""
    return Sketch({column.name: ColumnSketch(column.number, column.single) for column in columns}, seed)


def _texts(values: pa.Array) -> list[str]:
    from modelport.signature import label_text

    return ["missing" if item is None else label_text(item) for item in values.to_pylist()]
