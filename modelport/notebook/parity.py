"""A parity report: the verdict, a row for each candidate and kind of rows, and what stands against it."""

from modelport.notebook import blocks
from modelport.parity.report import ParityReport
from modelport.parity.text import HEADINGS, table
from modelport.parity.verdict import by_gravity

_FAILURES = 3
_VALUES = 6


def html(report: ParityReport) -> str:
    """The representation; the whole report is behind `verify --report`, the rows behind `worst()`."""
    mark = blocks.mark(blocks.GOOD if report.passed else blocks.BAD, report.sentence())
    reference = blocks.line(blocks.dim(f"against {blocks.text(report.reference.name)}")) if report.reference else ""
    rows = table(report)
    shown = [tuple(map(blocks.text, row)) for row in sorted(rows, key=lambda row: row[3] == "0")[: blocks.MOST]]
    return blocks.card(
        mark,
        reference,
        blocks.table(HEADINGS, shown, len(rows)) if rows else "",
        _failures(report),
        _smallest(report),
        *(blocks.line(blocks.text(item)) for item in report.blame[:_FAILURES]),
        blocks.folded("Notes", "".join(blocks.line(blocks.text(note)) for note in _notes(report)))
        if _notes(report)
        else "",
    )


def _notes(report: ParityReport) -> list[str]:
    return [*report.notes, *(f"not run: {item.runtime} ({item.command})" for item in report.missing)][: blocks.MOST]


def _failures(report: ParityReport) -> str:
    if len(report.failures) < 2:
        return ""
    lines = [blocks.line(blocks.text(failure.what)) for failure in by_gravity(report)[1 : _FAILURES + 1]]
    more = len(report.failures) - 1 - _FAILURES
    return "".join(lines) + (blocks.line(blocks.dim(f"… {more:,} more in .failures")) if more > 0 else "")


def _smallest(report: ParityReport) -> str:
    """The row that shows it, in a line or two."""
    if report.smallest is None:
        return ""
    witness, unusual = report.smallest.witness, report.smallest.unusual
    names = list(unusual or witness.inputs)[:_VALUES]
    inputs = ", ".join(f"{blocks.text(name)} = {blocks.code(repr(witness.inputs[name]))}" for name in names)
    sides = [
        f"{blocks.text(name)}: {blocks.code(repr(witness.reference.get(name)))} → "
        f"{blocks.code(repr(witness.candidate.get(name)))}"
        for name in witness.columns[:2]
    ]
    return blocks.line(blocks.dim("a row that shows it:"), inputs) + blocks.line(" · ".join(sides))
