"""Updating a baseline: what differs now is accepted, what was written about the same models before is replaced."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from modelport.baseline.entries import Baseline, load
from modelport.baseline.judging import About, entries_of, judge
from modelport.contents import digest_of_data, digest_of_rows
from modelport.data import data as open_data
from modelport.parity.report import ParityReport


def update_with(baseline: Baseline, report: ParityReport, about: About) -> Baseline:
    """A baseline that accepts every difference of a report that can be accepted.

    Entries of other models, and of runtimes that did not run, stay as they are; reasons that people wrote stay with
    what they were written for.

    Args:
        report: as it came out of the comparison, not yet judged.

    Raises:
        UsageError: a model has no file.
    """
    reasons = {entry.name: entry.reason for entry in baseline.entries}
    fresh = [replace(entry, reason=reasons.get(entry.name, "")) for entry in entries_of(report, about)]
    names = {entry.name for entry in fresh}
    reference = report.reference.name if report.reference else ""
    ran = {subject.name for subject in report.candidates}
    left = [
        entry
        for entry in baseline.entries
        if entry.name not in names
        and (entry.model != about.model or entry.reference != reference or entry.candidate not in ran)
    ]
    return Baseline(tuple(sorted((*left, *fresh), key=lambda entry: entry.name)))


def judged(report: ParityReport, path: Path, rows: Any, *, update: bool) -> ParityReport:
    """A report judged by a baseline file, which is updated first if that is wanted; what is stale becomes a note.

    Args:
        rows: that the models were compared on: a path, rows in memory, or None.

    Raises:
        InputError: the file is damaged, or missing and not to be written.
        UsageError: a model has no file, or the baseline cannot be written.
    """
    known = load(path, missing_is_empty=update)
    about = About(data_sha256=_digest(rows))
    if update:
        known = update_with(known, report, about)
        known.save(path)
    found, stale = judge(report, known, about)
    return replace(found, notes=(*found.notes, *(f"stale in {path.name}: {item}" for item in stale)))


def _digest(rows: Any) -> str | None:
    if rows is None:
        return None
    return digest_of_data(Path(rows)) if isinstance(rows, str | Path) else digest_of_rows(open_data(rows))
