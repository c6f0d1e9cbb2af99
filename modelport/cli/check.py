"""`modelport check`: whether a bundle is what was built, and still answers the same here."""

from pathlib import Path
from typing import Annotated, Any

import typer

from modelport.cli import options

EXAMPLES = ("modelport check model.mport", "modelport check model.mport --runtime jpmml --json")


def check(
    bundle: Annotated[Path, typer.Argument(metavar="NAME.mport", help="The bundle.")],
    runtime: options.Runtimes = None,
    trust: options.Trust = None,
    json: options.Json = False,
) -> int:
    """Verify every byte of a bundle, and re-run its golden rows in the runtimes present.

    Runtimes that start a JVM run only when asked for with --runtime, or when nothing else can run.
    """
    from modelport import api
    from modelport.cli import output
    from modelport.cli.progress import stages

    with stages(f"checking {bundle.name}"):
        report = api.check(bundle, runtimes=runtime or None, trust=trust or ())
    if json:
        output.emit(report.to_json() | {"exit_code": report.exit_code})
    _show(report)
    code: int = report.exit_code
    return code


_MARKS = {"matches": "[green]✓[/green]", "not run": "[dim]○[/dim]"}


def _show(report: Any) -> None:
    from modelport.cli import output
    from modelport.cli.tables import table

    mark = "[green]✓[/green]" if report.passed else "[red]✗[/red]"
    output.say(f"{mark} [bold]{output.escape(report.path)}[/bold] [dim]({output.size(report.bytes)})[/dim]")
    output.say(f"  {output.escape(report.sentence())}")
    shown = table("", "model", "runtime", "built with", "here", "golden rows", "time", right=("time",))
    for run in report.runs:
        detail = output.escape(run.detail or "")
        outcome = run.outcome if not detail else f"{run.outcome}: {detail}"
        seconds = f"{run.seconds:.2f} s" if run.outcome != "not run" else ""
        versions = (run.then or "", run.now or "")
        mark = _MARKS.get(run.outcome, "[red]✗[/red]")
        shown.add_row(mark, output.escape(run.model), run.runtime, *versions, outcome, seconds)
    output.console().print(shown)
