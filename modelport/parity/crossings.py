"""Finding a crossing while the sessions are open: of the smallest disagreement, or of a jump on which all agree."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa

from modelport.parity import cells
from modelport.parity.crossing import Crossing, spread
from modelport.parity.floats import Array
from modelport.parity.grid import Grid, is_scale
from modelport.parity.jumps import change
from modelport.parity.lanes import Dead, Lane
from modelport.parity.pieces import Witness
from modelport.parity.race import Race
from modelport.parity.settings import Tolerance
from modelport.parity.shrink import Smallest, one_row
from modelport.parity.sources import Sources
from modelport.parity.tally import Compared
from modelport.signature import label_text

POINTS = 41
"""Places that are drawn."""

NEAR = 12
"""Places drawn to either side of a jump on which the sides agree."""

COLUMNS, COLUMNS_SLOW = 24, 6
"""Inputs along which a row is moved, at most; fewer where a runtime is slow."""

ROWS = 12
"""Boundary rows that are looked at for a jump."""

LEAST = 1e-6
"""A jump worth showing."""

FOLLOWED = 6
"""Boundary rows that are followed, at most; of slow runtimes one."""

FARTHEST = 56
"""A disagreement that goes on for more than two to this many floats is no boundary."""

ARMS = 16
"""Places scored at a time on each side where the end of a disagreement is sought."""


def crossing_of(race: Race, sources: Sources, smallest: Smallest | None) -> Crossing | None:
    """Both functions across the smallest disagreement; without one, across the largest jump of a few that were found.

    None if no input can be moved, or a runtime died over it.
    """
    if len(race.alive) < 2 or race.alive[0] != 0:
        return None
    try:
        if smallest is not None:
            return _of_disagreement(race, sources, smallest)
        return _of_jump(race, sources)
    except Dead:
        return None


class _Line:
    """Two lanes along one input of one row."""

    def __init__(self, race: Race, sources: Sources, index: int, compared: Compared, row: pa.RecordBatch) -> None:
        self.lanes: tuple[Lane, Lane] = race.lanes[0], race.lanes[index]
        self.sources, self.compared, self.row = sources, compared, row
        self.columns: list[int] = []
        self.distance = 0.0

    def batch(self, column: int | Array, places: Array) -> pa.RecordBatch:
        """The row at places [N] of one input, or of one each."""
        rows = self.row.take(pa.array(np.zeros(len(places), np.int64)))
        return Grid(self.sources.signature, rows, np.broadcast_to(column, len(places))).at(places)

    def answers(self, batch: pa.RecordBatch) -> tuple[pa.Array, pa.Array]:
        first, second = (lane.total(batch).column(self.compared.name) for lane in self.lanes)
        return first, second

    def differ(self, column: int | Array, places: Array) -> Array:
        """[N] whether the sides differ at each place."""
        a, b = self.answers(self.batch(column, places))
        same = self.compared
        found = cells.numbers(a, b, same.tolerance, same.single) if same.number else cells.labels(a, b)
        mask = np.zeros(len(places), bool)
        mask[found.rows] = True
        return mask

    def place(self, column: int) -> int | None:
        """Where the row stands along an input; None if it has no place: missing, or infinite."""
        value = self.row.column(column)[0].as_py()
        if value is None or not np.isfinite(value):
            return None
        return int(Grid(self.sources.signature, self.row, np.array([column])).places(self.row)[0][0])

    def drawn(self, column: int, batch: pa.RecordBatch, **more: Any) -> Crossing:
        name = self.sources.signature.inputs[column].name
        reference, candidate = (_plain(side) for side in self.answers(batch))
        return Crossing(
            subject=self.lanes[1].name,
            output=self.compared.name,
            column=name,
            inputs=self.row.to_pylist()[0],
            values=tuple(float(v) for v in batch.column(column).to_pylist()),
            reference=reference,
            candidate=candidate,
            **more,
        )


def _plain(values: pa.Array) -> tuple[Any, ...]:
    if cells.is_number(values.type):
        return tuple(float(v) for v in cells.as_floats(values))
    return tuple(None if v is None else label_text(v) for v in values.to_pylist())


# A disagreement ----------------------------------------------------------------------------------


def _of_disagreement(race: Race, sources: Sources, smallest: Smallest) -> Crossing | None:
    """Across the narrowest disagreement that is found at the smallest row and at the worst boundary rows.

    A row far less apart than others is not followed: it is another matter than the one to be shown.
    """
    index = next((i for i in race.alive[1:] if race.lanes[i].name == smallest.subject), None)
    if index is None:
        return None
    shown = [(smallest.witness, smallest.unusual), *((witness, ()) for witness in _worst(race, index))]
    lines = [line for row, unusual in shown if (line := _line(race, sources, index, row, unusual))]
    least = max((line.distance for line in lines), default=0.0) / 4
    spans = [span for line in lines if line.distance >= least for span in _spans(line)]
    if spans:
        return _across(min(spans, key=lambda span: span.width))
    return _along(lines[0], lines[0].columns[0]) if lines else None


def _worst(race: Race, index: int) -> list[Witness]:
    """Boundary rows of a candidate that are farthest apart; none if it differs on no boundary row."""
    tally = race.tallies.get(((0, index), "boundary"))
    rows = tally.sketch.worst.rows if tally and tally.sketch else {}
    found = [item for kept in rows.values() for item in kept if item[0][0]]
    far = [witness for _, witness in sorted(found, key=lambda item: (-item[0][1], item[1].row))]
    slow = race.lanes[0].slow or race.lanes[index].slow
    return list({witness.row: witness for witness in reversed(far)}.values())[::-1][: 1 if slow else FOLLOWED]


def _line(race: Race, sources: Sources, index: int, witness: Witness, unusual: Sequence[str]) -> _Line | None:
    """The row to be moved, in the output that differs most; None if nothing of it can be moved."""
    outputs = [item for item in race.compared((0, index)) if item.name in witness.columns]
    if not outputs:
        return None
    output = max(outputs, key=lambda item: _distance(item, witness))
    line = _Line(race, sources, index, output, one_row(witness.inputs, sources))
    line.distance = max(0.0, _distance(output, witness))
    if line.distance:
        line.compared = replace(output, tolerance=Tolerance(atol=line.distance / 2, rtol=0.0))
    inputs = sources.signature.inputs
    scales = [i for i, column in enumerate(inputs) if is_scale(column) and line.place(i) is not None]
    most = COLUMNS_SLOW if race.lanes[0].slow or race.lanes[index].slow else COLUMNS
    line.columns = sorted(scales, key=lambda i: inputs[i].name not in unusual)[:most]
    return line if line.columns else None


def _distance(item: Compared, witness: Witness) -> float:
    a, b = witness.reference.get(item.name), witness.candidate.get(item.name)
    if not item.number:
        return -1.0
    return abs(a - b) if isinstance(a, float) and isinstance(b, float) and np.isfinite(a - b) else 0.0


@dataclass(frozen=True, slots=True)
class _Span:
    """A disagreement along an input, known at powers of two: for each side a place inside and one outside."""

    line: _Line
    column: int
    below: tuple[int, int]
    above: tuple[int, int]

    @property
    def width(self) -> int:
        return self.above[1] - self.below[1]


def _spans(line: _Line) -> list[_Span]:
    """Disagreements along the inputs on which they end nearby."""
    own = np.array([line.place(column) for column in line.columns], np.int64)
    arms = np.array([[-(2**k), 2**k] for k in range(FARTHEST)], np.int64).T
    places = own[:, None, None] + arms[None]
    columns = np.repeat(np.array(line.columns), arms.size)
    differ = line.differ(columns, places.ravel()).reshape(places.shape)
    ended = np.flatnonzero(~differ.all(axis=-1).any(axis=-1))
    return [
        _Span(line, line.columns[i], *(_bracket(int(own[i]), differ[i, side], places[i, side]) for side in (0, 1)))
        for i in ended
    ]


def _bracket(place: int, differ: Array, places: Array) -> tuple[int, int]:
    """The last place known to differ on one side, and the first one that does not."""
    k = int(np.argmin(differ))
    return place if k == 0 else int(places[k - 1]), int(places[k])


def _end(line: _Line, column: int, inside: int, outside: int) -> int:
    """The last place of a disagreement on the way from a place where the sides differ to one where they agree."""
    while abs(outside - inside) > 1:
        between = [p for p in spread(min(inside, outside), max(inside, outside), ARMS) if p not in (inside, outside)]
        ordered = between if inside < outside else between[::-1]
        differ = line.differ(column, np.array(ordered, np.int64))
        met = int(np.argmin(differ)) if not differ.all() else len(ordered)
        inside, outside = (
            ordered[met - 1] if met else inside,
            ordered[met] if met < len(ordered) else outside,
        )
    return inside


def _across(span: _Span) -> Crossing:
    """A disagreement from end to end, with some agreement to either side."""
    line, column = span.line, span.column
    low, high = _end(line, column, *span.below), _end(line, column, *span.above)
    margin = max(4, (high - low + 1) // 2)
    places = spread(low - margin, high + margin, POINTS, (low - 1, low, high, high + 1))
    ends = line.batch(column, np.array([low, high], np.int64)).column(column).to_pylist()
    return line.drawn(
        column,
        line.batch(column, np.array(places, np.int64)),
        anchor=float(ends[0]),
        offsets=tuple(place - low for place in places),
        width=high - low + 1,
        low=float(ends[0]),
        high=float(ends[1]),
    )


def _along(line: _Line, column: int) -> Crossing:
    """A disagreement without an end: both functions over the range of an input."""
    own = float(line.row.column(column)[0].as_py())
    known = line.sources.known(line.sources.signature.inputs[column])
    low, high = (float(known.min()), float(known.max())) if len(known) else (own, own)
    if not low < high:
        low, high = own - max(1.0, abs(own)), own + max(1.0, abs(own))
    spot = np.unique(np.append(np.linspace(min(low, own), max(high, own), POINTS), own))
    kind = line.row.schema.field(column).type
    values = pa.array(np.unique(spot.astype(kind.to_pandas_dtype())), kind)
    batch = line.row.take(pa.array(np.zeros(len(values), np.int64))).set_column(
        column, line.row.schema.field(column), values
    )
    return line.drawn(column, batch, anchor=own, offsets=None, width=None)


# An agreement ------------------------------------------------------------------------------------


def _of_jump(race: Race, sources: Sources) -> Crossing | None:
    """The largest jump of the reference around a few boundary rows."""
    columns = [i for i, column in enumerate(sources.signature.inputs) if is_scale(column)][:COLUMNS]
    outputs = race.compared((0, race.alive[1]))
    if race.jumps is None or not columns or not outputs:
        return None
    rows = race.jumps.slice(0, 1 if race.lanes[0].slow else ROWS)
    owner = np.repeat(np.arange(rows.num_rows), len(columns))
    grid = Grid(sources.signature, rows.take(pa.array(owner)), np.tile(np.array(columns), rows.num_rows))
    places, there = grid.places(grid.base)
    grid, places, owner = grid.take(np.flatnonzero(there)), places[there], owner[there]
    found = _largest(race.lanes[0], grid, places)
    if found is None:
        return None
    at, below = found
    line = _Line(race, sources, race.alive[1], outputs[0], rows.slice(int(owner[at]), 1))
    return _around(line, int(grid.column[at]), below, outputs)


def _largest(lane: Lane, grid: Grid, places: Array) -> tuple[int, int] | None:
    """Which row of a grid stands nearest to the largest jump, and the place just below that jump."""
    if not len(places):
        return None
    around = np.arange(-2, 3)
    where = (places[:, None] + around).ravel()
    answers = lane.total(grid.take(np.repeat(np.arange(len(places)), len(around))).at(where))
    moved = change(answers.slice(0, len(where) - 1), answers.slice(1)) if len(where) > 1 else np.zeros(0)
    moved = np.append(moved, 0.0).reshape(len(places), len(around))
    moved[:, -1] = 0.0  # from one row of the grid to the next
    at, step = np.unravel_index(int(np.argmax(moved)), moved.shape)
    return (int(at), int(places[at] + around[step])) if moved[at, step] > LEAST else None


def _around(line: _Line, column: int, below: int, outputs: Sequence[Compared]) -> Crossing:
    """A jump with its surroundings, in the output that jumps most."""
    pair = line.lanes[0].total(line.batch(column, np.array([below, below + 1], np.int64)))

    def moved(output: Compared) -> tuple[bool, float]:
        one = pair.select([output.name])
        size = float(change(one.slice(0, 1), one.slice(1, 1))[0])
        return output.number and size > 0, size

    line.compared = max(outputs, key=moved)
    places = below + np.arange(1 - NEAR, NEAR + 1)
    anchor = line.batch(column, np.array([below], np.int64)).column(column)[0].as_py()
    return line.drawn(
        column,
        line.batch(column, places),
        anchor=float(anchor),
        offsets=tuple(int(place) - below for place in places),
        width=0,
    )
