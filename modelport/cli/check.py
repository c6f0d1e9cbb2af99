"""`modelport check`: whether a bundle is what was built, and still answers the same here."""

from pathlib import Path
from typing import Annotated, Any

import typer

from modelport.cli import options

EXAMPLES = (
    "modelport check model.mport",
    "modelport check model.mport --runtime jpmml --json",
    "modelport check model.mport --key public.pem",
    "modelport check model.mport --root company-ca.pem",
)

_PANEL = "Signature"
Key = Annotated[
    Path | None,
    typer.Option(
        "--key", metavar="FILE", help="The public key (PEM) of who must have signed it.", rich_help_panel=_PANEL
    ),
]
Roots = Annotated[
    list[Path] | None,
    typer.Option(
        "--root",
        metavar="FILE",
        help="A root certificate (PEM) that the signer's must lead to; may be repeated.",
        rich_help_panel=_PANEL,
    ),
]
SignatureFile = Annotated[
    Path | None,
    typer.Option("--signature", metavar="FILE", help="The signature, if not NAME.mport.sig.", rich_help_panel=_PANEL),
]


def check(
    bundle: Annotated[Path, typer.Argument(metavar="NAME.mport", help="The bundle.")],
    runtime: options.Runtimes = None,
    trust: options.Trust = None,
    key: Key = None,
    root: Roots = None,
    signature: SignatureFile = None,
    json: options.Json = False,
) -> int:
    """Verify every byte of a bundle, and re-run its golden rows in the runtimes present.

    Runtimes that start a JVM run only when asked for with --runtime, or when nothing else can run. With --key or
    --root the signature is verified first; without a signature that holds, nothing else is looked at.
    """
    from modelport import api
    from modelport.cli import output
    from modelport.cli.progress import stages

    with stages(f"checking {bundle.name}"):
        report = api.check(
            bundle, runtimes=runtime or None, trust=trust or (), key=key, roots=root or (), signature=signature
        )
    if json:
        output.emit(report.to_json() | {"exit_code": report.exit_code})
    _show(report)
    code: int = report.exit_code
    return code


_MARKS = {"matches": "[green]✓[/green]", "not run": "[dim]○[/dim]"}


def _show(report: Any) -> None:
    from modelport.cli import output
    from modelport.cli.tables import table

    mark = "[green]✓[/green]" if report.passed else "[red]✗[/red]"
    output.say(f"{mark} [bold]{output.escape(report.path)}[/bold] [dim]({output.size(report.bytes)})[/dim]")
    output.say(f"  {output.escape(report.sentence())}")
    if report.signed:
        output.say(
            f"  [green]signed[/green] by the {report.signed.kind} [dim]{output.escape(report.signed.signer)}[/dim]"
        )
    elif report.path.with_name(report.path.name + ".sig").exists():
        output.say("  [yellow]○[/yellow] its signature was not verified: pass --key or --root")
    shown = table("", "model", "runtime", "built with", "here", "golden rows", "time", right=("time",))
    for run in report.runs:
        detail = output.escape(run.detail or "")
        outcome = run.outcome if not detail else f"{run.outcome}: {detail}"
        seconds = f"{run.seconds:.2f} s" if run.outcome != "not run" else ""
        versions = (run.then or "", run.now or "")
        mark = _MARKS.get(run.outcome, "[red]✗[/red]")
        shown.add_row(mark, output.escape(run.model), run.runtime, *versions, outcome, seconds)
    output.console().print(shown)
