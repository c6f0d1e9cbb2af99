"""The steps of a model, in the order they are computed, for a picture of them."""

from modelport.parity.generate import draw
from modelport.parity.race import Race
from modelport.parity.sources import BOUNDARY, Sources
from modelport.parity.steps import Step, Traceable


def pipeline_of(race: Race, sources: Sources) -> tuple[Step, ...]:
    """The steps of the reference; none where it does not show its inside, or fails at that."""
    session = race.lanes[0].session
    if 0 not in race.alive or not isinstance(session, Traceable):
        return ()
    try:
        traced = session.trace(draw(sources, BOUNDARY, 9001).slice(0, 1))
    except Exception:  # a picture is not worth a comparison
        return ()
    return tuple(Step(item.step, len(item.columns), item.inputs) for item in traced if item.named)
