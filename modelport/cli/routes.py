"""`modelport routes`: which ways lead from one format to another, and what each costs; without formats, all pairs."""

from typing import Annotated, Any

import typer

from modelport.cli import completing, options

EXAMPLES = ("modelport routes", "modelport routes pickle pmml", "modelport routes model.pkl model.onnx --json")

_NAME = "A format, or a file name with its suffix."


def routes(
    source: Annotated[
        str | None, typer.Argument(metavar="SOURCE", help=_NAME, autocompletion=completing.formats)
    ] = None,
    target: Annotated[
        str | None, typer.Argument(metavar="TARGET", help=_NAME, autocompletion=completing.formats)
    ] = None,
    engine: Annotated[
        str | None, typer.Option("--engine", help="Only routes that use it.", autocompletion=completing.engines)
    ] = None,
    via: Annotated[
        str | None, typer.Option("--via", help="Only routes that pass it.", autocompletion=completing.formats)
    ] = None,
    json: options.Json = False,
) -> None:
    """List every way from one format to another, cheapest first, installed or not.

    Without formats, the way that is taken between every two of them. From a format to itself a model is written anew:
    ONNX within caps, pickle and PMML by way of ONNX.
    """
    from modelport import api
    from modelport.cli import output
    from modelport.errors import NoRoute, UsageError

    if source is None or target is None:
        if source is not None:
            raise UsageError("routes lead from one format to another", hint="name both, or neither")
        _pairs(engine, via, json)
        return
    found = [_described(route) for route in api.routes(source, target, engine=engine, via=via)]
    if not found:
        raise NoRoute(f"nothing converts {source} to {target}", hint="run: modelport formats")
    if json:
        output.emit({"routes": found})
    else:
        _show(found)


def _pairs(engine: str | None, via: str | None, json: bool) -> None:
    """The cheapest installed way (else the cheapest) between every two formats that a model can be converted to."""
    from modelport import api
    from modelport.cli import output
    from modelport.cli.tables import table

    found = []
    for source, target in api.pairs():
        ways = api.routes(source, target, engine=engine, via=via)
        best = next((way for way in ways if way.missing() is None), ways[0] if ways else None)
        if best is not None:
            found.append({"source": source, "target": target, "ways": len(ways), **_described(best)})
    if json:
        output.emit({"pairs": found})
        return
    shown = table("from", "to", "route", "ways", right=("ways",))
    for pair in found:
        shown.add_row(pair["source"], pair["target"], output.escape(pair["route"]), str(pair["ways"]))
    output.console().print(shown)


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
