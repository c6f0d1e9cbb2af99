"""The worst rows of each output: those that count as different first, farthest first, in the order of the rows."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import numpy as np

from modelport.parity.cells import Difference
from modelport.parity.floats import Array
from modelport.parity.pieces import Witness

Key = tuple[bool, float, int]
"""Whether it counts as different, how far apart the sides are, and the row's place, negative: earlier rows win."""


@dataclass(slots=True)
class Worst:
    """The worst rows seen so far.

    Attributes:
        limit: rows kept of each output.
        rows: output → rows, the worst first.
    """

    limit: int
    rows: dict[str, list[tuple[Key, Witness]]] = field(default_factory=dict)

    def add(self, name: str, found: Difference, bad: Array, places: Array, witness: Callable[[int], Witness]) -> None:
        """Takes in one output of a batch.

        Args:
            bad: positions of the rows that count as different, ascending.
            places: [N] of the batch's rows in their kind; `witness`: position → the row as it is kept.
        """
        rows, distance = _candidates(found, bad)
        if not len(rows):
            return
        differs = np.isin(rows, bad, assume_unique=True) if len(bad) else np.zeros(len(rows), bool)
        kept = self.rows.setdefault(name, [])
        if len(kept) >= self.limit:
            least = kept[-1][0]
            worse = (differs & (not least[0])) | ((differs == least[0]) & (distance > least[1]))
            rows, distance, differs = rows[worse], distance[worse], differs[worse]
        some = _top(differs, distance, self.limit)
        new: list[tuple[Key, Witness]] = []
        for i in some:
            key = (bool(differs[i]), float(distance[i]), -int(places[rows[i]]))
            new.append((key, witness(int(rows[i]))))
        self._keep(name, new)

    def _keep(self, name: str, new: list[tuple[Key, Witness]]) -> None:
        if new:
            together = [*self.rows.get(name, []), *new]
            self.rows[name] = sorted(together, key=lambda item: item[0], reverse=True)[: self.limit]

    def merge(self, other: "Worst") -> None:
        for name, rows in other.rows.items():
            self._keep(name, rows)

    def witnesses(self, names: Iterable[str]) -> dict[str, tuple[Witness, ...]]:
        """Output → its worst rows, in the order of the names."""
        return {name: tuple(witness for _, witness in self.rows[name]) for name in names if name in self.rows}


def _candidates(found: Difference, bad: Array) -> tuple[Array, Array]:
    """Rows that are not identical, ascending, and how far apart: infinitely for those missing on one side."""
    rows, distance = (found.apart.rows, found.apart.distance) if found.apart else (bad[:0], np.empty(0))
    other = np.setdiff1d(bad, rows, assume_unique=True) if len(bad) else bad
    if not len(other):
        return rows, distance
    together = np.concatenate([rows, other])
    order = np.argsort(together, kind="stable")
    return together[order], np.concatenate([distance, np.full(len(other), np.inf)])[order]


def _top(differs: Array, distance: Array, limit: int) -> Array:
    """Positions of the worst; of equals, those that come first."""
    some = np.arange(len(distance))
    if len(distance) > limit:
        score = _score(differs, distance, limit)
        cut = np.partition(score, len(score) - limit)[len(score) - limit]
        over = np.flatnonzero(score > cut)
        some = np.concatenate([over, np.flatnonzero(score == cut)[: limit - len(over)]])
    order = np.lexsort((some, -distance[some], ~differs[some]))
    return some[order[:limit]]


def _score(differs: Array, distance: Array, limit: int) -> Array:
    """One number a row whose greatest `limit` are the worst rows, equals apart."""
    if differs.sum() >= limit:
        return np.where(differs, distance, -1.0)
    return np.where(differs, np.inf, distance)
