"""Golden rows: a few rows whose answers are recorded, so that a bundle can be tried where it arrives.

They are of the kinds of rows that parity compared: ordinary ones, rows on the model's jumps with their neighbours one
float step away, and the values that break conversions. The latter two are where another machine, another version of a
runtime or another build shows first.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import pyarrow as pa

from modelport.data import Data, fit, relaxed
from modelport.errors import DataError
from modelport.parity.boundary import boundary_of
from modelport.parity.generate import draw
from modelport.parity.lanes import Lane
from modelport.parity.settings import Settings
from modelport.parity.sources import RANDOM, Sources, on_the_grid
from modelport.parity.special import special_rows
from modelport.parity.strata import prepare
from modelport.runtimes import examples_of
from modelport.signature import Category

Landmarks = Mapping[str, tuple[Category, ...]]

ROWS = 100
"""Ordinary golden rows: enough to meet most branches of a model, few enough for any runtime to score in a moment."""

BOUNDARY_ROWS = 96
SPECIAL_ROWS = 64

_SEARCH = 512
"""Budget of boundary rows that those kept are picked from."""

_POOL = 20_000
"""Rows of the data that ordinary ones are picked from."""


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows with what they are.

    Attributes:
        batch: all of them, kind by kind.
        strata: (kind, how many), in order.
        landmarks: where the models may jump; a disagreement there is never put down to rounding.
    """

    batch: pa.RecordBatch
    strata: tuple[tuple[str, int], ...]
    landmarks: Landmarks = field(default_factory=dict)

    def only(self, kept: Sequence[int]) -> "Rows":
        """Those at these positions, ascending; kinds of which none is left go."""
        counts, start = [], 0
        for name, rows in self.strata:
            counts.append((name, sum(start <= at < start + rows for at in kept)))
            start += rows
        left = tuple((name, rows) for name, rows in counts if rows)
        return Rows(self.batch.take(pa.array(kept, pa.int64())), left, self.landmarks)


def pick(lanes: Sequence[Lane], rows: Data | None, settings: Settings) -> Rows:
    """Candidates for golden rows, of the kinds that `settings` compared; not all of them need have an answer.

    Args:
        lanes: the opened models, the reference first.
        rows: the user's data, spread evenly; None to draw ordinary rows as parity does.

    Raises:
        DataError: the data has no rows, or does not fit.
    """
    small = replace(settings, rows=_SEARCH, boundary_rows=_SEARCH, slow_rows=_SEARCH)
    sources = prepare(lanes, rows, small).sources
    parts = [("random", _drawn(sources)) if rows is None else ("data", _spaced(rows, sources))]
    if "boundary" in settings.strata:
        parts.append(("boundary", _boundary(sources, lanes[:1])))
    if "special" in settings.strata:
        parts.append(("special", special_rows(sources).slice(0, SPECIAL_ROWS)))
    parts += [("example", batch) for batch in _examples(sources, lanes)]
    kept = [(name, _as_compared(name, batch, sources)) for name, batch in parts if batch.num_rows]
    strata = tuple((name, batch.num_rows) for name, batch in kept)
    return Rows(pa.concat_batches([batch for _, batch in kept]), strata, sources.landmarks)


def _examples(sources: Sources, lanes: Sequence[Lane]) -> list[pa.RecordBatch]:
    """The rows that a model carries itself, of the first that carries some; columns as the reference names them."""
    names = [column.name for column in sources.signature.inputs]
    for lane in lanes:
        found = examples_of(lane.session)
        if found is not None and found.schema.names == names:
            return [found.slice(0, ROWS)]
    return []


def _as_compared(name: str, batch: pa.RecordBatch, sources: Sources) -> pa.RecordBatch:
    """Made rows stay on the grid of the narrowest subject, as they do where models are compared."""
    plain = batch.cast(relaxed(sources.signature))
    return plain if name == "data" else on_the_grid(plain, sources.narrow)


def _spaced(rows: Data, sources: Sources) -> pa.RecordBatch:
    pool = rows.head(_POOL)
    if pool.num_rows == 0:
        raise DataError("the data has no rows, so nothing can be recorded", where=rows.name)
    count = min(ROWS, pool.num_rows)
    picked = pool.take(pa.array([i * pool.num_rows // count for i in range(count)]))
    return fit(picked, sources.signature, frozenset(pool.schema.names))


def _drawn(sources: Sources) -> pa.RecordBatch:
    return draw(replace(sources, settings=Settings()), RANDOM, 0).slice(0, ROWS)


def _boundary(sources: Sources, lanes: Sequence[Lane]) -> pa.RecordBatch:
    """Rows on the reference's jumps: some found by bisection, some inside it, some on landmarks, in turn."""
    batches = [batch for batch in boundary_of(sources, lanes).batches if batch.num_rows]
    if not batches:
        return pa.RecordBatch.from_pylist([], schema=relaxed(sources.signature))
    share = -(-BOUNDARY_ROWS // len(batches))
    picked = [batch.slice(0, share).cast(relaxed(sources.signature)) for batch in batches]
    return pa.concat_batches(picked).slice(0, BOUNDARY_ROWS)
