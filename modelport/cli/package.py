"""`modelport package`: models that agree, and the evidence, in one file."""

from pathlib import Path
from typing import Annotated, Any

import typer

from modelport.cli import comparing, options

EXAMPLES = (
    "modelport package model.pkl model.onnx model.pmml -o model.mport --data holdout.parquet",
    "modelport package model.pkl model.onnx -o model.mport --force",
)

Models = Annotated[list[Path], typer.Argument(metavar="MODEL...", help="The models, the reference first.")]
Output = Annotated[Path, typer.Option("--output", "-o", metavar="NAME.mport", help="The bundle to write.")]


def package(
    models: Models,
    output: Output,
    data: options.Data = None,
    ignore: options.Ignore = None,
    atol: comparing.Atol = None,
    rtol: comparing.Rtol = None,
    ulps: comparing.Ulps = None,
    rows: comparing.Rows = None,
    seed: comparing.Seed = None,
    force: options.Force = False,
    trust: options.Trust = None,
    json: options.Json = False,
) -> None:
    """Verify models against the first, and pack them with the evidence into one file.

    Models that do not agree are not packaged.
    """
    from modelport import api
    from modelport.cli import output as out
    from modelport.cli.progress import rows as progress_of_rows
    from modelport.errors import UsageError

    if output.suffix != ".mport":
        raise UsageError("a bundle's name ends in .mport", where=str(output), hint=f"-o {output.stem}.mport")
    chosen = comparing.settings(atol=atol, rtol=rtol, ulps=ulps, rows=rows, seed=seed, ignore=ignore)
    with progress_of_rows("packaging") as progress:
        found = api.package(
            *models, output=output, data=data, settings=chosen, force=force, trust=trust or (), progress=progress
        )
    if json:
        out.emit({"bundle": str(found.path), "size": found.path.stat().st_size, "manifest": found.manifest.to_json()})
    _show(found)


def _show(found: Any) -> None:
    from modelport.cli import output
    from modelport.cli.tables import table

    manifest = found.manifest
    size = output.size(found.path.stat().st_size)
    output.say(f"[green]✓[/green] [bold]{output.escape(found.path)}[/bold] [dim]({size})[/dim]")
    output.say(f"  {output.escape(manifest.parity)}")
    shown = table("model", "format", "size", "sha256", right=("size",))
    for entry in manifest.models:
        about = manifest.files[entry.member]
        shown.add_row(output.escape(entry.name), entry.format, output.size(about["size"]), about["sha256"][:16] + "…")
    output.console().print(shown)
    runs = ", ".join(dict.fromkeys(run.runtime for run in manifest.golden))
    kinds = ", ".join(f"{rows} {name}" for name, rows in manifest.strata)
    output.say(f"  [dim]{manifest.rows} golden rows ({kinds}), recorded in {runs}[/dim]")
