"""`modelport convert`: one format into another, compared with the original before the target is shown."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from modelport.cli import comparing, completing, options

EXAMPLES = (
    "modelport convert model.pkl model.onnx --data holdout.parquet",
    "modelport convert model.pkl model.pmml --engine sklearn2pmml",
    "modelport convert model.pmml model.onnx --precision portable --ml-opset 3",
)


class PrecisionChoice(StrEnum):
    """What `--precision` takes."""

    exact = "exact"
    portable = "portable"


Source = Annotated[Path, typer.Argument(metavar="SOURCE", help="The model to convert.")]
Target = Annotated[Path, typer.Argument(metavar="TARGET", help="The file to write; its suffix names the format.")]
Engine = Annotated[
    str | None,
    typer.Option("--engine", help="The converter that must be used.", autocompletion=completing.engines),
]
Via = Annotated[
    str | None,
    typer.Option("--via", help="A format that must be passed on the way.", autocompletion=completing.formats),
]
Opset = Annotated[int | None, typer.Option("--opset", metavar="N", min=1, help="Highest ONNX opset to use.")]
MlOpset = Annotated[int | None, typer.Option("--ml-opset", metavar="N", min=1, help="Highest ai.onnx.ml opset.")]
IrVersion = Annotated[int | None, typer.Option("--ir-version", metavar="N", min=3, help="Highest ONNX IR version.")]
_Exact = "[bold]exact[/bold] computes in the original's arithmetic; [bold]portable[/bold] in float32, with notes."


def convert(
    source: Source,
    target: Target,
    data: options.Data = None,
    engine: Engine = None,
    via: Via = None,
    precision: Annotated[PrecisionChoice, typer.Option("--precision", help=_Exact)] = PrecisionChoice.exact,
    opset: Opset = None,
    ml_opset: MlOpset = None,
    ir_version: IrVersion = None,
    no_verify: Annotated[bool, typer.Option("--no-verify", help="Do not compare with the original.")] = False,
    keep: Annotated[bool, typer.Option("--keep", help="Leave a target that failed the comparison.")] = False,
    ignore: options.Ignore = None,
    force: options.Force = False,
    trust: options.Trust = None,
    json: options.Json = False,
    verbose: options.Verbose = False,
) -> int:
    """Convert a model, and compare the result with the original.

    The target appears only if every answer agrees, on your rows and on generated ones.
    """
    from modelport import api
    from modelport.cli import output
    from modelport.cli.progress import stages

    with stages(f"{source.name} → {target.name}") as step:
        found = api.convert(
            source,
            target,
            data=data,
            engine=engine,
            via=via,
            precision=precision.value,
            opset=opset,
            ml_opset=ml_opset,
            ir_version=ir_version,
            verify=not no_verify,
            settings=comparing.settings(ignore=ignore),
            keep=keep,
            force=force,
            trust=trust or (),
            step=step,
        )
    if json:
        output.emit(_document(found, source))
    _show(found, source, target, verbose)
    return found.report.exit_code if found.report else 0


def _document(found: Any, source: Path) -> dict[str, Any]:
    return {
        "source": str(source),
        "target": str(found.path),
        "route": str(found.route),
        "engines": list(found.route.engines),
        "notes": [note.to_json() for note in found.notes],
        "seconds": found.seconds,
        "report": found.report.to_json() if found.report else None,
        "exit_code": found.report.exit_code if found.report else 0,
    }


def _show(found: Any, source: Path, target: Path, verbose: bool) -> None:
    from modelport.cli import output

    good = found.report is None or found.report.passed
    mark = "[green]✓[/green]" if good else "[red]✗[/red]"
    exact = "exact" if not found.notes else f"{len(found.notes)} note{'s' if len(found.notes) > 1 else ''}"
    size = output.size(target.stat().st_size)
    output.say(f"{mark} {output.escape(source)} → [bold]{output.escape(target)}[/bold] [dim]({size}, {exact})[/dim]")
    for note in found.notes:
        output.say(f"  [yellow]{note.kind.value}[/yellow] {output.escape(note.where)}: {output.escape(note.what)}")
    verdict = found.report.sentence() if found.report else "Not compared with the original (--no-verify)."
    output.say(f"  {output.escape(verdict)}")
    if verbose:
        _show_stages(found)


def _show_stages(found: Any) -> None:
    from modelport.cli import output

    stages = " · ".join(f"{name} {seconds:.2f} s" for name, seconds in found.seconds.items())
    output.say(f"  [dim]route: {output.escape(found.route)} (cost {found.route.cost})[/dim]")
    output.say(f"  [dim]{stages}[/dim]")
