"""Refused rows: which rows of a batch a session does not take, found with few calls.

A session refuses a batch as a whole, so its rows are told apart by scoring parts of it. Halving alone takes a call for
nearly every refused row. But rows are nearly always refused for one value: a word that was never seen, an infinity, a
missing number. So rows are put together by what they hold, and what is found is kept for the batches after: a value
that was refused alone, in a row whose other values are taken, is a suspect, and rows with it count as refused after a
few of them were tried.
"""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from modelport.errors import DataError
from modelport.parity.floats import Array
from modelport.signature import Category

MOST_CALLS = 256
"""Scoring calls spent on finding the refused rows of one batch; what is still unclear then counts as refused."""

HOPELESS = 16
"""The same where nothing was ever answered."""

TRIED, AT_FIRST, AT_A_TIME = 64, 32, 2
"""Rows with a suspect that are tried all the same: in all, of the first batch, and of one after it."""

RARE = 0.02
"""Share of a batch below which a text that no signature knows is looked at apart."""

_LARGE = 3.5e38

Score = Callable[[pa.RecordBatch], pa.RecordBatch]
Categories = Mapping[str, tuple[Category, ...] | None]


@dataclass(frozen=True, slots=True)
class Kinds:
    """What the cells of one column are.

    Attributes:
        own: [N] each row's kind, as a position in `names`.
        odd: [K] which kinds are unusual; exact: [K] which are one value alone, and so may be suspects.
    """

    own: Array
    names: list[Hashable]
    odd: Array
    exact: Array


@dataclass(slots=True)
class Suspect:
    """A value that was refused alone: why, and how often it was tried again."""

    error: Exception
    tried: int = 0


@dataclass(slots=True)
class Found:
    """What was found about a batch.

    Attributes:
        rows: [A] positions of the rows that were answered, ascending; outputs: for each of them.
        errors: why rows were refused; untyped: positions of rows whose refusal was no `DataError`.
        presumed: rows that hold a suspect and were not tried.
    """

    rows: Array
    outputs: pa.RecordBatch | None
    errors: list[Exception]
    untyped: Array
    presumed: int


@dataclass(slots=True)
class Refusals:
    """What is known of a session's refusals, kept from batch to batch.

    Attributes:
        fatal: errors of this kind are raised, and are no refusals.
        taken: column → kinds of values that some answered row held.
        suspects: column → kinds that were refused alone.
        mixed: column → kinds that were refused in one row and taken in another; these are never suspects again.
        hopeless: whether no row of the last batch was answered.
    """

    fatal: type[Exception]
    taken: dict[int, set[Hashable]] = field(default_factory=dict)
    suspects: dict[int, dict[Hashable, Suspect]] = field(default_factory=dict)
    mixed: dict[int, set[Hashable]] = field(default_factory=dict)
    hopeless: bool = False

    def find(self, batch: pa.RecordBatch, categories: Categories, score: Score, error: Exception) -> Found:
        """Which rows are answered, and what the answers are.

        Args:
            categories: column → values that it is known to hold.
            error: with which the batch as a whole was refused.
        """
        return _Search(self, batch, categories, score).run(error)

    def foreseen(self, batch: pa.RecordBatch, categories: Categories) -> Exception | None:
        """Why a batch will be refused: it holds a suspect. None if it does not."""
        for i, suspects in self.suspects.items():
            kind = kinds(batch.column(i), categories.get(batch.schema.names[i])) if suspects else None
            held = {kind.names[at] for at in np.unique(kind.own)} if kind else set()
            if found := next((suspect for name, suspect in suspects.items() if name in held), None):
                return found.error
        return None


class _Search:
    """The search in one batch."""

    def __init__(self, known: Refusals, batch: pa.RecordBatch, categories: Categories, score: Score) -> None:
        self.known, self.batch, self.score = known, batch, score
        self.calls, self.most = 0, HOPELESS if known.hopeless and not known.taken else MOST_CALLS
        named = zip(batch.schema.names, batch.columns, strict=True)
        self.kinds = [kinds(values, categories.get(name)) for name, values in named]
        self.parts: list[pa.RecordBatch] = []
        self.rows: list[Array] = []
        self.errors: list[Exception] = []
        self.untyped: list[Array] = [np.empty(0, np.int64)]
        self.presumed = 0
        self.aside: dict[tuple[int, Hashable], list[Array]] = {}

    def run(self, error: Exception) -> Found:
        for group in self._groups():
            self._group(group, error)
        self._judge()
        rows = np.concatenate([np.empty(0, np.int64), *self.rows])
        self.known.hopeless = not len(rows)
        order = np.argsort(rows, kind="stable")
        outputs = pa.concat_batches(self.parts).take(pa.array(order)) if self.parts else None
        untyped = np.concatenate(self.untyped)
        return Found(rows[order], outputs, self.errors or [error], untyped, self.presumed)

    def _groups(self) -> list[Array]:
        """Rows by what is unusual in them: nothing, one value each, several."""
        odd = np.stack([kind.odd[kind.own] for kind in self.kinds], axis=1)
        count, first = odd.sum(axis=1), np.argmax(odd, axis=1)
        own = np.stack([kind.own for kind in self.kinds], axis=1)[np.arange(len(first)), first]
        key = np.stack([np.minimum(count, 2), np.where(count == 1, first, 0), np.where(count == 1, own, 0)])
        _, group = np.unique(key, axis=1, return_inverse=True)
        group = np.asarray(group).ravel()
        order = np.argsort(group, kind="stable")
        return np.split(order, np.flatnonzero(np.diff(group[order])) + 1)

    def _group(self, rows: Array, error: Exception) -> None:
        """Scores rows that are alike; where they are refused, one of them may tell for all."""
        rows = self._without_suspects(rows)
        failed = self._try(rows, error)
        if failed is None:
            return
        if len(rows) > 2:
            self._halve(rows[:1], failed)
            rows = self._without_suspects(rows[1:])
            failed = self._try(rows, failed)
        if failed is not None:
            self._halve(rows, failed, fresh=True)

    def _halve(self, rows: Array, error: Exception, *, fresh: bool = False) -> None:
        """Scores rows; those that are refused together are looked at in halves.

        Args:
            fresh: these rows were refused together just now, with this error.
        """
        failed = error if fresh else self._try(rows, error)
        if failed is None:
            return
        if len(rows) <= 1 or self.calls >= self.most:
            self._refuse(rows, failed)
            return
        half = len(rows) // 2
        for part in (rows[:half], rows[half:]):
            self._halve(self._without_suspects(part), failed)

    def _try(self, rows: Array, error: Exception) -> Exception | None:
        """Why rows are refused together; None if they are answered, or there are none."""
        if not len(rows):
            return None
        if self.calls >= self.most:
            return error
        self.calls += 1
        try:
            outputs = self.score(self.batch.take(pa.array(rows)))
        except self.known.fatal:
            raise
        except Exception as failed:
            return failed
        self._answered(rows, outputs)
        return None

    def _answered(self, rows: Array, outputs: pa.RecordBatch) -> None:
        self.parts.append(outputs)
        self.rows.append(rows)
        for i, kind in enumerate(self.kinds):
            names = {kind.names[at] for at in np.unique(kind.own[rows])}
            self.known.taken.setdefault(i, set()).update(names)
            for name in names & set(self.known.suspects.get(i, ())):
                del self.known.suspects[i][name]
                self.known.mixed.setdefault(i, set()).add(name)

    def _refuse(self, rows: Array, error: Exception) -> None:
        """Counts rows as refused; a single one may show which of its values it is."""
        self.errors.append(error)
        if not isinstance(error, DataError):
            self.untyped.append(rows)
        if len(rows) != 1:
            return
        own = [(i, int(kind.own[rows[0]])) for i, kind in enumerate(self.kinds)]
        new = [(i, at) for i, at in own if self.kinds[i].names[at] not in self.known.taken.get(i, set())]
        if len(new) == 1 and self.kinds[new[0][0]].exact[new[0][1]]:
            (i, at), *_ = new
            if (name := self.kinds[i].names[at]) not in self.known.mixed.get(i, set()):
                self.known.suspects.setdefault(i, {}).setdefault(name, Suspect(error))

    def _without_suspects(self, rows: Array) -> Array:
        """Rows that hold no suspect; the others are put aside."""
        for i, suspects in self.known.suspects.items():
            for name in suspects:
                if name in self.kinds[i].names:
                    held = self.kinds[i].own[rows] == self.kinds[i].names.index(name)
                    self.aside.setdefault((i, name), []).append(rows[held])
                    rows = rows[~held]
        return rows

    def _judge(self) -> None:
        """Tries a few of the rows that were put aside for each suspect; where one is answered, all are looked at."""
        while self.aside:
            (i, name), parts = self.aside.popitem()
            rows, suspect = np.sort(np.concatenate(parts)), self.known.suspects[i].get(name)
            refused = rows[:0] if suspect is None else self._tried(rows, suspect)
            rest = np.setdiff1d(rows, refused)
            if name not in self.known.suspects[i]:
                rest = np.setdiff1d(rest, np.concatenate([rest[:0], *self.rows]))
                self._halve(rest, self.errors[-1] if self.errors else DataError("refused"))
            elif suspect is not None:
                self._count(rest, suspect.error)
                self.presumed += len(rest)

    def _tried(self, rows: Array, suspect: Suspect) -> Array:
        """Rows that were tried one by one, and refused."""
        most = min(AT_A_TIME if suspect.tried else AT_FIRST, TRIED - suspect.tried, len(rows))
        refused = []
        for row in rows[np.linspace(0, len(rows) - 1, max(0, most)).astype(np.int64)]:
            suspect.tried += 1
            if (failed := self._try(np.array([row]), suspect.error)) is None:
                break
            self._count(np.array([row]), failed)
            refused.append(row)
        return np.array(refused, np.int64)

    def _count(self, rows: Array, error: Exception) -> None:
        if len(rows):
            self.errors.append(error)
            if not isinstance(error, DataError):
                self.untyped.append(rows)


def kinds(values: pa.Array, categories: tuple[Category, ...] | None = None) -> Kinds:
    """What the cells of a column are: each value of text and of what has categories, and of numbers their sort."""
    if categories or not (pa.types.is_floating(values.type) or pa.types.is_integer(values.type)):
        return _each_value(values, categories)
    numbers = np.asarray(values.cast(pa.float64(), safe=False).fill_null(0.0).to_numpy(zero_copy_only=False))
    gone = np.asarray(values.is_null().to_numpy(zero_copy_only=False))
    sorts = [gone, np.isnan(numbers), numbers == np.inf, numbers == -np.inf, np.abs(numbers) > _LARGE]
    sorts += [numbers < 0, numbers == 0, np.ones(len(numbers), bool)]
    names: list[Hashable] = ["missing", "nan", "inf", "-inf", "large", "negative", "zero", "positive"]
    places = np.arange(len(names))
    return Kinds(np.argmax(np.stack(sorts), axis=0), names, places < 5, places < 4)


def _each_value(values: pa.Array, categories: tuple[Category, ...] | None) -> Kinds:
    coded = values.dictionary_encode(null_encoding="encode")
    own, names = np.asarray(coded.indices.to_numpy(zero_copy_only=False), np.int64), coded.dictionary.to_pylist()
    exact = np.ones(len(names), bool)
    if categories:
        known = set(categories)
        return Kinds(own, names, np.array([name not in known for name in names], bool), exact)
    share = np.bincount(own, minlength=len(names)) / max(1, len(own))
    return Kinds(own, names, np.array([name is None for name in names], bool) | (share < RARE), exact)
