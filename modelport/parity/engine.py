"""compare: every artifact in every runtime, against the reference, on every kind of rows."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from modelport.artifacts import Artifact
from modelport.data import Data
from modelport.parity.blaming import blames_of
from modelport.parity.crossings import crossing_of
from modelport.parity.failures import Failure, FailureKind
from modelport.parity.lanes import Lane
from modelport.parity.opening import hint_of, open_lanes, warmed
from modelport.parity.outcome import failures_of, report_of
from modelport.parity.pipeline import pipeline_of
from modelport.parity.plan import Plan, plan
from modelport.parity.progress import Progress, silent
from modelport.parity.proof import proofs_of
from modelport.parity.race import Race
from modelport.parity.report import ParityReport
from modelport.parity.resume import Journal, key_of
from modelport.parity.settings import Settings
from modelport.parity.smallest import smallest_of
from modelport.parity.strata import prepare, strata_of
from modelport.signature import Signature


def compare(
    artifacts: Sequence[Artifact],
    *,
    data: Data | None = None,
    signature: Signature | None = None,
    settings: Settings | None = None,
    progress: Progress | None = None,
) -> ParityReport:
    """Whether artifacts agree with the first of them.

    The first artifact in its home runtime (the first ready one that opens its format) is the reference. Every artifact
    in every installed runtime is a candidate. All of them score the user's rows, streamed, and rows made from the
    signature; each output is compared with the reference's, and every two candidates with each other.

    Args:
        artifacts: the reference first.
        data: the user's rows; columns are fitted by name.
        signature: input types for formats that do not say their own; None asks the artifacts and the data.
        settings: see `Settings`.
        progress: see `Progress`.

    Raises:
        InputError: an artifact or the data is damaged, or the data does not fit the model (`DataError`).
        Unsafe: an artifact was refused by its gate.
    """
    settings, progress = settings or Settings(), progress or silent
    planned = plan(artifacts, settings)
    if not planned.pairs or planned.pairs[0][0] is not artifacts[0]:
        return ParityReport((), failures=_reason(planned), missing=tuple(planned.missing), settings=settings)
    with warmed(planned, settings) as processes:
        lanes, failures = open_lanes(planned, hint_of(artifacts, data, signature), settings, processes)
    try:
        return _compare(planned, artifacts, lanes, failures, data, settings, progress)
    finally:
        for lane in lanes:
            lane.close()


def _reason(planned: Plan) -> tuple[Failure, ...]:
    nothing = Failure(FailureKind.NO_CANDIDATE, "there is nothing to compare")
    return tuple(planned.failures) or (nothing,)


def _compare(
    planned: Plan,
    artifacts: Sequence[Artifact],
    lanes: list[Lane],
    failures: list[Failure],
    data: Data | None,
    settings: Settings,
    progress: Progress,
) -> ParityReport:
    if not lanes:
        return report_of(planned, None, failures, [], settings)
    race = Race(lanes, settings, progress)
    with race:
        prepared = prepare(lanes, data, settings)
        proofs = proofs_of(artifacts, prepared.sources.signature) if settings.proof else ()
        if settings.resume and data is not None:
            key = key_of([lane.subject for lane in lanes], data.name, settings)
            race.journal = Journal(Path(settings.resume), key)
        race.witnesses = [row for proof in proofs for row in proof.witnesses]
        race.landmarks = prepared.sources.landmarks
        for stratum in strata_of(prepared.sources, data, race):
            race.run(stratum)
        blames = blames_of(race, prepared.sources)
        smallest = smallest_of(race, prepared.sources) if settings.shrink else None
        crossing = crossing_of(race, prepared.sources, smallest) if settings.shrink else None
        pipeline = pipeline_of(race, prepared.sources)
    if race.journal is not None:
        race.journal.finish()
    failures += failures_of(race, data is not None)
    return replace(
        report_of(planned, race, failures, prepared.notes, settings),
        blame=blames,
        smallest=smallest,
        proofs=proofs,
        crossing=crossing,
        pipeline=pipeline,
    )
