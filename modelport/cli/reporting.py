"""Reports in files and in workflows, for the verbs that compare."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from modelport.parity.report import ParityReport
    from modelport.parity.settings import Settings

_PANEL = "Reports"


def _option(name: str, text: str) -> typer.models.OptionInfo:
    option: typer.models.OptionInfo = typer.Option(name, metavar="FILE", help=text, rich_help_panel=_PANEL)
    return option


Junit = Annotated[Path | None, _option("--junit", "Write the report as JUnit XML.")]
Sarif = Annotated[Path | None, _option("--sarif", "Write the report as SARIF, for code scanning.")]
Report = Annotated[
    Path | None, _option("--report", "Write the report for people: one HTML page with plots (the extra report).")
]
Markdown = Annotated[Path | None, _option("--markdown", "Write the report as Markdown.")]
Baseline = Annotated[Path | None, _option("--baseline", "Differences that are known and accepted; new ones fail.")]
UpdateBaseline = Annotated[
    bool,
    typer.Option("--update-baseline", help="Accept what differs now: write it to --baseline.", rich_help_panel=_PANEL),
]


def wanted(**forms: Path | None) -> dict[str, Path]:
    """Form → file of those that were asked for; each can be written.

    Raises:
        UsageError: a folder is missing or not writable.
        MissingExtra: what draws a form is not installed.
    """
    from modelport.reports import files

    found = {form: path for form, path in forms.items() if path is not None}
    files.check(found)
    return found


def write(report: "ParityReport", forms: Mapping[str, Path], models: Iterable[Path]) -> None:
    """Writes the files, and what a GitHub workflow shows, if this runs in one."""
    from modelport.cli import output
    from modelport.cli.line import command_line
    from modelport.reports import files, github

    files.write(report, forms, {path.name: path for path in models}, command_line())
    if github.in_workflow():
        for line in github.annotations(report):
            output.console().print(line, markup=False, soft_wrap=True)
    for form, path in forms.items():
        output.say(f"  [dim]{form}: {output.escape(path)}[/dim]")


def _baseline(path: Path | None, update: bool) -> Path | None:
    """The baseline, which is looked for before any work.

    Raises:
        UsageError: there is none to update. InputError: there is no such file.
    """
    from modelport.errors import InputError, UsageError

    if update and path is None:
        raise UsageError("--update-baseline needs --baseline FILE", hint="--baseline modelport-baseline.json")
    if path is not None and not update and not path.is_file():
        raise InputError("there is no such baseline", where=str(path), hint="--update-baseline writes one")
    return path


def compared(
    models: tuple[Path, ...],
    data: Path | None,
    settings: "Settings",
    forms: Mapping[str, Path],
    repro: Path | None,
    trust: Iterable[str],
    json: bool,
    verbose: bool,
    baseline: Path | None = None,
    update_baseline: bool = False,
) -> int:
    """Compares, shows and writes the report; gives the exit code."""
    from modelport import api
    from modelport.cli import output
    from modelport.cli.parity import show_report
    from modelport.cli.progress import rows

    with rows("comparing") as progress:
        report = api.verify(
            *models,
            data=data,
            settings=settings,
            trust=trust,
            progress=progress,
            baseline=_baseline(baseline, update_baseline),
            update_baseline=update_baseline,
        )
    if json:
        output.emit(report.to_json() | {"exit_code": report.exit_code})
    show_report(report, verbose)
    write(report, forms, models)
    if repro is not None and report.smallest is not None:
        script = api.reproduce(report, *models, folder=repro, trust=trust)
        output.say(f"  [dim]to see it by itself:[/dim] cd {output.escape(repro)} && python {script.name}")
    return report.exit_code
