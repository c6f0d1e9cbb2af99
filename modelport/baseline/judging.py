"""Judging a report by a baseline: what is known and no larger is accepted, what is new or has grown stays a failure."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from hashlib import sha256

from modelport.baseline.entries import Baseline, Entry
from modelport.errors import UsageError
from modelport.parity.failures import Failure, FailureKind
from modelport.parity.pieces import ColumnReport
from modelport.parity.places import within
from modelport.parity.report import ParityReport
from modelport.parity.settings import Settings

ACCEPTABLE = frozenset(
    {
        FailureKind.LABEL,
        FailureKind.NEAR_TIE,
        FailureKind.NUMBER,
        FailureKind.NAN_ONE_SIDE,
        FailureKind.NULL_ONE_SIDE,
        FailureKind.RANK,
    }
)
"""Differences on rows. What makes a comparison vacuous, or loses an output or a row, can be accepted by nobody."""

_SLACK = 1e-9
"""Share by which a distance may grow: the last digits of a distance differ between processors."""

_OTHERWISE = ("resume", "isolate", "timeout", "memory", "confidence", "witnesses", "shrink", "batch_rows")
"""Settings that change neither the rows nor what is a difference."""


@dataclass(frozen=True, slots=True)
class About:
    """What a report is about, besides what it says itself.

    Attributes:
        model: its name in `modelport.toml`; "" for none.
        data_sha256: of the rows that were given; None if there were none.
    """

    model: str = ""
    data_sha256: str | None = None


def judge(report: ParityReport, baseline: Baseline, about: About) -> tuple[ParityReport, tuple[str, ...]]:
    """The report with what the baseline accepts taken off its failures, and what is stale in the baseline.

    Raises:
        UsageError: a model has no file, so nothing tells whether it is the one that was accepted.
    """
    known = {entry.name: entry for entry in baseline.of(about.model)}
    fresh = {entry.name: entry for entry in entries_of(report, about)}
    kept: list[Failure] = []
    accepted: list[Failure] = []
    for failure in report.failures:
        entry = fresh.get(name_of(failure, report, about))
        old = known.get(entry.name) if entry else None
        why = _objection(old, entry) if old and entry else None
        if old is None:
            kept.append(failure)
        elif why is None:
            accepted.append(failure)
        else:
            kept.append(replace(failure, what=f"{failure.what}; {why}", hint=_hint(old)))
    stale = tuple(_stale(report, known, set(fresh)))
    return replace(report, failures=tuple(kept), accepted=tuple(accepted)), stale


def entries_of(report: ParityReport, about: About) -> Iterator[Entry]:
    """Every difference of a report that could be accepted, as an entry.

    Raises:
        UsageError: a model has no file.
    """
    for failure in report.failures:
        if failure.kind in ACCEPTABLE and failure.subject and failure.stratum and failure.column:
            yield _entry(failure, report, about)


Name = tuple[str, str, str, str, str, str]


def name_of(failure: Failure, report: ParityReport, about: About) -> Name:
    """What a failure is about, as `Entry.name` has it."""
    reference = report.reference.name if report.reference else ""
    subject, column, stratum = (part or "" for part in (failure.subject, failure.column, failure.stratum))
    return about.model, reference, subject, column, stratum, failure.kind.value


def _entry(failure: Failure, report: ParityReport, about: About) -> Entry:
    column = _column(failure, report)
    name = name_of(failure, report, about)
    digests = _digest(name[1], report), _digest(name[2], report)
    settings, rows = digest_of(report.settings), failure.count or 0
    return Entry(
        *name, *digests, about.data_sha256, settings, rows, column.max_abs, column.max_rel, places=column.places
    )


def _digest(name: str, report: ParityReport) -> str:
    found = [subject.sha256 for subject in report.subjects if subject.name == name]
    if len(found) > 1:
        raise UsageError("two models have this name, so a baseline cannot tell them apart", where=name)
    if found[0] is None:
        raise UsageError("a baseline is about files, and this model has none", where=name, hint="save it first")
    return found[0]


def _column(failure: Failure, report: ParityReport) -> ColumnReport:
    """Where the failure's figures are."""
    return next(
        column
        for pair in report.official
        if report.subjects[pair.second].name == failure.subject
        for stratum in pair.strata
        if stratum.name == failure.stratum
        for column in stratum.columns
        if column.name == failure.column
    )


def digest_of(settings: Settings) -> str:
    """Of what decides the rows and the tolerances."""
    held = {name: value for name, value in settings.to_json().items() if name not in _OTHERWISE}
    return sha256(json.dumps(held, sort_keys=True).encode()).hexdigest()[:16]


def _objection(old: Entry, new: Entry) -> str | None:
    """Why a known difference is not accepted; None if it is."""
    for field, what in _CONTENTS.items():
        if getattr(old, field) != getattr(new, field):
            return f"the baseline accepts it for {what}"
    if new.rows > old.rows:
        return f"the baseline accepts {old.rows:,} rows"
    if new.kind == FailureKind.RANK:
        return None
    for field in ("max_abs", "max_rel"):
        if getattr(new, field) > getattr(old, field) * (1 + _SLACK):
            return f"the baseline accepts {getattr(old, field):.3g}" + (" relative" if field == "max_rel" else "")
    return None if within(new.places, old.places) else "the baseline accepts it on other rows"


_CONTENTS = {
    "reference_sha256": "another reference file",
    "candidate_sha256": "another candidate file",
    "data_sha256": "other data",
    "settings": "other settings",
}


def _hint(entry: Entry) -> str:
    reason = f" (accepted because: {entry.reason})" if entry.reason else ""
    return f"look at it again{reason}; --update-baseline accepts it as it is now"


def _stale(report: ParityReport, known: dict[Name, Entry], fresh: set[Name]) -> Iterator[str]:
    """Entries that nothing answers to any more, where they were looked at."""
    reference = report.reference.name if report.reference else ""
    ran = {report.subjects[p.second].name: {s.name for s in p.strata if s.rows} for p in report.official}
    for name, entry in known.items():
        if name in fresh or entry.reference != reference:
            continue
        if entry.stratum in ran.get(entry.candidate, ()):
            yield f"{entry} no longer differs"
        elif entry.model and entry.candidate not in ran and not _not_run(entry, report):
            yield f"{entry} is no longer compared"


def _not_run(entry: Entry, report: ParityReport) -> bool:
    """Whether its runtime is merely not installed here."""
    return any(entry.candidate.endswith(f" in {item.runtime}") for item in report.missing)
