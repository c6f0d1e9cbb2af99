"""Options of a comparison, shared by the verbs that compare. What is not given comes from the policy file, if any."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from modelport.cli import completing

if TYPE_CHECKING:
    from modelport.parity.settings import Settings

_PANEL = "How to compare"


def _option(name: str, text: str, **more: Any) -> typer.models.OptionInfo:
    option: typer.models.OptionInfo = typer.Option(name, help=text, rich_help_panel=_PANEL, **more)
    return option


Atol = Annotated[float | None, _option("--atol", "Absolute difference a number may have [1e-9].", metavar="N", min=0)]
Rtol = Annotated[float | None, _option("--rtol", "Difference relative to the reference [1e-9].", metavar="N", min=0)]
Ulps = Annotated[int | None, _option("--ulps", "Floating-point steps a number may be away [0].", metavar="N", min=0)]
Rank = Annotated[
    float | None, _option("--rank", "Share of neighbouring scores that may change places.", metavar="N", min=0)
]
Tolerances = Annotated[
    list[str] | None,
    _option("--tolerance", "Absolute difference for one output, such as 'probability(*)=1e-6'.", metavar="OUTPUT=ATOL"),
]
NoNearTies = Annotated[bool, _option("--no-near-ties", "Labels must be equal even where the reference is undecided.")]
Rows = Annotated[int | None, _option("--rows", "Rows of each generated kind [10,000].", metavar="N", min=1)]
Strict = Annotated[bool, _option("--strict", "Rows that only one side answers are disagreements, special ones too.")]
BoundaryRows = Annotated[
    int | None,
    _option(
        "--boundary-rows",
        "Rows on the places where the models jump; by default as many as all splits need, at most 200,000.",
        metavar="N",
        min=1,
    ),
]
SlowRows = Annotated[int | None, _option("--slow-rows", "The same for slow runtimes [500].", metavar="N", min=1)]
DataRows = Annotated[int | None, _option("--data-rows", "At most so many rows of --data.", metavar="N", min=1)]
Seed = Annotated[int | None, _option("--seed", "Of the generated rows; same seed, same rows [0].", metavar="N")]
Strata = Annotated[
    list[str] | None,
    _option(
        "--strata",
        "Kinds of rows: data, random, boundary, special; comma-separated or repeated.",
        metavar="KIND",
        autocompletion=completing.strata,
    ),
]
IgnoreOutputs = Annotated[
    list[str] | None, _option("--ignore-output", "An output not to compare; may be repeated.", metavar="OUTPUT")
]
Timeout = Annotated[
    float | None, _option("--timeout", "Seconds a runtime may take for one batch [600].", metavar="N", min=0)
]
Isolate = Annotated[bool | None, _option("--isolate/--no-isolate", "Score in processes that can be killed.")]
Resume = Annotated[
    Path | None,
    typer.Option(
        "--resume",
        metavar="FILE",
        help="Keep progress over the data in this file, and go on from it if it is there.",
        rich_help_panel=_PANEL,
    ),
]
Repro = Annotated[
    Path | None,
    _option("--repro", "On a disagreement, write both models, the row and a script that shows it.", metavar="DIR"),
]


def settings(
    *,
    strata: Sequence[str] | None = None,
    tolerance: Sequence[str] | None = None,
    no_near_ties: bool = False,
    strict: bool = False,
    **given: Any,
) -> "Settings":
    """The settings that these options ask for; what was not given is the policy file's, or the default.

    Raises:
        UsageError: a setting out of its range, here or in the policy file.
    """
    from modelport.parity.policy import settings_here

    wanted: dict[str, Any] = {n: tuple(value) if isinstance(value, list) else value for n, value in given.items()}
    wanted["strata"] = tuple(kind.strip() for text in strata or () for kind in text.split(",") if kind.strip())
    if tolerance:
        wanted["outputs"] = dict(_tolerance(text) for text in tolerance)
    if strict:
        wanted["strict"] = True
    if no_near_ties:
        wanted["near_ties"] = False
    return settings_here(None, **{name: value for name, value in wanted.items() if value not in (None, ())})


def _tolerance(text: str) -> tuple[str, Any]:
    from modelport.errors import UsageError
    from modelport.parity.settings import Tolerance

    name, _, number = text.rpartition("=")
    try:
        return name.strip(), Tolerance(atol=float(number), rtol=0.0)
    except ValueError as error:
        hint = "write it as --tolerance 'probability(*)=1e-6'"
        raise UsageError(f"--tolerance {text!r} names no number", hint=hint) from error
