"""The command line as typer sees it: the verbs, in the order that help shows them."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any

import typer

from modelport.cli import (
    check,
    ci,
    convert,
    demo,
    diff,
    doctor,
    export,
    formats,
    inspect,
    package,
    preflight,
    routes,
    score,
    sign,
    verify,
)


@dataclass(frozen=True, slots=True)
class Verb:
    """A verb: its function, and examples that work as they stand.

    Attributes:
        run: the function typer calls; its docstring is the help.
        examples: command lines, shown by `--help`.
        panel: the heading it stands under in `modelport --help`.
    """

    run: Callable[..., Any]
    examples: tuple[str, ...]
    panel: str


_WORK, _LOOK = "Work", "Look"

VERBS: dict[str, Verb] = {
    "demo": Verb(demo.demo, demo.EXAMPLES, "Start here"),
    "convert": Verb(convert.convert, convert.EXAMPLES, _WORK),
    "verify": Verb(verify.verify, verify.EXAMPLES, _WORK),
    "package": Verb(package.package, package.EXAMPLES, _WORK),
    "ci": Verb(ci.ci, ci.EXAMPLES, _WORK),
    "check": Verb(check.check, check.EXAMPLES, _WORK),
    "sign": Verb(sign.sign, sign.EXAMPLES, _WORK),
    "export": Verb(export.export, export.EXAMPLES, _WORK),
    "score": Verb(score.score, score.EXAMPLES, _WORK),
    "inspect": Verb(inspect.inspect, inspect.EXAMPLES, _LOOK),
    "diff": Verb(diff.diff, diff.EXAMPLES, _LOOK),
    "preflight": Verb(preflight.preflight, preflight.EXAMPLES, _LOOK),
    "formats": Verb(formats.formats, formats.EXAMPLES, _LOOK),
    "routes": Verb(routes.routes, routes.EXAMPLES, _LOOK),
    "doctor": Verb(doctor.doctor, doctor.EXAMPLES, _LOOK),
}

_CODES = (
    "Exit codes: 0 it worked, parity holds · 1 parity does not hold · 2 wrong usage · 3 bad input · "
    "4 cannot be converted · 5 refused as unsafe · 6 a runtime or extra is missing · 70 a defect of modelport"
)


def _root(
    version: Annotated[bool, typer.Option("--version", "-V", help="Show the version and exit.")] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show tracebacks; may stand anywhere.")] = False,
) -> None:
    """pandoc for trained models, with evidence attached: pickle, ONNX and PMML, converted exactly or not at all."""
    if version:
        from modelport._version import __version__

        typer.echo(f"modelport {__version__}")
        raise typer.Exit


@cache
def app() -> typer.Typer:
    """The application, with every verb of the table."""
    found = typer.Typer(
        name="modelport",
        rich_markup_mode="rich",
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    found.callback(epilog=_CODES)(_root)
    for name, verb in VERBS.items():
        found.command(name, epilog=_epilog(verb), rich_help_panel=verb.panel)(verb.run)
    return found


def _epilog(verb: Verb) -> str:
    lines = "\n\n".join(f"[cyan]$ {example.replace('[', chr(92) + '[')}[/cyan]" for example in verb.examples)
    return f"[bold]Examples[/bold]\n\n{lines}"
