"""Tallies: what has been seen of a pair so far. They grow batch by batch and do not depend on where batches end."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa

from modelport.parity import cells, shake
from modelport.parity.cells import Difference
from modelport.parity.floats import Array
from modelport.parity.overflow import overflown
from modelport.parity.pieces import ColumnReport, StratumReport, Witness
from modelport.parity.places import Places
from modelport.parity.ranks import Ranks
from modelport.parity.sketch import Sketch
from modelport.parity.summary import ColumnSummary
from modelport.parity.ties import near_ties

Excuse = Callable[[pa.RecordBatch, pa.RecordBatch, Array, Sequence["Compared"]], Array]


@dataclass(frozen=True, slots=True)
class Compared:
    """An output that both sides have.

    Attributes:
        number: whether it has a distance; else it is equal or not.
        single: whether the reference computes it in float32.
    """

    name: str
    number: bool
    tolerance: Any
    single: bool = False


@dataclass(slots=True)
class ColumnTally:
    """Counts of one output."""

    name: str
    kind: str
    rows: int = 0
    different: int = 0
    near_ties: int = 0
    nan_one_side: int = 0
    null_one_side: int = 0
    max_abs: float = 0.0
    max_rel: float = 0.0
    max_ulps: float = 0.0
    severity: tuple[bool, float] = (False, -1.0)
    ranks: Ranks | None = None
    places: Places = field(default_factory=Places)

    def add(self, found: Difference, rows: int, ties: int, places: Array) -> None:
        self.places.add(places[found.rows])
        self.rows += rows
        self.different += len(found.rows) - ties
        self.near_ties += ties
        self.nan_one_side += found.nan_one_side
        self.null_one_side += found.null_one_side
        self.max_abs = max(self.max_abs, found.max_abs)
        self.max_rel = max(self.max_rel, found.max_rel)
        if found.severity > self.severity:
            self.severity, self.max_ulps = found.severity, found.worst_ulps

    def report(self) -> ColumnReport:
        names = (
            "name",
            "kind",
            "rows",
            "different",
            "near_ties",
            "nan_one_side",
            "null_one_side",
            "max_abs",
            "max_rel",
        )
        return ColumnReport(
            **{name: getattr(self, name) for name in names},
            max_ulps=self.max_ulps,
            discordant=self.discordant,
            places=str(self.places),
        )

    @property
    def discordant(self) -> float | None:
        """Share of neighbouring rows that change places; None if it was not asked for."""
        return None if self.ranks is None else self.ranks.discordant()


@dataclass(slots=True)
class Tally:
    """Counts of one pair over one stratum; a sketch besides, where pictures are wanted."""

    stratum: str
    columns: tuple[Compared, ...]
    keep: int = 5
    lenient: bool = False
    rows: int = 0
    different: int = 0
    near_ties: int = 0
    refused_by_reference: int = 0
    refused_by_candidate: int = 0
    refused_by_both: int = 0
    strict: bool = False
    refusals_count: bool = False
    shaken: int = 0
    overflown: int = 0
    witnesses: list[Witness] = field(default_factory=list)
    worst: dict[str, tuple[tuple[bool, float], Witness]] = field(default_factory=dict)
    parts: dict[str, ColumnTally] = field(default_factory=dict)
    sketch: Sketch | None = None

    def __post_init__(self) -> None:
        for column in self.columns:
            ranked = column.number and column.tolerance.rank is not None
            part = ColumnTally(column.name, "number" if column.number else "label", ranks=Ranks() if ranked else None)
            self.parts.setdefault(column.name, part)

    def add(
        self,
        inputs: pa.RecordBatch,
        reference: pa.RecordBatch,
        candidate: pa.RecordBatch,
        numbers: Array | None = None,
        excuse: Excuse | None = None,
    ) -> Array:
        """Compares a batch that both sides answered row by row.

        Args:
            numbers: [N] the place of each row in its stratum; None if they simply follow those before.
            excuse: inputs, candidate's outputs, places of rows that disagree → which of them are near jumps.

        Returns:
            Positions of the rows that disagree, ascending.
        """
        count = reference.num_rows
        places = np.arange(self.rows, self.rows + count) if numbers is None else numbers
        found = {column.name: _difference(column, reference, candidate) for column in self.columns}
        beyond = _beyond(found, inputs, reference, candidate)
        if len(beyond):
            return self._without(beyond, (inputs, reference, candidate), places, excuse)
        self._rank(reference, candidate)
        ties = near_ties(self.columns, found, reference, candidate)
        if excuse is not None:
            self._excuse(found, ties, places, (inputs, candidate), excuse)
        bad = self._count(found, ties, places)
        if len(bad):
            self._witness(found, ties, bad, places[bad], (inputs, reference, candidate))
        if self.sketch is not None:
            self._sketch(self.sketch, found, ties, places, (inputs, reference, candidate))
        self.rows += count
        return bad

    def _sketch(
        self,
        sketch: Sketch,
        found: Mapping[str, Difference],
        ties: Mapping[str, Array],
        places: Array,
        sides: tuple[pa.RecordBatch, pa.RecordBatch, pa.RecordBatch],
    ) -> None:
        real = {name: _real(name, found, ties) for name in found}

        def witness(row: int) -> Witness:
            columns = tuple(name for name, rows in real.items() if row in rows)
            inputs, reference, candidate = (_cells(side, row) for side in sides)
            return Witness(int(places[row]), inputs, reference, candidate, columns)

        sketch.add(found, real.__getitem__, places, sides, witness)

    def _excuse(
        self,
        found: Mapping[str, Difference],
        ties: dict[str, Array],
        places: Array,
        sides: tuple[pa.RecordBatch, pa.RecordBatch],
        excuse: Excuse,
    ) -> None:
        """Moves rows that are near jumps from the disagreements to the near ties."""
        if not any(len(difference.rows) for difference in found.values()):
            return
        bad = np.unique(np.concatenate([_real(name, found, ties) for name in found]))[: shake.MOST - self.shaken]
        if not len(bad):
            return
        self.shaken += len(bad)
        taken = pa.array(bad)
        near = bad[excuse(sides[0].take(taken), sides[1].take(taken), places[bad], self.columns)]
        for name, difference in found.items():
            mine = np.intersect1d(difference.rows, near)
            if difference.missing is not None:
                mine = np.setdiff1d(mine, difference.missing)
            if len(mine):
                ties[name] = np.union1d(ties.get(name, mine), mine)

    def _without(
        self,
        beyond: Array,
        sides: tuple[pa.RecordBatch, pa.RecordBatch, pa.RecordBatch],
        places: Array,
        excuse: Excuse | None,
    ) -> Array:
        """Compares the rows whose arithmetic stayed in range; the others are counted apart."""
        self.overflown += len(beyond)
        kept = np.setdiff1d(np.arange(len(places)), beyond)
        inputs, reference, candidate = (side.take(pa.array(kept)) for side in sides)
        return kept[self.add(inputs, reference, candidate, places[kept], excuse)]

    def _rank(self, reference: pa.RecordBatch, candidate: pa.RecordBatch) -> None:
        for name, part in self.parts.items():
            if part.ranks is not None:
                part.ranks.add(reference.column(name), candidate.column(name))

    def _count(self, found: Mapping[str, Difference], ties: Mapping[str, Array], places: Array) -> Array:
        """Adds a batch's counts; gives the rows that disagree, near ties left out."""
        for name, difference in found.items():
            self.parts[name].add(difference, len(places), len(ties.get(name, ())), places)
        if not any(len(difference.rows) for difference in found.values()):
            return np.empty(0, np.int64)
        real = [np.setdiff1d(d.rows, ties[name]) if name in ties else d.rows for name, d in found.items()]
        bad = np.unique(np.concatenate(real))
        tied = np.unique(np.concatenate(list(ties.values()))) if ties else bad[:0]
        self.different += len(bad)
        self.near_ties += len(np.setdiff1d(tied, bad))
        return bad

    def _witness(
        self,
        found: Mapping[str, Difference],
        ties: Mapping[str, Array],
        bad: Array,
        places: Array,
        sides: tuple[pa.RecordBatch, pa.RecordBatch, pa.RecordBatch],
    ) -> None:
        """Keeps the first rows that disagree, and the worst of each column."""
        faulty = {name: set(_real(name, found, ties).tolist()) for name in found} if self._wants(found) else {}
        for row, place in zip(bad[: max(0, self.keep - len(self.witnesses))], places, strict=False):
            self.witnesses.append(_witness(int(row), int(place), faulty, sides))
        for name, difference in found.items():
            if difference.worst in faulty.get(name, ()) and difference.severity > self._worst_yet(name):
                place = places[int(np.searchsorted(bad, difference.worst))]
                self.worst[name] = difference.severity, _witness(difference.worst, int(place), faulty, sides)

    def _worst_yet(self, name: str) -> tuple[bool, float]:
        return self.worst[name][0] if name in self.worst else (False, -1.0)

    def _wants(self, found: Mapping[str, Difference]) -> bool:
        """Whether this batch can still change the witnesses; if not, no row is looked at."""
        if len(self.witnesses) < self.keep:
            return True
        return any(d.severity[0] and d.severity > self._worst_yet(name) for name, d in found.items())

    def refuse(self, by_reference: int, by_candidate: int, typed: bool, by_both: int = 0) -> None:
        """Adds rows that were not answered.

        Args:
            by_reference: those that the reference refuses, `by_both` of them refused by the candidate too: there the
                two agree.
            by_candidate: those that the candidate alone refuses.

        What the reference alone refuses is not compared; if it is `strict`, that is a disagreement. What only the
        candidate refuses is a disagreement; on special rows, and on all where that was asked for (`lenient`), a plain
        statement that it does not take such a value (`typed`) is counted and let through.
        """
        self.refused_by_reference += by_reference
        self.refused_by_candidate += by_candidate
        self.refused_by_both += by_both
        let_through = typed and (self.lenient or (self.stratum == "special" and not self.strict))
        count = (0 if let_through else by_candidate) + (by_reference - by_both if self.strict else 0)
        self.rows += count
        self.different += count
        self.refusals_count |= bool(by_candidate) and not let_through

    def report(self) -> StratumReport:
        worst = [witness for _, witness in self.worst.values()]
        shown = {witness.row: witness for witness in [*self.witnesses, *worst]}
        return StratumReport(
            self.stratum,
            self.rows,
            self.different,
            self.near_ties,
            self.refused_by_reference,
            self.refused_by_candidate,
            tuple(part.report() for part in self.parts.values()),
            tuple(shown.values()),
            self.overflown,
            *self._drawn(),
            refused_by_both=self.refused_by_both,
        )

    def _drawn(self) -> tuple[Mapping[str, ColumnSummary], Mapping[str, tuple[Witness, ...]]]:
        if self.sketch is None:
            return {}, {}
        return self.sketch.summaries(), self.sketch.worst.witnesses(list(self.parts))


def _difference(column: Compared, reference: pa.RecordBatch, candidate: pa.RecordBatch) -> Difference:
    a, b = reference.column(column.name), candidate.column(column.name)
    if column.number:
        return cells.numbers(a, b, column.tolerance, column.single)
    return cells.labels(a, b)


def _beyond(
    found: Mapping[str, Difference], inputs: pa.RecordBatch, reference: pa.RecordBatch, candidate: pa.RecordBatch
) -> Array:
    """Rows that disagree because a sum left the range of float64; looked for only where something disagrees."""
    bad = np.unique(np.concatenate([np.empty(0, np.int64), *(difference.rows for difference in found.values())]))
    if not len(bad):
        return bad
    taken = pa.array(bad)
    return np.asarray(bad[overflown(inputs.take(taken), reference.take(taken), candidate.take(taken))])


def _real(name: str, found: Mapping[str, Difference], ties: Mapping[str, Array]) -> Array:
    rows = found[name].rows
    return np.setdiff1d(rows, ties[name]) if name in ties else rows


def _witness(
    row: int, place: int, faulty: Mapping[str, set[int]], sides: tuple[pa.RecordBatch, pa.RecordBatch, pa.RecordBatch]
) -> Witness:
    inputs, reference, candidate = (_cells(side, row) for side in sides)
    columns = tuple(name for name, rows in faulty.items() if row in rows)
    return Witness(place, inputs, reference, candidate, columns)


def _cells(batch: pa.RecordBatch, row: int) -> dict[str, Any]:
    cells_: dict[str, Any] = batch.slice(row, 1).to_pylist()[0]
    return cells_
