"""`modelport preflight`: which formats each step of a model reaches, before anything is converted."""

from pathlib import Path
from typing import Annotated, Any

import typer

from modelport.cli import options

EXAMPLES = ("modelport preflight model.pkl", "modelport preflight model.pkl --to onnx")


def preflight(
    model: Annotated[Path, typer.Argument(metavar="MODEL", help="A pickle; it need not be fitted.")],
    to: Annotated[
        str | None, typer.Option("--to", metavar="FORMAT", help="Fail unless this format is reached.")
    ] = None,
    trust: options.Trust = None,
    json: options.Json = False,
) -> int:
    """Tell which formats each step of a model reaches, what blocks it, and what to use instead."""
    from modelport import api
    from modelport.cli import output
    from modelport.errors import UsageError

    found = api.preflight(model, trust=trust or ())
    if to is not None and to not in found.targets:
        raise UsageError(f"pre-flight says nothing about {to!r}", hint=f"it knows {', '.join(found.targets)}")
    code = 4 if to is not None and found.reach(to).value == "not at all" else 0
    if json:
        output.emit(found.to_json() | {"exit_code": code})
    _show(found)
    return code


_MARKS = {
    "exact": "[green]● exact[/green]",
    "with notes": "[yellow]● with notes[/yellow]",
    "not at all": "[red]✗ not at all[/red]",
    "unknown": "[dim]? unknown[/dim]",
}


def _show(found: Any) -> None:
    from modelport.cli import output
    from modelport.cli.tables import table

    shown = table("step", "class", *found.targets)
    for step in found.steps:
        cells = [_MARKS[step.reach[target].value] if target in step.reach else "" for target in found.targets]
        shown.add_row(output.escape(step.where), f"[dim]{output.escape(step.kind)}[/dim]", *cells)
    shown.add_section()
    shown.add_row("[bold]the model[/bold]", "", *(_MARKS[found.reach(target).value] for target in found.targets))
    output.console().print(shown)
    for step in found.steps:
        if step.reason:
            output.say(f"  [yellow]{output.escape(step.where)}[/yellow]: {output.escape(step.reason)}")
            if step.instead:
                output.say(f"    [cyan]→[/cyan] {output.escape(step.instead)}")
