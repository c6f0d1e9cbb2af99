"""Race: all lanes score the same batches side by side; each pair keeps its tallies.

Each lane runs ahead of the others by a few batches, the next ones are read meanwhile, and answers are compared in
order as they come: reading and comparing cost time only where they are slower than scoring.
"""

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from itertools import combinations
from time import perf_counter
from typing import Any

import numpy as np
import pyarrow as pa

from modelport.parity.ahead import ahead
from modelport.parity.cells import is_number
from modelport.parity.floats import Array, looks_float32
from modelport.parity.lanes import Answer, Dead, Lane
from modelport.parity.pieces import Coverage
from modelport.parity.progress import Progress
from modelport.parity.resume import Journal, restore
from modelport.parity.settings import Settings, Tolerance, rounded
from modelport.parity.shake import near_jumps
from modelport.parity.sketch import sketch_of
from modelport.parity.sources import Stratum
from modelport.parity.tally import Compared, Excuse, Tally
from modelport.signature import Category

Pair = tuple[int, int]

FLIGHT = 4
"""Batches that are being scored at a time: how far a quick runtime may run ahead of a slow one."""


@dataclass(frozen=True, slots=True)
class Started:
    """A batch on its way through the lanes, and the number of its first row."""

    batch: pa.RecordBatch
    answers: dict[int, "Future[Answer]"]
    start: int


@dataclass(slots=True)
class Race:
    """The lanes, and what has been seen of them.

    Attributes:
        lanes: the reference first.
        tallies: (pair, stratum) → counts.
        singles: outputs that the reference computes in float32.
        reached: stratum → rows scored by the reference.
        seconds: spent comparing.
        walls: stratum → seconds from its first batch to its last comparison; `seeking`: until boundary rows were made.
        coverage: of the places where the models may jump.
        notes: for the report.
        journal: where progress over the user's rows is kept.
        witnesses: rows on which a prover says that two models differ.
        jumps: a few boundary rows, the likeliest first.
        landmarks: splits that files tell; a disagreement on one of them is never put down to rounding.
    """

    lanes: Sequence[Lane]
    settings: Settings
    progress: Progress
    tallies: dict[tuple[Pair, str], Tally] = field(default_factory=dict)
    singles: set[str] = field(default_factory=set)
    reached: dict[str, int] = field(default_factory=dict)
    seconds: float = 0.0
    walls: dict[str, float] = field(default_factory=dict)
    coverage: Coverage | None = None
    notes: list[str] = field(default_factory=list)
    landmarks: Mapping[str, tuple[Category, ...]] = field(default_factory=dict)
    witnesses: list[Mapping[str, Any]] = field(default_factory=list)
    journal: Journal | None = None
    jumps: pa.RecordBatch | None = None
    _pools: list[ThreadPoolExecutor] = field(default_factory=list)

    def __enter__(self) -> "Race":
        self._pools = [ThreadPoolExecutor(1, thread_name_prefix="modelport-lane") for _ in self.lanes]
        return self

    def __exit__(self, *_: object) -> None:
        for pool in self._pools:
            pool.shutdown(wait=True, cancel_futures=True)

    @property
    def alive(self) -> list[int]:
        """Positions of the lanes that can score."""
        return [i for i, lane in enumerate(self.lanes) if lane.failure is None and not lane.fit.absent]

    @property
    def pairs(self) -> list[Pair]:
        """All pairs of lanes that take part, those with the reference first."""
        return list(combinations(self.alive, 2))

    def look_at(self, sample: pa.RecordBatch) -> None:
        """Learns from a few rows which outputs the reference computes in float32."""
        answer = _settled(self._pools[0].submit(self.lanes[0].answer, sample), self.lanes[0])
        if answer is None or answer.outputs is None:
            return
        for name, values in zip(answer.outputs.schema.names, answer.outputs.columns, strict=True):
            if is_number(values.type) and looks_float32(values.drop_null().to_numpy()):
                self.singles.add(name)

    def run(self, stratum: Stratum) -> None:
        """Scores and compares every batch of a stratum."""
        done, journal = self._resumed(stratum)
        began = perf_counter()
        flying: deque[Started] = deque()
        with closing(ahead(without_first(stratum.batches(), done))) as batches:
            for batch in batches:
                flying.append(Started(batch, self._start(stratum, batch, done), done))
                done += batch.num_rows
                if len(flying) >= FLIGHT:
                    self._settle(stratum, flying.popleft(), journal)
                if self._budget(0, done) <= 0 or not self.pairs:
                    break
        while flying:
            self._settle(stratum, flying.popleft(), journal)
        self.reached[stratum.name], self.walls[stratum.name] = done, perf_counter() - began
        for pair in self.pairs:
            self._tally(pair, stratum.name)

    def _resumed(self, stratum: Stratum) -> tuple[int, Journal | None]:
        """Where an earlier run of the user's rows was ended, with its counts taken over; only those are kept."""
        if stratum.name != "data" or self.journal is None:
            return 0, None
        done, pairs = self.journal.load()
        for pair in self.pairs:
            if (kept := pairs.get(f"{pair[0]},{pair[1]}")) is not None:
                restore(self._tally(pair, stratum.name), kept)
        return done, self.journal

    def _of(self, stratum: str) -> dict[Pair, Tally]:
        return {pair: tally for (pair, name), tally in self.tallies.items() if name == stratum}

    def _start(self, stratum: Stratum, batch: pa.RecordBatch, done: int) -> dict[int, Future[Answer]]:
        started = {}
        for i in self.alive:
            rows = min(batch.num_rows, self._budget(i, done))
            if rows > 0:
                started[i] = self._pools[i].submit(self.lanes[i].answer, batch.slice(0, rows))
        return started

    def _budget(self, lane: int, done: int) -> int:
        """Rows a lane may still score of a stratum; slow runtimes get its beginning."""
        return self.settings.slow_rows - done if self.lanes[lane].slow else 2**62

    def _settle(self, stratum: Stratum, started: Started, journal: Journal | None) -> None:
        """Waits for the answers about a batch and compares them; batches are settled in their order."""
        batch, start = started.batch, started.start
        answers = {i: answer for i, f in started.answers.items() if (answer := _settled(f, self.lanes[i]))}
        began = perf_counter()
        for i, j in combinations(sorted(answers), 2):
            scored = min(batch.num_rows, self._budget(i, start), self._budget(j, start))
            tally = self._tally((i, j), stratum.name)
            compare_answers(tally, batch.slice(0, scored), answers[i], answers[j], start, self.excuse(i))
        self.seconds += perf_counter() - began
        if journal:
            journal.save(start + batch.num_rows, self._of(stratum.name))
        self.progress(stratum.name, start + batch.num_rows, stratum.total)

    def excuse(self, first: int) -> Excuse:
        """How near jumps are told from disagreements with a lane: by scoring a hair's breadth away."""

        def score(batch: pa.RecordBatch) -> pa.RecordBatch:
            return self._pools[first].submit(self.lanes[first].total, batch).result()

        def excuse(rows: pa.RecordBatch, outputs: pa.RecordBatch, places: Array, columns: Sequence[Compared]) -> Array:
            try:
                return near_jumps(rows, outputs, places, columns, score, self.landmarks, self.settings.seed)
            except Dead as dead:
                self.lanes[first].failure = dead.failure
                return np.zeros(rows.num_rows, bool)

        return excuse

    def _tally(self, pair: Pair, stratum: str) -> Tally:
        key = (pair, stratum)
        if key not in self.tallies:
            columns = self.compared(pair)
            sketch = sketch_of(columns, self.settings.seed) if pair[0] == 0 else None
            self.tallies[key] = Tally(stratum, columns, self.settings.witnesses, self.settings.refusals, sketch=sketch)
            self.tallies[key].strict = self.settings.strict
        return self.tallies[key]

    def compared(self, pair: Pair) -> tuple[Compared, ...]:
        """The outputs that both sides have, in the first one's order."""
        first, second = (self.lanes[i].session.signature for i in pair)
        rough = any(self.lanes[i].rounds for i in pair)
        there = {column.name for column in second.outputs}
        return tuple(
            Compared(
                column.name, is_number(column.type), self._tolerance(column.name, rough), column.name in self.singles
            )
            for column in first.outputs
            if column.name in there and column.name not in self.settings.ignore_outputs
        )

    def _tolerance(self, output: str, rough: bool) -> Tolerance:
        """As set; an output computed in float32 is known to one float32 step at best.

        Args:
            rough: one of the two runtimes is known to round where its file does not.
        """
        settings = rounded(self.settings) if rough else self.settings
        wanted = settings.tolerance(output)
        if output not in self.singles:
            return wanted
        return Tolerance(wanted.atol, wanted.rtol, max(wanted.ulps, 1), wanted.rank)


def without_first(batches: Iterator[pa.RecordBatch], rows: int) -> Iterator[pa.RecordBatch]:
    """Batches without their first so many rows, which are read and dropped."""
    for batch in batches:
        if rows >= batch.num_rows:
            rows -= batch.num_rows
            continue
        yield batch.slice(rows)
        rows = 0


def _settled(future: "Future[Answer]", lane: Lane) -> Answer | None:
    """A lane's answer; None if it died over it, or over a batch before it."""
    try:
        answer = future.result()
    except Dead as dead:
        lane.failure = lane.failure or dead.failure
        return None
    return answer if lane.failure is None else None


def compare_answers(
    tally: Tally, batch: pa.RecordBatch, first: Answer, second: Answer, start: int, excuse: Excuse | None = None
) -> Array:
    """Compares what two subjects said about one batch; rows that the first refuses are not compared.

    Returns:
        Positions in the batch of the rows that disagree.
    """
    count = batch.num_rows
    if first.rows is None and second.rows is None:
        numbers = np.arange(start, start + count)
        return tally.add(batch, _top(first.outputs, count), _top(second.outputs, count), numbers, excuse)
    ours, theirs = _rows(first, count), _rows(second, count)
    both, refused = np.intersect1d(ours, theirs), np.setdiff1d(ours, theirs)
    neither = count - len(np.union1d(ours, theirs))
    tally.refuse(count - len(ours), len(refused), second.says_so(refused), neither)
    if not len(both):
        return refused
    sides = _pick(first, ours, both), _pick(second, theirs, both)
    bad = tally.add(batch.take(pa.array(both)), *sides, both + start, excuse)
    return np.union1d(both[bad], refused)


def _rows(answer: Answer, count: int) -> Array:
    return np.arange(count) if answer.rows is None else answer.rows[answer.rows < count]


def _top(outputs: Any, count: int) -> pa.RecordBatch:
    return outputs.slice(0, count)


def _pick(answer: Answer, rows: Array, wanted: Array) -> pa.RecordBatch:
    assert answer.outputs is not None, "rows were answered"
    return answer.outputs.take(pa.array(np.searchsorted(rows, wanted)))
