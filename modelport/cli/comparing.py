"""Options of a comparison, shared by the verbs that compare."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from modelport.cli import completing

if TYPE_CHECKING:
    from modelport.parity.settings import Settings

_PANEL = "How to compare"

Atol = Annotated[
    float, typer.Option("--atol", min=0, help="Absolute difference a number may have.", rich_help_panel=_PANEL)
]
Rtol = Annotated[
    float, typer.Option("--rtol", min=0, help="Difference relative to the reference.", rich_help_panel=_PANEL)
]
Ulps = Annotated[
    int, typer.Option("--ulps", min=0, help="Floating-point steps a number may be away.", rich_help_panel=_PANEL)
]
Rows = Annotated[int, typer.Option("--rows", min=1, help="Rows of each generated kind.", rich_help_panel=_PANEL)]
Seed = Annotated[
    int, typer.Option("--seed", help="Of the generated rows; same seed, same rows.", rich_help_panel=_PANEL)
]
Strata = Annotated[
    list[str] | None,
    typer.Option(
        "--strata",
        metavar="KIND",
        help="Kinds of rows: data, random, boundary, special; comma-separated or repeated.",
        rich_help_panel=_PANEL,
        autocompletion=completing.strata,
    ),
]
IgnoreOutputs = Annotated[
    list[str] | None,
    typer.Option(
        "--ignore-output", metavar="OUTPUT", help="An output not to compare; repeatable.", rich_help_panel=_PANEL
    ),
]
Repro = Annotated[
    Path | None,
    typer.Option(
        "--repro",
        metavar="DIR",
        help="Where to write a disagreement to take away: both models, one row, a script.",
        rich_help_panel=_PANEL,
    ),
]


def settings(
    *,
    strata: Sequence[str] | None = None,
    runtimes: Sequence[str] | None = None,
    ignore: Sequence[str] | None = None,
    ignore_outputs: Sequence[str] | None = None,
    **plain: Any,
) -> "Settings":
    """The settings that these options ask for; what was not given comes from the policy file, or keeps its default."""
    from modelport.parity.policy import settings_here
    from modelport.parity.settings import STRATA, Settings

    kinds = tuple(kind.strip() for text in strata or () for kind in text.split(",") if kind.strip())
    asked = {
        "strata": kinds or STRATA,
        "runtimes": tuple(runtimes) if runtimes else None,
        "ignore": tuple(ignore or ()),
        "ignore_outputs": tuple(ignore_outputs or ()),
        **plain,
    }
    usual = Settings()
    return settings_here(**{name: value for name, value in asked.items() if value != getattr(usual, name)})
