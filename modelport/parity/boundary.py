"""Boundary rows: inputs on the places where a model jumps, and one float step either side.

Two sources. Landmarks, where a file tells them: splits, bin edges, categories, clip bounds. And bisection, which
needs no knowledge of the model: pairs of rows that differ in one column, of the reference and of each quick candidate.
"""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from modelport.parity.floats import Array
from modelport.parity.generate import draw
from modelport.parity.grid import Grid, concat, is_scale
from modelport.parity.inner import Revealing
from modelport.parity.isolate import Killed
from modelport.parity.jumps import Jumps, Score, seek
from modelport.parity.landmarks import Crossed, landmark_rows, marks_of, needed
from modelport.parity.lanes import Dead, Lane, killed
from modelport.parity.paths import Maker, Probes, made
from modelport.parity.pieces import Coverage
from modelport.parity.sources import BOUNDARY, Sources, Stratum, chopped

PAIRS = 512
"""Pairs of rows bisected in each model; a slow one gets as many as its budget allows."""

FEW_PAIRS = 128
"""The same where files tell more than `MANY` places: large models, in which each call costs much and bisection is for
what the files do not tell."""

MANY = 10_000

STEPS = 64
"""Scorings a bisection takes at most: the floats between two float64 are fewer than 2^64."""

AROUND = (-1, 0, 1, 2)
"""Floats around a jump that get a row each, counted from the one just below it."""

MOST = 200_000
"""Boundary rows, at most, where no budget is given: what nearly 100,000 splits need."""

MOST_CELLS = 25_000_000
"""Values of these rows, at most: they are held in memory."""


@dataclass(slots=True)
class Boundary:
    """What was found, and how much of it was probed.

    Attributes:
        budget: rows at most.
        need: rows that probing every place once takes.
        marks: of them, those for landmarks that are no forest's splits.
        crossed: input column → places where forests' splits are crossed.
    """

    budget: int
    batches: list[pa.RecordBatch] = field(default_factory=list)
    known: int = 0
    probed: int = 0
    found: int = 0
    need: int = 0
    marks: int = 0
    crossed: Crossed = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    @property
    def coverage(self) -> Coverage:
        return Coverage(self.known, self.probed, self.found, self.need)

    @property
    def left(self) -> int:
        """Rows of the budget that are not made yet."""
        made = sum(int(batch.num_rows) for batch in self.batches)
        return max(0, self.budget - made)

    def stratum(self, sources: Sources) -> Stratum:
        """The rows, jumps found by bisection first; each beginning is a fair sample of what is left."""
        size = sources.settings.batch_rows
        total = sum(batch.num_rows for batch in self.batches)

        def batches() -> Iterator[pa.RecordBatch]:
            left = self.budget
            for batch in self.batches:
                yield from chopped(batch.slice(0, left), size)
                left -= min(left, batch.num_rows)

        return Stratum("boundary", batches, min(total, self.budget))


@dataclass(slots=True)
class Explored:
    """What one lane showed: jumps found by bisection, and makers of rows for the forests of its file."""

    jumps: pa.RecordBatch | None = None
    found: int = 0
    makers: list["LaneMaker"] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class LaneMaker:
    """A maker of rows, and the lane whose inside it asks."""

    lane: Lane
    maker: Maker

    def made(self, budget: int) -> Probes:
        """The rows; none if the lane dies over them."""
        try:
            return made(self.maker, budget)
        except Killed as error:
            self.lane.failure = killed(error, self.lane.name)
            return Probes()


def boundary_of(sources: Sources, lanes: Sequence[Lane]) -> Boundary:
    """Rows around every jump that is told or found, in the reference and in each candidate.

    A lane that dies over it is marked, and gives no rows. Lanes are looked at side by side.
    """
    first_of_file = {id(lane) for lane in one_each(lanes)}
    with ThreadPoolExecutor(max(1, len(lanes)), thread_name_prefix="modelport-seek") as pool:
        tasks = [pool.submit(_explore, sources, lane, i, id(lane) in first_of_file) for i, lane in enumerate(lanes)]
        explored = [task.result() for task in tasks]
        makers = [item for part in explored for item in part.makers]
        begun = _begun(sources, explored, [item.maker for item in makers])
        _add_probes(begun, sources, makers, pool)
    known, probed, rows = landmark_rows(sources, begun.left, begun.crossed)
    begun.known, begun.probed = begun.known + known, begun.probed + probed
    begun.batches += rows
    _note_need(begun)
    return begun


def _explore(sources: Sources, lane: Lane, number: int, reveals: bool) -> Explored:
    """Bisects one lane, and looks into its file if no lane before has the same."""
    seen = Explored()
    if not lane.slow or number == 0:
        try:
            jumps = find_jumps(sources, lane.total, lane.slow, number)
        except Dead as dead:
            lane.failure = dead.failure
            return seen
        seen.found = len(jumps.low)
        if seen.found:
            seen.jumps = _shuffled(around(jumps), sources, number)
    if reveals:
        seen.makers = _makers(sources, lane, number, seen.notes)
    return seen


def _makers(sources: Sources, lane: Lane, number: int, notes: list[str]) -> list[LaneMaker]:
    """A maker for each forest that a lane's file shows; a failure at that is only noted, unless it was the last."""
    if not isinstance(lane.session, Revealing):
        return []
    try:
        forests = [part for part in lane.session.inner() if part.forest is not None]
        makers = [LaneMaker(lane, Maker(part, sources, 100 * number + i)) for i, part in enumerate(forests)]
        for item in makers:
            item.maker.pack()
        return makers
    except Killed as error:
        lane.failure = killed(error, lane.name)
    except Exception as error:
        notes.append(f"{lane.name} could not tell its inside ({type(error).__name__}: {error})")
    return []


def _begun(sources: Sources, explored: Sequence[Explored], makers: Sequence[Maker]) -> Boundary:
    """The jumps that bisection found, and the budget of rows."""
    jumps = [part.jumps for part in explored if part.jumps is not None]
    crossed = _crossed(makers)
    marks = needed(marks_of(sources, crossed))
    # A greater budget bisects more pairs, at most so many.
    rest = marks + len(AROUND) * len(jumps) * (FEW_PAIRS if _large(sources) else PAIRS)
    need, wish = rest + sum(maker.need for maker in makers), rest + sum(maker.wish for maker in makers)
    begun = Boundary(budget_of(sources, wish), jumps, need=need, marks=marks, crossed=crossed)
    begun.found = sum(part.found for part in explored)
    begun.notes += [note for part in explored for note in part.notes]
    return begun


def budget_of(sources: Sources, need: int) -> int:
    """Boundary rows at most: what was asked for, else what probing every place takes, within reason.

    Args:
        need: rows that probing every place once takes, missing values among them.
    """
    settings = sources.settings
    if settings.boundary_rows is not None:
        return settings.boundary_rows
    most = min(MOST, MOST_CELLS // max(1, len(sources.signature.inputs)))
    return max(5 * settings.rows, min(need, most))


def _add_probes(begun: Boundary, sources: Sources, makers: Sequence[LaneMaker], pool: ThreadPoolExecutor) -> None:
    """Rows that reach each split of the forests that files show, each file once."""
    wanted = sum(item.maker.wish for item in makers)
    budget = _share(begun, sum(item.maker.need for item in makers))
    shares = [-(-budget * item.maker.wish // max(1, wanted)) for item in makers]
    for item, probes in zip(makers, pool.map(LaneMaker.made, makers, shares), strict=True):
        begun.known += probes.known - probes.dead
        begun.probed += probes.probed
        begun.batches += [_shuffled(batch, sources, 100 + item.maker.stream) for batch in probes.batches]


def _share(begun: Boundary, need: int) -> int:
    """Rows of those left that are for forests: three quarters, unless one of both then goes short that need not."""
    left, most = begun.left, begun.left * 3 // 4
    fair = most >= need and left - most >= begun.marks
    return most if fair or left - begun.marks < need else left - begun.marks


def _crossed(makers: Sequence[Maker]) -> dict[str, Array]:
    """Input column → places where some forest's splits are crossed."""
    found: dict[str, Array] = {}
    for maker in makers:
        for name, low in maker.crossed().items():
            found[name] = np.union1d(found.get(name, low), low)
    return found


ENOUGH = 0.99
"""Share of the known places that a comparison should probe."""


def _note_need(found: Boundary) -> None:
    """Says how many rows would have been enough, where the budget was not."""
    rate = found.coverage.rate
    if rate is not None and rate < ENOUGH and found.need > found.budget:
        found.notes.append(
            f"{found.probed:,} of {found.known:,} places where the models may jump ({rate:.1%}) were probed on "
            f"{found.budget:,} boundary rows; {ENOUGH:.0%} would need about {found.need:,}: "
            f"--boundary-rows {found.need}"
        )


def one_each(lanes: Sequence[Lane]) -> list[Lane]:
    """The first lane of each artifact: other runtimes read the same file."""
    return list({lane.artifact: lane for lane in reversed(lanes)}.values())[::-1]


# Bisection ---------------------------------------------------------------------------------------


def find_jumps(sources: Sources, score: Score, slow: bool, stream: int = 0) -> Jumps:
    """Jumps of one model, from random pairs and from pairs around landmarks."""
    grid, first, second = _pairs(sources, _most_pairs(sources, slow), stream)
    if not len(first):
        return Jumps(grid, first)
    return seek(grid, first, second, score, 2 if slow else 8 if _large(sources) else 4)


def _large(sources: Sources) -> bool:
    return sum(map(len, sources.landmarks.values())) > MANY


def _most_pairs(sources: Sources, slow: bool) -> int:
    settings = sources.settings
    budget = settings.boundary_rows or 5 * settings.rows
    most = FEW_PAIRS if _large(sources) else PAIRS
    return max(8, min(most, settings.slow_rows // STEPS if slow else budget // 8))


def _pairs(sources: Sources, count: int, stream: int) -> tuple[Grid, Array, Array]:
    """Rows with a varying column, and two places for it that are both likely."""
    signature = sources.signature
    scales = [i for i, column in enumerate(signature.inputs) if is_scale(column)]
    rng = sources.rng(BOUNDARY, 2 * stream)
    base = draw(sources, BOUNDARY, 1000 + 2 * stream).slice(0, count)
    other = draw(sources, BOUNDARY, 1001 + 2 * stream).slice(0, count)
    varied = np.asarray(rng.choice(scales, count)) if scales else np.zeros(0, np.int64)
    grid = Grid(signature, base.slice(0, len(varied)), varied)
    (first, there), (second, also) = grid.places(base.slice(0, len(varied))), grid.places(other.slice(0, len(varied)))
    kept = np.flatnonzero(there & also & (first != second))
    return grid.take(kept), first[kept], second[kept]


def around(jumps: Jumps) -> pa.RecordBatch:
    """Each jump's two neighbouring floats, and one step beyond on either side."""
    return concat([jumps.grid.at(jumps.low + step) for step in AROUND])


def _shuffled(batch: pa.RecordBatch, sources: Sources, stream: int) -> pa.RecordBatch:
    order = sources.rng(BOUNDARY, 1 + 2 * stream).permutation(batch.num_rows)
    return batch.take(pa.array(order))
