"""`modelport score`: a file of rows in, a file of answers out."""

from pathlib import Path
from typing import Annotated, Any

import typer

from modelport.cli import completing, options

EXAMPLES = (
    "modelport score model.onnx rows.parquet -o scores.parquet --key id",
    "modelport score model.mport rows.csv -o scores.csv --ignore target",
)

_RUNTIME, _KIND = "The runtime that scores.", "Which model of a bundle to use."

Source = Annotated[Path, typer.Argument(metavar="MODEL_OR_BUNDLE", help="A model, or a bundle of some.")]
Rows = Annotated[Path, typer.Argument(metavar="DATA", help="Rows: Parquet, CSV, Feather or JSON lines.")]
Output = Annotated[Path, typer.Option("--output", "-o", metavar="OUT", help="Where the answers go; as DATA.")]
Keys = Annotated[
    list[str] | None,
    typer.Option("--key", "-k", metavar="COLUMN", help="A column of DATA to write beside the answers; repeatable."),
]
Runtime = Annotated[
    str | None, typer.Option("--runtime", "-r", metavar="NAME", help=_RUNTIME, autocompletion=completing.runtimes)
]
Kind = Annotated[str | None, typer.Option("--format", metavar="NAME", help=_KIND, autocompletion=completing.formats)]


def score(
    source: Source,
    rows: Rows,
    output: Output,
    key: Keys = None,
    ignore: options.Ignore = None,
    runtime: Runtime = None,
    kind: Kind = None,
    force: options.Force = False,
    trust: options.Trust = None,
    isolate: options.Isolate = None,
    json: options.Json = False,
) -> None:
    """Score rows with a model or a bundle; any number of rows in little memory."""
    from modelport import api
    from modelport.cli import output as out
    from modelport.cli.progress import rows as progress_of_rows

    with progress_of_rows(f"scoring {rows.name}") as progress:
        found = api.score(
            source,
            rows,
            output,
            keys=key or (),
            ignore=ignore or (),
            runtime=runtime,
            kind=kind,
            force=force,
            trust=trust or (),
            isolate=isolate,
            progress=progress,
        )
    if json:
        out.emit(_document(found))
    columns = ", ".join(found.columns[:6]) + (", …" if len(found.columns) > 6 else "")
    out.say(f"[green]✓[/green] [bold]{out.escape(found.path)}[/bold] [dim]({found.rows:,} rows)[/dim]")
    out.say(f"  [dim]{out.escape(columns)}; {out.escape(found.model)} in {found.runtime}[/dim]")
    for note in found.notes:
        out.say(f"  [dim]repaired: {out.escape(note)}[/dim]")


def _document(found: Any) -> dict[str, Any]:
    return {
        "output": str(found.path),
        "rows": found.rows,
        "columns": list(found.columns),
        "model": found.model,
        "runtime": found.runtime,
        "notes": list(found.notes),
    }
