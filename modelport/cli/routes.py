"""`modelport routes`: which ways lead from one format to another, and what each costs."""

from typing import Annotated, Any

import typer

from modelport.cli import completing, options

EXAMPLES = ("modelport routes pickle pmml", "modelport routes model.pkl model.onnx --json")

_NAME = "A format, or a file name with its suffix."


def routes(
    source: Annotated[str, typer.Argument(metavar="SOURCE", help=_NAME, autocompletion=completing.formats)],
    target: Annotated[str, typer.Argument(metavar="TARGET", help=_NAME, autocompletion=completing.formats)],
    engine: Annotated[
        str | None, typer.Option("--engine", help="Only routes that use it.", autocompletion=completing.engines)
    ] = None,
    via: Annotated[
        str | None, typer.Option("--via", help="Only routes that pass it.", autocompletion=completing.formats)
    ] = None,
    json: options.Json = False,
) -> None:
    """List every way from one format to another, cheapest first, installed or not."""
    from modelport import api
    from modelport.cli import output
    from modelport.errors import NoRoute

    found = [_described(route) for route in api.routes(source, target, engine=engine, via=via)]
    if not found:
        raise NoRoute(f"nothing converts {source} to {target}", hint="run: modelport formats")
    if json:
        output.emit({"routes": found})
    else:
        _show(found)


def _described(route: Any) -> dict[str, Any]:
    return {
        "route": str(route),
        "formats": list(route.formats),
        "engines": list(route.engines),
        "cost": route.cost,
        "install": route.missing(),
        "licences": sorted({step.licence for step in route.steps if step.licence}),
    }


def _show(found: list[dict[str, Any]]) -> None:
    from modelport.cli import output
    from modelport.cli.tables import table

    shown = table("", "route", "cost", "", right=("cost",))
    chosen = next((route for route in found if not route["install"]), None)
    for route in found:
        mark = "[green]✓[/green]" if route is chosen else ""
        remark = output.escape(route["install"] or "")
        if route["licences"]:
            remark = " · ".join(part for part in (", ".join(route["licences"]), remark) if part)
        shown.add_row(mark, output.escape(route["route"]), str(route["cost"]), f"[dim]{remark}[/dim]")
    output.console().print(shown)
    if chosen:
        output.say("[dim]✓ the one that convert takes; another with --engine or --via[/dim]")
