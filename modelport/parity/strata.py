"""The strata of a comparison: which kinds of rows run, and what they are made from."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from time import perf_counter

import pyarrow as pa

from modelport.data import Data, fit, fitted, relaxed, suited
from modelport.data import notes as repairs
from modelport.parity.boundary import boundary_of, one_each
from modelport.parity.generate import assumptions, draw, random_stratum
from modelport.parity.isolate import Killed
from modelport.parity.lanes import Lane, killed
from modelport.parity.race import Race
from modelport.parity.settings import Settings
from modelport.parity.sources import SAMPLE, Sources, Stratum, chopped, on_the_grid
from modelport.parity.special import special_stratum
from modelport.runtimes import runtimes
from modelport.signature import Category, Signature

LOOK = 256
"""Rows from which the arithmetic of the reference is told."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """Sources and what was assumed in making them."""

    sources: Sources
    notes: list[str] = field(default_factory=list)


def prepare(lanes: Sequence[Lane], data: Data | None, settings: Settings) -> Prepared:
    """Sample and landmarks for the generated strata.

    Raises:
        DataError: the data does not fit the reference's inputs.
    """
    signature = lanes[0].session.signature
    sample, told = _sample(data, signature, settings)
    landmarks, notes = landmarks_of(lanes)
    notes = told + notes
    bare = Sources(signature, settings, sample, {}, reserved_of(lanes), narrow_of(lanes))
    sources = replace(bare, landmarks={name: bare.holdable(name, values) for name, values in landmarks.items()})
    notes += _not_drawn(sources)
    if "random" in settings.strata:
        notes += assumptions(sources)
    return Prepared(sources, notes)


def _sample(data: Data | None, signature: Signature, settings: Settings) -> tuple[pa.RecordBatch | None, list[str]]:
    """The first rows of the data, fitted, and what was repaired in them."""
    if data is None:
        return None, []
    ready = suited(data, signature)
    return fit(ready.head(SAMPLE), signature, frozenset(settings.ignore)), repairs(data, signature)


def narrow_of(lanes: Sequence[Lane]) -> frozenset[str]:
    """Inputs that the reference takes in float64 and some subject in float32."""
    wide = {c.name for c in lanes[0].session.signature.inputs if c.type.equals(pa.float64())}
    taken = (column for lane in lanes[1:] for column in lane.session.signature.inputs)
    return frozenset(column.name for column in taken if column.type.equals(pa.float32()) and column.name in wide)


def _narrowed(stratum: Stratum, narrow: frozenset[str]) -> Stratum:
    if not narrow:
        return stratum
    return replace(stratum, batches=lambda: (on_the_grid(batch, narrow) for batch in stratum.batches()))


def reserved_of(lanes: Sequence[Lane]) -> frozenset[str]:
    """Texts that some runtime takes for missing."""
    known = [runtimes().get(lane.subject.runtime) for lane in lanes]
    return frozenset(item.missing_text for item in known if item is not None and item.missing_text is not None)


def _not_drawn(sources: Sources) -> list[str]:
    columns = [c.name for c in sources.signature.inputs if pa.types.is_string(c.type) and c.nullable]
    if not columns or not sources.reserved:
        return []
    texts = ", ".join(repr(text) for text in sorted(sources.reserved))
    return [f"the text {texts} stands for missing in some runtime, so it was not drawn for {', '.join(columns)}"]


def landmarks_of(lanes: Sequence[Lane]) -> tuple[dict[str, tuple[Category, ...]], list[str]]:
    """What every subject tells of its landmarks, together; a subject that fails at it is only noted."""
    found: dict[str, set[Category]] = {}
    notes = []
    names = {column.name for column in lanes[0].session.signature.inputs}
    for lane in one_each(lanes):
        try:
            told = lane.session.landmarks()
        except Killed as error:
            lane.failure = killed(error, lane.name)
            continue
        except Exception as error:
            notes.append(f"{lane.name} could not tell its landmarks ({type(error).__name__}: {error})")
            continue
        for name in names & set(told):
            found.setdefault(name, set()).update(told[name])
    return {name: tuple(sorted(values, key=_order)) for name, values in sorted(found.items())}, notes


def _order(value: Category) -> tuple[int, float, str]:
    return (1, 0.0, value) if isinstance(value, str) else (0, float(value), "")


JUMPS = 12
"""Boundary rows that are kept, for a picture of a jump."""


def strata_of(sources: Sources, data: Data | None, race: Race) -> Iterator[Stratum]:
    """The strata that were asked for, in their order; each is made when its turn comes."""
    race.look_at(_look(sources))
    wanted = race.settings.strata
    if data is not None and "data" in wanted:
        yield data_stratum(data, sources)
    if "random" in wanted:
        yield _narrowed(random_stratum(sources), sources.narrow)
    if "boundary" in wanted:
        yield _narrowed(boundary_stratum(sources, race), sources.narrow)
    if "special" in wanted:
        yield _narrowed(special_stratum(sources), sources.narrow)


def boundary_stratum(sources: Sources, race: Race) -> Stratum:
    """Rows on the jumps of the reference and of every candidate."""
    race.progress("looking for jumps", 0, None)
    began = perf_counter()
    found = boundary_of(sources, [race.lanes[i] for i in race.alive])
    race.walls["seeking"] = perf_counter() - began
    if race.witnesses:
        told = [dict(row) for row in race.witnesses]
        found.batches.insert(0, pa.RecordBatch.from_pylist(told, schema=relaxed(sources.signature)))
    race.coverage = found.coverage
    race.jumps = found.batches[0].slice(0, JUMPS) if found.batches else None
    race.notes += found.notes
    return found.stratum(sources)


def _look(sources: Sources) -> pa.RecordBatch:
    if sources.sample is not None and sources.sample.num_rows:
        return sources.sample.slice(0, LOOK)
    return draw(sources, 0, 0).slice(0, LOOK)


def data_stratum(data: Data, sources: Sources) -> Stratum:
    """The user's rows, streamed."""
    settings = sources.settings

    def batches() -> Iterator[pa.RecordBatch]:
        left = settings.data_rows if settings.data_rows is not None else 2**62
        for batch in fitted(data, sources.signature, rows=settings.batch_rows, ignore=frozenset(settings.ignore)):
            if left <= 0:
                return
            yield from chopped(batch.slice(0, left), settings.batch_rows)
            left -= batch.num_rows

    return Stratum("data", batches)
