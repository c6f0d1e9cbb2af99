"""Options that several verbs share."""

from pathlib import Path
from typing import Annotated

import typer

from modelport.cli import completing

Json = Annotated[bool, typer.Option("--json", help="Print one machine-readable document on standard output.")]
Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="Show the route and how long each stage took.")]
Force = Annotated[bool, typer.Option("--force", "-f", help="Replace a target that exists.")]
Trust = Annotated[
    list[str] | None,
    typer.Option(
        "--trust",
        metavar="NAME",
        help="Let the pickle gate load this global too ([italic]package.module.Name[/italic]); may be repeated.",
    ),
]
Isolate = Annotated[bool | None, typer.Option("--isolate/--no-isolate", help="Score in a process that can be killed.")]
Data = Annotated[
    Path | None,
    typer.Option("--data", "-d", metavar="FILE", help="Rows: Parquet, CSV, Feather or JSON lines."),
]
Runtimes = Annotated[
    list[str] | None,
    typer.Option(
        "--runtime",
        "-r",
        metavar="NAME",
        help="Use only this runtime; may be repeated.",
        autocompletion=completing.runtimes,
    ),
]
Ignore = Annotated[
    list[str] | None,
    typer.Option("--ignore", metavar="COLUMN", help="A column of the data that is not the model's; may be repeated."),
]
