"""`modelport sign`: a signature beside a bundle, made offline."""

from pathlib import Path
from typing import Annotated

import typer

from modelport.cli import options

EXAMPLES = (
    "modelport sign model.mport --key key.pem",
    "modelport sign model.mport --key key.pem --cert signer.pem --chain between.pem",
)


def sign(
    bundle: Annotated[Path, typer.Argument(metavar="NAME.mport", help="The bundle.")],
    key: Annotated[Path, typer.Option("--key", metavar="FILE", help="The private key: PEM, elliptic curve.")],
    cert: Annotated[
        Path | None, typer.Option("--cert", metavar="FILE", help="The certificate of its public key (PEM).")
    ] = None,
    chain: Annotated[
        list[Path] | None,
        typer.Option("--chain", metavar="FILE", help="A certificate between it and the root; may be repeated."),
    ] = None,
    password_file: Annotated[
        Path | None, typer.Option("--password-file", metavar="FILE", help="Holds the password of the key.")
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="The signature, if not NAME.mport.sig.")
    ] = None,
    force: options.Force = False,
    json: options.Json = False,
) -> None:
    """Sign a bundle, with a key or a certificate, into NAME.mport.sig beside it.

    Nothing is asked of a network. Verify with `modelport check NAME.mport --key PUBLIC`.
    """
    from modelport import api
    from modelport.cli import output as out
    from modelport.cli.progress import stages

    password = _password(password_file)
    with stages(f"signing {bundle.name}"):
        found = api.sign(
            bundle, key, certificate=cert, chain=chain or (), password=password, output=output, force=force
        )
    if json:
        out.emit({"bundle": str(bundle)} | found.to_json())
    out.say(f"[green]✓[/green] [bold]{out.escape(found.path)}[/bold]")
    out.say(f"  [dim]of {out.escape(bundle.name)}, SHA-256 {found.sha256}[/dim]")
    out.say(f"  [dim]by the {found.kind} {out.escape(found.signer)}[/dim]")


def _password(path: Path | None) -> str | None:
    from modelport.errors import InputError

    if path is None:
        return None
    try:
        return path.read_text().rstrip("\r\n")
    except (OSError, ValueError) as error:
        raise InputError("the password cannot be read", where=str(path)) from error
