"""`modelport doctor`: what is installed, and the command that adds what is not."""

from dataclasses import asdict
from typing import Any

from modelport.cli import options

EXAMPLES = ("modelport doctor", "modelport doctor --json > environment.json")


def doctor(json: options.Json = False) -> None:
    """Show what is installed, at which version, and the command that adds what is missing."""
    from modelport import api
    from modelport.cli import output

    found = api.doctor()
    if json:
        output.emit({"parts": [asdict(part) for part in found]})
    else:
        _show(found)


def _show(found: list[Any]) -> None:
    from modelport.cli import output
    from modelport.cli.tables import table

    shown = table("", "name", "version", "licence", "to add it")
    for kind in dict.fromkeys(part.kind for part in found):
        shown.add_section()
        for i, part in enumerate(part for part in found if part.kind == kind):
            mark = "[yellow]○[/yellow]" if part.install else "[green]●[/green]"
            version = part.version or ("[yellow]missing[/yellow]" if part.install else "")
            install = output.escape(part.install or "")
            shown.add_row(f"{kind if i == 0 else '':9}{mark}", part.name, version, part.licence or "", install)
    output.console().print(shown)
    missing = sum(bool(part.install) for part in found)
    verdict = "everything is installed" if not missing else f"{missing} of {len(found)} not installed; none is needed"
    output.say(f"[dim]{verdict}[/dim]")
