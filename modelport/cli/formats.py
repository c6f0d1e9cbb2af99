"""`modelport formats`: what is here, and what an extra would add."""

from typing import Any

from modelport.cli import options

EXAMPLES = ("modelport formats", "modelport formats --json")


def formats(json: options.Json = False) -> None:
    """List the formats, the runtimes that score them, and what an extra would add."""
    from modelport import api
    from modelport.cli import output

    found = [_described(item) for item in api.formats()]
    if json:
        output.emit({"formats": found})
    else:
        _show(found)


def _described(item: Any) -> dict[str, Any]:
    from modelport import api

    return {
        "name": item.name,
        "title": item.title,
        "suffixes": list(item.suffixes),
        "read": True,
        "write": item.write is not None,
        "converts_to": [to.name for to in api.formats() if to is not item and api.routes(item.name, to.name)],
        "runtimes": [
            {"name": one.name, "title": one.title, "install": one.missing(), "licence": one.licence}
            for one in api.runtimes(item.name)
        ],
    }


def _show(found: list[dict[str, Any]]) -> None:
    from modelport.cli import output
    from modelport.cli.tables import table

    shown = table("format", "files", "converts to", "runtimes")
    for item in found:
        names = [_runtime(one) for one in item["runtimes"]]
        targets = ", ".join(item["converts_to"])
        shown.add_row(f"[bold]{item['name']}[/bold]", _files(item["suffixes"]), targets, "\n".join(names))
    output.console().print(shown)
    commands = {one["install"] for item in found for one in item["runtimes"] if one["install"]}
    for command in sorted(commands):
        output.say(f"[dim]to add what is missing:[/dim] {output.escape(command)}")


def _files(suffixes: list[str]) -> str:
    """`.pkl, .joblib` and, below, how they may be compressed."""
    plain = [suffix for suffix in suffixes if suffix.count(".") == 1]
    packed = dict.fromkeys("." + suffix.rpartition(".")[2] for suffix in suffixes if suffix not in plain)
    return ", ".join(plain) + (f"\n[dim]also {' '.join(packed)}[/dim]" if packed else "")


def _runtime(one: dict[str, Any]) -> str:
    licence = f" [dim]({one['licence']})[/dim]" if one["licence"] else ""
    mark = "[yellow]○[/yellow]" if one["install"] else "[green]●[/green]"
    absent = " [yellow]not installed[/yellow]" if one["install"] else ""
    return f"{mark} {one['name']}{licence}{absent}"
