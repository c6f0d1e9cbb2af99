"""From tallies to verdict: typed failures, notes, and the finished report."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from modelport._version import __version__
from modelport.parity.failures import Failure, FailureKind
from modelport.parity.lanes import Lane
from modelport.parity.pieces import PairReport
from modelport.parity.plan import Plan
from modelport.parity.race import Race
from modelport.parity.report import ParityReport
from modelport.parity.settings import SINGLE, Settings
from modelport.parity.tally import ColumnTally, Tally
from modelport.parity.verdict import stands_apart


def failures_of(race: Race, with_data: bool) -> list[Failure]:
    """Every reason against parity that the race has shown, those that make it vacuous first."""
    found = [lane.failure for lane in race.lanes if lane.failure]
    found += _one_sided(race)
    if len(race.lanes) < 2:
        found.append(Failure(FailureKind.NO_CANDIDATE, "there is nothing to compare the reference with"))
    for (first, second), stratum in race.tallies:
        tally = race.tallies[(first, second), stratum]
        if first == 0 and second in race.alive:
            found += _of_tally(tally, race.lanes[second], race, with_data)
    found += [failure for i in race.alive[1:] if (failure := _never_compared(race, i))]
    return found


def _one_sided(race: Race) -> Iterator[Failure]:
    """Inputs and outputs that stand on one side only."""
    reference = race.lanes[0]
    ignored = set(race.settings.ignore_outputs)
    ours = [c.name for c in reference.session.signature.outputs if c.name not in ignored]
    if not ours:
        yield Failure(FailureKind.NO_OUTPUTS, f"{reference.name} has no outputs to compare", reference.name)
    for lane in race.lanes[1:]:
        for name in lane.fit.absent:
            what = f"{lane.name} needs the input {name!r}, which the reference does not have"
            yield Failure(FailureKind.INPUT_ABSENT, what, lane.name, column=name)
        theirs = [c.name for c in lane.session.signature.outputs if c.name not in ignored]
        for name in [name for name in ours if name not in theirs]:
            what = f"{lane.name} lacks the output {name!r} of the reference"
            yield Failure(FailureKind.OUTPUT_ABSENT, what, lane.name, column=name, hint=_ignore(name))
        for name in [name for name in theirs if name not in ours]:
            what = f"{lane.name} has the output {name!r}, which the reference lacks"
            yield Failure(FailureKind.OUTPUT_ABSENT, what, lane.name, column=name, hint=_ignore(name))


def _ignore(name: str) -> str:
    return f"if that is meant, leave it out: --ignore-output '{name}'"


def _never_compared(race: Race, index: int) -> Failure | None:
    mine = [tally for ((first, second), _), tally in race.tallies.items() if (first, second) == (0, index)]
    if any(tally.rows and tally.columns for tally in mine):
        return None
    refused = sum(tally.refused_by_reference for tally in mine)
    lane = race.lanes[index]
    why = f": the reference refused all {refused:,}" if refused else ""
    return Failure(FailureKind.NO_ROWS, f"no rows were compared with {lane.name}{why}", lane.name)


def _of_tally(tally: Tally, lane: Lane, race: Race, with_data: bool) -> Iterator[Failure]:
    if tally.stratum == "data" and with_data and not tally.rows:
        refused = f"the reference refused all {tally.refused_by_reference:,} rows of the data"
        what = refused if tally.refused_by_reference else "the data has no rows"
        yield Failure(FailureKind.NO_ROWS, what, lane.name, tally.stratum)
    if tally.refused_by_candidate and tally.refusals_count:
        reason = f": {lane.reasons[0]}" if lane.reasons else ""
        what = f"{lane.name} refuses {tally.refused_by_candidate:,} rows that the reference answers{reason}"
        yield Failure(FailureKind.REFUSED, what, lane.name, tally.stratum, count=tally.refused_by_candidate)
    alone = tally.refused_by_reference - tally.refused_by_both
    if tally.strict and alone:
        reason = f": {race.lanes[0].reasons[0]}" if race.lanes[0].reasons else ""
        what = f"the reference refuses {alone:,} rows that {lane.name} answers{reason}"
        yield Failure(FailureKind.REFUSED, what, lane.name, tally.stratum, count=alone)
    for part in tally.parts.values():
        yield from _of_column(part, tally, lane, race.settings)


def _of_column(part: ColumnTally, tally: Tally, lane: Lane, settings: Settings) -> Iterator[Failure]:
    def failure(kind: FailureKind, count: int, what: str) -> Failure:
        text = f"{part.name} {what} on {count:,} of {tally.rows:,} {tally.stratum} rows in {lane.name}"
        return Failure(kind, text, lane.name, tally.stratum, part.name, count)

    if part.nan_one_side:
        yield failure(FailureKind.NAN_ONE_SIDE, part.nan_one_side, "is NaN on one side only")
    if part.null_one_side:
        yield failure(FailureKind.NULL_ONE_SIDE, part.null_one_side, "is missing on one side only")
    rest = part.different - part.nan_one_side - part.null_one_side
    if rest and part.kind == "number":
        yield failure(FailureKind.NUMBER, rest, f"is up to {part.max_abs:.3g} away")
    elif rest:
        yield failure(FailureKind.LABEL, rest, "is another one")
    most, discordant = settings.tolerance(part.name).rank, part.discordant
    if most is not None and discordant is not None and discordant > most:
        yield failure(
            FailureKind.RANK, round(discordant * tally.rows), f"puts {discordant:.2%} of neighbours in another order"
        )
    if part.near_ties and not settings.near_ties:
        yield failure(FailureKind.NEAR_TIE, part.near_ties, "flips at a near tie")


def report_of(
    planned: Plan, race: Race | None, failures: Sequence[Failure], notes: Sequence[str], settings: Settings
) -> ParityReport:
    """The finished report; failures of the plan come first."""
    lanes = race.lanes if race else ()
    report = ParityReport(
        subjects=tuple(lane.subject for lane in lanes),
        pairs=_pairs(race) if race else (),
        failures=(*planned.failures, *failures),
        missing=tuple(planned.missing),
        notes=(*(_notes(race) if race else ()), *notes),
        coverage=race.coverage if race else None,
        versions=_versions(lanes),
        settings=settings,
        seconds=_seconds(race) if race else {},
        extra={"wall": {name: round(seconds, 6) for name, seconds in race.walls.items()}} if race else {},
    )
    return replace(report, apart=stands_apart(report))


def _pairs(race: Race) -> tuple[PairReport, ...]:
    pairs = dict.fromkeys(pair for pair, _ in race.tallies)
    return tuple(
        PairReport(*pair, tuple(tally.report() for (other, _), tally in race.tallies.items() if other == pair))
        for pair in sorted(pairs)
    )


def _notes(race: Race) -> Iterator[str]:
    yield from race.notes
    for lane in race.lanes:
        yield from lane.fit.notes
    slow = [lane.name for lane in race.lanes if lane.slow]
    if slow:
        yield f"slow runtimes scored the first {race.settings.slow_rows:,} rows of each kind: {', '.join(slow)}"
    for lane in race.lanes:
        if lane.rounds:
            yield f"{lane.name}: {lane.rounds}; its numbers are held to {SINGLE:g}"
    if race.singles:
        names = ", ".join(sorted(race.singles))
        yield f"the reference computes {names} in float32; one float32 step is allowed there"
    for lane in race.lanes:
        if lane.presumed:
            yield (
                f"{lane.name}: {lane.presumed:,} rows count as refused because they hold a value for which others were "
                "refused; not each of them was tried"
            )
    yield from _overflown(race)
    for ((first, second), stratum), tally in race.tallies.items():
        if first == 0:
            yield from _refusals(race, second, stratum, tally)


def _refusals(race: Race, second: int, stratum: str, tally: Tally) -> Iterator[str]:
    """Rows that one side does not take, and that were let through."""
    ours, theirs = (f" ({lane.reasons[0]})" if lane.reasons else "" for lane in (race.lanes[0], race.lanes[second]))
    name, alone = race.lanes[second].name, tally.refused_by_reference - tally.refused_by_both
    if alone and not tally.strict:
        yield f"the reference refuses {alone:,} {stratum} rows that {name} answers; they were not compared{ours}"
    if tally.refused_by_both:
        yield f"the reference and {name} both refuse {tally.refused_by_both:,} {stratum} rows: there they agree{ours}"
    if tally.refused_by_candidate and not tally.refusals_count:
        told = f"{tally.refused_by_candidate:,} {stratum} rows that the reference answers"
        yield f"{name} says that it does not take {told}; they were not compared{theirs}"


def _overflown(race: Race) -> Iterator[str]:
    for (first, second), stratum in race.tallies:
        count = race.tallies[(first, second), stratum].overflown
        if first == 0 and count:
            name = race.lanes[second].name
            yield f"on {count:,} {stratum} row(s) at the edge of float64 a sum overflows; not compared with {name}"


def _versions(lanes: Sequence[Lane]) -> dict[str, str]:
    seen = {lane.subject.runtime: lane.subject.version for lane in lanes}
    return {"modelport": __version__} | {name: version for name, version in seen.items() if version}


def _seconds(race: Race) -> dict[str, float]:
    return {lane.name: round(lane.seconds, 6) for lane in race.lanes} | {"comparison": round(race.seconds, 6)}
