"""`modelport diff`: two models side by side, what they are made of and how far apart they score."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from modelport.cli import comparing, options

if TYPE_CHECKING:
    from modelport.parity.diff import Diff

EXAMPLES = (
    "modelport diff old.onnx new.onnx",
    "modelport diff model.pkl model.onnx --data holdout.csv --ignore target",
)

First = Annotated[Path, typer.Argument(metavar="A", help="A model.")]
Second = Annotated[Path, typer.Argument(metavar="B", help="Another model, of the same format or not.")]
Structure = Annotated[bool, typer.Option("--structure", help="Only what they are made of; nothing is scored.")]


def diff(
    first: First,
    second: Second,
    data: options.Data = None,
    runtime: options.Runtimes = None,
    ignore: options.Ignore = None,
    rows: comparing.Rows = None,
    seed: comparing.Seed = None,
    structure: Structure = False,
    trust: options.Trust = None,
    json: options.Json = False,
) -> int:
    """Show how two models differ: signatures, versions, operators, sizes, and how far apart they score."""
    from modelport import api
    from modelport.cli import output

    settings = comparing.settings(rows=rows, seed=seed, runtimes=runtime, ignore=ignore)
    found = api.diff(first, second, data=data, settings=settings, structure=structure, trust=trust or ())
    if json:
        output.emit(found.to_json())
    else:
        _show(found)
    return 0 if not found.differing and (found.behaviour is None or found.behaviour.passed) else 1


def _show(found: "Diff") -> None:
    from modelport.cli import output
    from modelport.cli.tables import shortened, table

    shown, topic = table("", "", *(output.escape(name) for name in found.names)), ""
    for line in found.differing:
        sides = (output.escape(shortened(side)) if side else "[dim]–[/dim]" for side in (line.first, line.second))
        shown.add_row(line.topic if line.topic != topic else "", output.escape(line.name), *sides)
        topic = line.topic
    if found.differing:
        output.console().print(shown)
    else:
        output.say("the same structure")
    for name, distance in found.distances.items():
        output.say(f"  {output.escape(name)}: up to {distance:.3g} apart")
    if found.behaviour is not None:
        output.say(f"  {output.escape(found.behaviour.sentence())}")
