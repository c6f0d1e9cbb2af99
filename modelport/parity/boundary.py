"""Boundary rows: inputs on the places where a model jumps, and one float step either side.

Two sources. Landmarks, where a file tells them: splits, bin edges, categories, clip bounds. And bisection, which
needs no knowledge of the model: pairs of rows that differ in one column, of the reference and of each quick candidate.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from modelport.parity.floats import Array
from modelport.parity.generate import draw
from modelport.parity.grid import Grid, concat, is_scale
from modelport.parity.inner import Inner, Revealing
from modelport.parity.jumps import Jumps, Score, seek
from modelport.parity.landmarks import landmark_rows
from modelport.parity.lanes import Dead, Lane
from modelport.parity.paths import probe
from modelport.parity.pieces import Coverage
from modelport.parity.sources import BOUNDARY, Sources, Stratum, chopped

PAIRS = 512
"""Pairs of rows bisected in each model; a slow one gets as many as its budget allows."""

STEPS = 64
"""Scorings a bisection takes at most: the floats between two float64 are fewer than 2^64."""


@dataclass(slots=True)
class Boundary:
    """What was found, and how much of it was probed."""

    batches: list[pa.RecordBatch] = field(default_factory=list)
    known: int = 0
    probed: int = 0
    found: int = 0
    notes: list[str] = field(default_factory=list)

    @property
    def coverage(self) -> Coverage:
        return Coverage(self.known, self.probed, self.found)

    def stratum(self, sources: Sources) -> Stratum:
        """The rows, jumps found by bisection first; each beginning is a fair sample of what is left."""
        size = sources.settings.batch_rows
        total = sum(batch.num_rows for batch in self.batches)
        budget = sources.settings.boundary_budget

        def batches() -> Iterator[pa.RecordBatch]:
            left = budget
            for batch in self.batches:
                yield from chopped(batch.slice(0, left), size)
                left -= min(left, batch.num_rows)

        return Stratum("boundary", batches, min(total, budget))


def boundary_of(sources: Sources, lanes: Sequence[Lane]) -> Boundary:
    """Rows around every jump that is told or found, in the reference and in each candidate.

    A lane that dies over it is marked, and gives no rows.
    """
    made = Boundary()
    for i, lane in enumerate(lanes):
        if lane.slow and i > 0:
            continue
        try:
            jumps = find_jumps(sources, lane.total, lane.slow, i)
        except Dead as dead:
            lane.failure = dead.failure
            continue
        made.found += len(jumps.low)
        if len(jumps.low):
            made.batches.append(_shuffled(around(jumps), sources, i))
    used = sum(batch.num_rows for batch in made.batches)
    _add_probes(made, sources, lanes, (sources.settings.boundary_budget - used) * 3 // 4)
    used = sum(batch.num_rows for batch in made.batches)
    known, probed, rows = landmark_rows(sources, sources.settings.boundary_budget - used)
    made.known, made.probed = made.known + known, made.probed + probed
    made.batches += rows
    return made


def _add_probes(made: Boundary, sources: Sources, lanes: Sequence[Lane], budget: int) -> None:
    """Rows that reach each split of the forests that files show, each file once."""
    forests = [part for lane in one_each(lanes) for part in inner_of(lane, made.notes) if part.forest is not None]
    for stream, part in enumerate(forests):
        probes = probe(part, sources, budget // (len(forests) - stream), stream)
        made.known += probes.known - probes.dead
        made.probed += probes.probed
        made.batches += [_shuffled(batch, sources, 100 + stream) for batch in probes.batches]
        budget -= sum(batch.num_rows for batch in probes.batches)


def one_each(lanes: Sequence[Lane]) -> list[Lane]:
    """The first lane of each artifact: other runtimes read the same file."""
    return list({lane.artifact: lane for lane in reversed(lanes)}.values())[::-1]


def inner_of(lane: Lane, notes: list[str]) -> Sequence[Inner]:
    """What a lane's file tells of its inside; a failure at that is only noted."""
    if not isinstance(lane.session, Revealing):
        return ()
    try:
        return lane.session.inner()
    except Exception as error:
        notes.append(f"{lane.name} could not tell its inside ({type(error).__name__}: {error})")
        return ()


# Bisection ---------------------------------------------------------------------------------------


def find_jumps(sources: Sources, score: Score, slow: bool, stream: int = 0) -> Jumps:
    """Jumps of one model, from random pairs and from pairs around landmarks."""
    grid, first, second = _pairs(sources, _most_pairs(sources, slow), stream)
    if not len(first):
        return Jumps(grid, first)
    return seek(grid, first, second, score)


def _most_pairs(sources: Sources, slow: bool) -> int:
    settings = sources.settings
    return max(8, min(PAIRS, settings.slow_rows // STEPS if slow else settings.boundary_budget // 8))


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
    return concat([jumps.grid.at(jumps.low + step) for step in (-1, 0, 1, 2)])


def _shuffled(batch: pa.RecordBatch, sources: Sources, stream: int) -> pa.RecordBatch:
    order = sources.rng(BOUNDARY, 1 + 2 * stream).permutation(batch.num_rows)
    return batch.take(pa.array(order))
