"""A parity report for people: the verdict, one line for each subject and kind of rows, and what stands out."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from modelport.cli import output
from modelport.cli.tables import table

if TYPE_CHECKING:
    from modelport.parity.pieces import PairReport, StratumReport, Witness
    from modelport.parity.report import ParityReport

_MOST_FAILURES = 4
_MOST_VALUES = 8


def show_report(report: "ParityReport", verbose: bool = False, headline: bool = True) -> None:
    """Prints a report; `verbose` adds every note and the timings, `headline` the verdict."""
    mark = "[green]✓[/green]" if report.passed else "[red]✗[/red]"
    if headline:
        output.say(f"{mark} [bold]{output.escape(report.sentence())}[/bold]")
    if report.official:
        _show_matrix(report)
        _show_proof(report)
    if report.apart:
        output.say(f"  [yellow]![/yellow] {output.escape(report.apart)}")
    _show_failures(report)
    _show_accepted(report)
    if report.failures:
        _show_witness(report)
    _show_remarks(report, verbose)
    if verbose:
        _show_timings(report)


def _show_matrix(report: "ParityReport") -> None:
    reference = report.reference
    assert reference is not None, "an official pair has a reference"
    shown = table("candidate", "runtime", *report.strata, "largest difference", right=report.strata)
    for pair in report.official:
        subject = report.subjects[pair.second]
        named = {stratum.name: _cell(stratum) for stratum in pair.strata}
        cells = [named.get(name, "[dim]–[/dim]") for name in report.strata]
        shown.add_row(output.escape(subject.artifact), subject.runtime, *cells, _largest(pair))
    output.say(f"  [dim]against {output.escape(reference.name)}; rows that differ / rows compared[/dim]")
    output.console().print(shown)


def _cell(stratum: "StratumReport") -> str:
    colour = "red" if stratum.different or not stratum.rows else "green"
    return f"[{colour}]{stratum.different:,}[/{colour}] [dim]/ {stratum.rows:,}[/dim]"


def _largest(pair: "PairReport") -> str:
    """The output that is farthest from the reference, in its own numbers."""
    numbers = [c for s in pair.strata for c in s.columns if c.kind == "number" and c.max_abs > 0]
    if not numbers:
        return "[dim]none[/dim]"
    worst = max(numbers, key=lambda column: column.max_abs)
    return f"{worst.max_abs:.2g} [dim]in {output.escape(worst.name)}[/dim]"


def _show_proof(report: "ParityReport") -> None:
    """For each kind of rows, what the candidate that was compared on the fewest of them proves."""
    from modelport.parity.verdict import percent_up

    confidence = report.settings.confidence
    worst: dict[str, float] = {}
    for stratum in (stratum for pair in report.official for stratum in pair.strata if stratum.rows):
        worst[stratum.name] = max(stratum.bound(confidence), worst.get(stratum.name, 0.0))
    told = ", ".join(f"{name} ≤ {percent_up(bound)} %" for name, bound in worst.items())
    if report.coverage is not None and report.coverage.known:
        probed = f"{report.coverage.probed:,} of {report.coverage.known:,}"
        output.say(f"  [dim]places where the models may jump that were probed: {probed}[/dim]")
    if told:
        output.say(f"  [dim]share of rows that differ, with {100 * confidence:g} % confidence: {told}[/dim]")


def _show_failures(report: "ParityReport") -> None:
    from modelport.parity.verdict import by_gravity

    for failure in by_gravity(report)[:_MOST_FAILURES]:
        output.say(f"  [red]✗[/red] {output.escape(failure.what)} [dim]({failure.kind.value})[/dim]")
        if failure.hint:
            output.say(f"    [cyan]→[/cyan] {output.escape(failure.hint)}")
    more = len(report.failures) - _MOST_FAILURES
    if more > 0:
        output.say(f"  [dim]… and {more} more; --json has them all[/dim]")


def _show_accepted(report: "ParityReport") -> None:
    for failure in report.accepted[:_MOST_FAILURES]:
        output.say(f"  [yellow]●[/yellow] accepted: {output.escape(failure.what)} [dim]({failure.kind.value})[/dim]")
    if len(report.accepted) > _MOST_FAILURES:
        output.say(f"  [dim]… and {len(report.accepted) - _MOST_FAILURES} more that are accepted[/dim]")


def _show_witness(report: "ParityReport") -> None:
    """One row that shows the disagreement: the smallest, if it was looked for, else the first."""
    for item in report.blame:
        output.say(f"  [yellow]![/yellow] {output.escape(item)}")
    if report.smallest is not None:
        found = report.smallest
        _say_row(f"reduced from the {found.stratum} rows, {found.subject}")
        _show_row(found.witness, found.unusual)
        return
    for pair in report.official:
        for stratum in pair.strata:
            if stratum.witnesses:
                witness = stratum.witnesses[0]
                _say_row(f"{stratum.name} row {witness.row}, {report.subjects[pair.second].name}")
                _show_row(witness)
                return


def _say_row(where: str) -> None:
    output.say(f"  a row that shows it: [bold]{output.escape(where)}[/bold]")


def _show_row(witness: "Witness", unusual: Sequence[str] = ()) -> None:
    """A row and both answers; unusual inputs come first and stand out."""
    shown = table("", "", "reference", "candidate")
    names = [*unusual, *(name for name in witness.inputs if name not in unusual)]
    for i, name in enumerate(names[:_MOST_VALUES]):
        value = _value(witness.inputs[name])
        shown.add_row(
            "in" if i == 0 else "", output.escape(name), f"[bold]{value}[/bold]" if name in unusual else value
        )
    if len(names) > _MOST_VALUES:
        shown.add_row("", f"[dim]… {len(names) - _MOST_VALUES} more[/dim]")
    shown.add_section()
    for i, name in enumerate(witness.columns[:_MOST_VALUES]):
        pair = _value(witness.reference.get(name)), f"[red]{_value(witness.candidate.get(name))}[/red]"
        shown.add_row("out" if i == 0 else "", output.escape(name), *pair)
    output.console().print(shown)


def _value(value: object) -> str:
    return "[dim]missing[/dim]" if value is None else output.escape(repr(value))


def _show_remarks(report: "ParityReport", verbose: bool) -> None:
    for item in report.missing:
        output.say(f"  [yellow]○[/yellow] not run: {item.runtime} [dim]({output.escape(item.why)})[/dim]")
    notes = report.notes if verbose else report.notes[:3]
    for note in notes:
        output.say(f"  [dim]note: {output.escape(note)}[/dim]")
    if len(report.notes) > len(notes):
        output.say(f"  [dim]… {len(report.notes) - len(notes)} more notes with --verbose[/dim]")


def _show_timings(report: "ParityReport") -> None:
    timings = " · ".join(f"{name} {seconds:.2f} s" for name, seconds in report.seconds.items())
    output.say(f"  [dim]{output.escape(timings)}[/dim]")
    versions = " · ".join(f"{name} {version}" for name, version in report.versions.items())
    output.say(f"  [dim]{output.escape(versions)}[/dim]")
