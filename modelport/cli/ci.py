"""`modelport ci`: everything that a project declares, in one command."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from modelport.cli import options, reporting

if TYPE_CHECKING:
    from modelport.ci.result import Part, ProjectReport

EXAMPLES = (
    "modelport ci --init",
    "modelport ci",
    "modelport ci churn --jobs 2 --fresh",
    "modelport ci --junit parity.xml --sarif parity.sarif --markdown parity.md --report pages",
    "modelport ci --update-baseline",
)

Names = Annotated[list[str] | None, typer.Argument(metavar="[MODEL...]", help="Only these models of the project.")]
Jobs = Annotated[int | None, typer.Option("--jobs", "-j", metavar="N", min=1, help="Models at once [processors].")]
Fresh = Annotated[bool, typer.Option("--fresh", help="Use nothing that an earlier run found.")]
Cache = Annotated[Path | None, typer.Option("--cache", metavar="DIR", help="Where results are kept.")]
Report = Annotated[
    Path | None,
    typer.Option(
        "--report",
        metavar="DIR",
        help="Write a page with plots for each model (the extra report).",
        rich_help_panel="Reports",
    ),
]
Init = Annotated[bool, typer.Option("--init", help="Write a modelport.toml that declares the models here, and stop.")]


def ci(
    models: Names = None,
    jobs: Jobs = None,
    fresh: Fresh = False,
    cache: Cache = None,
    baseline: reporting.Baseline = None,
    update_baseline: reporting.UpdateBaseline = False,
    junit: reporting.Junit = None,
    sarif: reporting.Sarif = None,
    markdown: reporting.Markdown = None,
    report: Report = None,
    init: Init = False,
    force: options.Force = False,
    json: options.Json = False,
    verbose: options.Verbose = False,
) -> int:
    """Convert, compare and package every model that modelport.toml declares.

    What has not changed since an earlier run is used again. The exit code is the highest of all models'.
    """
    from modelport import api
    from modelport.cli import output
    from modelport.cli.progress import several

    if init:
        return _init(force, json)
    forms = reporting.wanted(junit=junit, sarif=sarif, markdown=markdown)
    if report is not None:
        from modelport.reports.html.document import ready

        ready()
    with several() as told:
        found = api.run_ci(
            models=models or (),
            jobs=jobs,
            fresh=fresh,
            cache=cache,
            baseline=baseline,
            update_baseline=update_baseline,
            told=told,
        )
    if json:
        output.emit(found.to_json())
    _show(found, verbose)
    _write(found, forms, report)
    return found.exit_code


def _init(force: bool, json: bool) -> int:
    from modelport import api
    from modelport.cli import output

    path = api.start_ci(".", force=force)
    if json:
        output.emit({"written": str(path)})
    output.say(
        f"[green]✓[/green] [bold]{output.escape(path)}[/bold] [dim](look through it, then run: modelport ci)[/dim]"
    )
    return 0


def _write(found: "ProjectReport", forms: dict[str, Path], pages: Path | None) -> None:
    from modelport.cli import output
    from modelport.reports import github

    found.write(forms)
    if pages is not None:
        found.write_pages(pages)
        output.say(f"  [dim]report: {output.escape(pages / 'index.html')}[/dim]")
    if github.in_workflow():
        for line in found.annotations():
            output.console().print(line, markup=False, soft_wrap=True)
    for form, path in forms.items():
        output.say(f"  [dim]{form}: {output.escape(path)}[/dim]")


def _show(found: "ProjectReport", verbose: bool) -> None:
    from modelport.cli import output
    from modelport.cli.parity import show_report

    _show_table(found)
    for model in found.models:
        if model.exit_code == 0 and not verbose and not model.stale:
            continue
        output.say(f"[bold]{output.escape(model.name)}[/bold] [dim]{output.escape(model.source)}[/dim]")
        for part in model.parts:
            _show_part(part)
        if model.report is not None and (model.report.failures or verbose):
            show_report(model.report, verbose)
        for item in model.stale:
            output.say(f"  [yellow]![/yellow] stale in the baseline: {output.escape(item)}")
    for item in found.stale:
        output.say(f"[yellow]![/yellow] stale in the baseline: {output.escape(item)}")
    mark = "[green]✓[/green]" if found.passed else "[red]✗[/red]"
    output.say(f"{mark} [bold]{output.escape(found.sentence())}[/bold]{_where(found)}")


def _where(found: "ProjectReport") -> str:
    from modelport.cli import output

    made = any(model.shows(part) for model in found.models for part in model.parts)
    return f" [dim]Results in {output.escape(found.output)}[/dim]" if made else ""


def _show_table(found: "ProjectReport") -> None:
    from modelport.cli import output
    from modelport.cli.tables import table

    numbers = ("rows compared", "rows that differ", "seconds")
    shown = table("", "model", "converted", *numbers[:2], "bundle", numbers[2], right=numbers)
    for model, row in zip(found.models, found.rows(), strict=True):
        mark = "[green]✓[/green]" if model.exit_code == 0 else "[red]✗[/red]"
        name, *cells, took = map(output.escape, row)
        colours = [c.replace("✓", "[green]✓[/green]").replace("✗", "[red]✗[/red]") for c in cells]
        shown.add_row(mark, f"[bold]{name}[/bold]", *colours, f"[dim]{took}[/dim]")
    output.console().print(shown)


def _show_part(part: "Part") -> None:
    from modelport.cli import output

    for note in part.notes:
        where = output.escape(note["where"])
        output.say(f"  [yellow]{note['kind']}[/yellow] {part.file}, {where}: {output.escape(note['what'])}")
    if part.error:
        where = f" [dim]({output.escape(part.error['where'])})[/dim]" if part.error.get("where") else ""
        name = output.escape(f"{part.kind} {part.file}".strip())
        output.say(f"  [red]✗[/red] {name}: {output.escape(part.what)}{where}")
        if part.error.get("hint"):
            output.say(f"    [cyan]→[/cyan] {output.escape(part.error['hint'])}")
