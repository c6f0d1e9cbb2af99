"""The verdict in one sentence, and which of the subjects stands apart."""

import math
from collections.abc import Iterable

from modelport.parity.failures import Failure, FailureKind
from modelport.parity.pieces import StratumReport
from modelport.parity.report import ParityReport


def sentence(report: ParityReport) -> str:
    """`4 subjects agree on 40,123 rows of 3 outputs.`, or what is worst."""
    if report.passed:
        return _agreement(report)
    if not report.failures:
        return "Nothing was compared, so nothing is proved."
    more = len(report.failures) - 1
    tail = f", and {more} more failure{'s' if more > 1 else ''}" if more else ""
    return f"Parity does not hold: {worst(report).what}{tail}."


_GRAVITY = (
    (FailureKind.LABEL, FailureKind.NULL_ONE_SIDE, FailureKind.NAN_ONE_SIDE, FailureKind.REFUSED),
    (FailureKind.NUMBER,),
    (FailureKind.RANK,),
    (FailureKind.NEAR_TIE,),
)
"""Disagreements, the gravest first; all other failures leave something uncompared, which is graver still."""


def worst(report: ParityReport) -> Failure:
    """The failure that a person should hear of first; see `by_gravity`."""
    return by_gravity(report)[0]


def by_gravity(report: ParityReport) -> list[Failure]:
    """The failures, the gravest first.

    What was not compared at all comes before disagreements; among these another answer before another number, numbers
    by their distance, and answers by the share of their rows.
    """
    return sorted(report.failures, key=lambda failure: _order(failure, report))


def _order(failure: Failure, report: ParityReport) -> tuple[int, float]:
    gravity = next((i for i, kinds in enumerate(_GRAVITY, 1) if failure.kind in kinds), 0)
    if not gravity:
        return 0, 0.0
    stratum = _stratum(failure, report)
    if stratum is None:
        return gravity, 0.0
    distances = [column.max_abs for column in stratum.columns if column.name == failure.column]
    if failure.kind is FailureKind.NUMBER:
        return gravity, -max(distances, default=0.0)
    return gravity, -(failure.count or 0) / max(1, stratum.rows)


def _stratum(failure: Failure, report: ParityReport) -> StratumReport | None:
    """Where a failure showed."""
    pairs = (pair for pair in report.official if report.subjects[pair.second].name == failure.subject)
    return next((s for pair in pairs for s in pair.strata if s.name == failure.stratum), None)


def _agreement(report: ParityReport) -> str:
    assert report.reference is not None
    others = len(report.candidates)
    what = f"{report.candidates[0].name} agrees" if others == 1 else f"{others} candidates agree"
    outputs = len(report.columns)
    where = f"on {report.rows:,} rows and {outputs} output{'s' if outputs > 1 else ''}"
    if report.accepted:
        known = len(report.accepted)
        but = f"but for {known} difference{'s' if known > 1 else ''} that the baseline accepts"
        return f"Nothing new: {what} with {report.reference.name} {where}, {but}."
    return f"Parity holds: {what} with {report.reference.name} {where}."


def proved(stratum: StratumReport, confidence: float) -> str:
    """What one stratum proves: `0 of 100,000: at most 0.003 % at 95 % confidence, for rows like these`."""
    if not stratum.rows:
        return "no rows: nothing proved"
    return (
        f"{stratum.different:,} of {stratum.rows:,}: at most {percent_up(stratum.bound(confidence))} % "
        f"at {100 * confidence:g} % confidence, for rows like these"
    )


def percent_up(rate: float) -> str:
    """A rate in percent with two digits, rounded up: a bound must not be made smaller by printing it."""
    if rate <= 0:
        return "0"
    step = 10.0 ** (math.floor(math.log10(100 * rate)) - 1)
    return f"{min(100.0, math.ceil(100 * rate / step - 1e-9) * step):.12g}"


def stands_apart(report: ParityReport) -> str | None:
    """The one to suspect: a runtime, a file or the reference, whichever alone disagrees with all others."""
    disagree = {(pair.first, pair.second) for pair in report.pairs if pair.different}
    everyone = range(len(report.subjects))
    if not disagree or len(report.subjects) < 3:
        return None
    alone = [i for i in everyone if _alone((i,), disagree, everyone)]
    if len(alone) == 1:
        return _alone_sentence(report, alone[0])
    return _group_apart(report, disagree)


def _alone(group: tuple[int, ...], disagree: set[tuple[int, int]], everyone: Iterable[int]) -> bool:
    """Whether a group disagrees with all outside it, while each side agrees within itself."""
    inside, outside = set(group), set(everyone) - set(group)
    across = {(min(i, j), max(i, j)) for i in inside for j in outside}
    return bool(across) and disagree == across


def _alone_sentence(report: ParityReport, index: int) -> str:
    subject = report.subjects[index]
    others = {s.artifact for i, s in enumerate(report.subjects) if i != index}
    if index == 0 and len(others) == 1 and subject.artifact not in others:
        return f"{others.pop()} differs from the reference in every runtime alike: it is the file, not an evaluator"
    if index == 0:
        return f"the reference, {subject.name}, stands apart: all others agree with each other"
    same_file = any(s.artifact == subject.artifact for i, s in enumerate(report.subjects) if i != index)
    verdict = f"the runtime {subject.runtime} stands apart on {subject.artifact}" if same_file else None
    return verdict or f"{subject.name} stands apart: all others agree with each other"


def _group_apart(report: ParityReport, disagree: set[tuple[int, int]]) -> str | None:
    everyone = range(len(report.subjects))
    for what in ("artifact", "runtime"):
        for value in dict.fromkeys(getattr(subject, what) for subject in report.subjects):
            group = tuple(i for i in everyone if getattr(report.subjects[i], what) == value)
            if 0 not in group and _alone(group, disagree, everyone):
                kind = "file" if what == "artifact" else "runtime"
                return f"the {kind} {value} stands apart: it differs from all others wherever it was run"
    return None
