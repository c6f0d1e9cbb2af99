"""A parity report as text: for a terminal without colours, for a notebook, for a README."""

from collections.abc import Iterator, Sequence

from modelport.parity.pieces import PairReport, StratumReport, Witness
from modelport.parity.report import ParityReport
from modelport.parity.verdict import by_gravity, percent_up, proved

HEADINGS = ("candidate", "rows of kind", "rows", "different", "near ties", "largest distance", "bound")
_MOST_FAILURES = 20


def plain(report: ParityReport) -> str:
    """The report as lines of plain text."""
    return "\n".join(_lines(report, _plain_table))


def markdown(report: ParityReport) -> str:
    """The report in Markdown."""
    return "\n".join(_lines(report, _markdown_table))


def table(report: ParityReport) -> list[tuple[str, ...]]:
    """A row for each candidate and kind of rows, under `HEADINGS`; what any renderer may print."""
    return [_row(report, pair, stratum) for pair in report.official for stratum in pair.strata]


def _row(report: ParityReport, pair: PairReport, stratum: StratumReport) -> tuple[str, ...]:
    distance = max((column.max_abs for column in stratum.columns if column.kind == "number"), default=0.0)
    bound = f"≤ {percent_up(stratum.bound(report.settings.confidence))} %" if stratum.rows else "—"
    counts = (f"{stratum.rows:,}", f"{stratum.different:,}", f"{stratum.near_ties:,}")
    return (report.subjects[pair.second].name, stratum.name, *counts, f"{distance:.3g}", bound)


def _lines(report: ParityReport, render: object) -> Iterator[str]:
    assert callable(render)
    yield report.sentence()
    if report.reference:
        yield f"Reference: {report.reference.name}"
    rows = table(report)
    if rows:
        yield ""
        yield from render(HEADINGS, rows)
    yield from _section("Why it fails:", [str(failure) for failure in by_gravity(report)])
    yield from _section("Accepted by the baseline:", [str(failure) for failure in report.accepted])
    yield from _section("A row that shows it:", _smallest_lines(report) or _witness_lines(report))
    yield from _section("Where it begins:", [str(item) for item in report.blame])
    if report.apart:
        yield from _section("Who stands apart:", [report.apart])
    yield from _section("Proved:", [*map(str, report.proofs), *_proofs(report)])
    yield from _section("Not run:", [f"{item.runtime} ({item.why})" for item in report.missing])
    yield from _section("Notes:", report.notes)


def _section(title: str, lines: Sequence[str]) -> Iterator[str]:
    if not lines:
        return
    yield ""
    yield title
    for line in lines[:_MOST_FAILURES]:
        yield f"- {line}"
    if len(lines) > _MOST_FAILURES:
        yield f"- and {len(lines) - _MOST_FAILURES} more"


def _proofs(report: ParityReport) -> list[str]:
    confidence = report.settings.confidence
    return [
        f"{report.subjects[pair.second].name}, {stratum.name}: {proved(stratum, confidence)}"
        for pair in report.official
        for stratum in pair.strata
        if stratum.rows
    ]


def _smallest_lines(report: ParityReport) -> list[str]:
    found = report.smallest
    if found is None:
        return []
    usual = len(found.witness.inputs) - len(found.unusual)
    unusual = ", ".join(f"{name} = {found.witness.inputs[name]!r}" for name in found.unusual) or "nothing unusual"
    rest = f"; the other {usual} inputs are at usual values" if usual else ""
    return [f"reduced from the {found.stratum} rows, in {found.subject}: {unusual}{rest}", *_shown(found.witness)]


def _witness_lines(report: ParityReport) -> list[str]:
    for pair in report.official:
        for stratum in pair.strata:
            if stratum.witnesses:
                name = report.subjects[pair.second].name
                return [f"{stratum.name} row {stratum.witnesses[0].row} in {name}", *_shown(stratum.witnesses[0])]
    return []


def _shown(witness: Witness, most: int = 12) -> list[str]:
    inputs = [f"{name} = {value!r}" for name, value in list(witness.inputs.items())[:most]]
    more = ["…"] if len(witness.inputs) > most else []
    sides = [f"{name}: {witness.reference.get(name)!r} → {witness.candidate.get(name)!r}" for name in witness.columns]
    return [", ".join([*inputs, *more]), *sides]


def _plain_table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    widths = [max(len(row[i]) for row in (headings, *rows)) for i in range(len(headings))]
    for row in (headings, *rows):
        cells = [cell.ljust(w) if i < 2 else cell.rjust(w) for i, (cell, w) in enumerate(zip(row, widths, strict=True))]
        yield "  ".join(cells).rstrip()


def _markdown_table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(headings)} |"
    yield "|" + "|".join(" --- " if i < 2 else " ---: " for i in range(len(headings))) + "|"
    for row in rows:
        yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |"
