"""`modelport export`: a bundle as what a place of deployment takes."""

from pathlib import Path
from typing import Annotated, Any

import typer

from modelport.cli import check, options

EXAMPLES = (
    "modelport export model.mport --to docker -o image",
    "modelport export model.mport --to triton -o repository --name credit-risk",
    "modelport export model.mport --to kserve -o service --storage s3://models/credit-risk/model-repository",
    "modelport export model.mport --to mlflow -o mlflow-model --key public.pem",
)

_MOST_FILES = 12
_TARGETS = "mlflow, triton, kserve, oci, docker or folder"


def export(
    bundle: Annotated[Path, typer.Argument(metavar="NAME.mport", help="The bundle.")],
    to: Annotated[str, typer.Option("--to", metavar="TARGET", help=f"Where it goes: {_TARGETS}.")],
    output: Annotated[Path, typer.Option("--output", "-o", metavar="DIR", help="The folder to write.")],
    name: Annotated[
        str | None, typer.Option("--name", metavar="NAME", help="What the model is called there, if not as the bundle.")
    ] = None,
    storage: Annotated[
        str | None,
        typer.Option("--storage", metavar="URI", help="For kserve: where the cluster finds the model repository."),
    ] = None,
    force: options.Force = False,
    trust: options.Trust = None,
    key: check.Key = None,
    root: check.Roots = None,
    signature: check.SignatureFile = None,
    json: options.Json = False,
) -> None:
    """Check a bundle, and write it as what a place of deployment takes.

    A bundle that does not check is not exported. The folder is there whole or not at all, and the same bundle gives the
    same files.
    """
    from modelport import api
    from modelport.cli import output as out
    from modelport.cli.progress import stages

    with stages(f"exporting {bundle.name}"):
        found = api.export(
            bundle,
            output,
            to=to,
            name=name,
            storage=storage,
            trust=trust or (),
            key=key,
            roots=root or (),
            signature=signature,
            force=force,
        )
    if json:
        out.emit(found.to_json())
    _show(found, api.targets()[found.target])


def _show(found: Any, title: str) -> None:
    from modelport.cli import output
    from modelport.cli.tables import table

    total = sum(about["size"] for about in found.files.values())
    output.say(f"[green]✓[/green] [bold]{output.escape(found.path)}[/bold] [dim]({output.size(total)})[/dim]")
    output.say(f"  {output.escape(title)}, called {output.escape(found.name)}")
    shown = table("file", "size", "sha256", right=("size",))
    for path, about in list(found.files.items())[:_MOST_FILES]:
        shown.add_row(output.escape(path), output.size(about["size"]), about["sha256"][:16] + "…")
    left = len(found.files) - _MOST_FILES
    if left > 0:
        shown.add_row(f"[dim]… {left} more; --json has them all[/dim]")
    output.console().print(shown)
    output.say(f"  [dim]next:[/dim] {output.escape(found.next)}")
