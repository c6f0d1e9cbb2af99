"""Which step is to blame, for each candidate that disagrees: on the rows that show it and on ordinary ones."""

import pyarrow as pa

from modelport.data import relaxed
from modelport.parity.generate import draw
from modelport.parity.pieces import Witness
from modelport.parity.race import Race
from modelport.parity.sources import BOUNDARY, Sources
from modelport.parity.steps import Blame, Traceable, blame

ROWS = 256
"""Ordinary rows that the steps are compared on, besides those that disagree."""


def blames_of(race: Race, sources: Sources) -> tuple[Blame, ...]:
    """The first step that differs, for each living candidate with disagreements, where both sides show their inside.

    A runtime that fails over its own inside is noted and left out.
    """
    reference = race.lanes[0]
    found = []
    for index in race.alive[1:]:
        lane = race.lanes[index]
        tallies = [tally for (pair, _), tally in race.tallies.items() if pair == (0, index)]
        witnesses = [witness for tally in tallies for witness in tally.report().witnesses]
        if not witnesses or not isinstance(reference.session, Traceable) or not isinstance(lane.session, Traceable):
            continue
        rows = _rows(witnesses, sources)
        try:
            told = blame(reference.session.trace(rows), lane.session.trace(lane.fit.adapt(rows)), lane.name)
        except Exception as error:
            race.notes.append(f"the steps of {lane.name} could not be compared ({type(error).__name__}: {error})")
            continue
        found += [told] if told else []
    return tuple(found)


def _rows(witnesses: list[Witness], sources: Sources) -> pa.RecordBatch:
    shown = pa.RecordBatch.from_pylist(
        [dict(witness.inputs) for witness in witnesses], schema=relaxed(sources.signature)
    )
    ordinary = draw(sources, BOUNDARY, 9000).slice(0, ROWS)
    if sources.sample is not None:
        ordinary = pa.concat_batches([ordinary, sources.sample.slice(0, ROWS)])
    return pa.concat_batches([shown, ordinary])
