"""`modelport inspect`: what can be told about a file without running any of its code."""

from pathlib import Path
from typing import Annotated, Any

import typer

from modelport.cli import options

_MOST_COLUMNS = 15
_MOST_TEXT = 2000

EXAMPLES = ("modelport inspect model.pkl", "modelport inspect model.onnx --json")


def inspect(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A model or a bundle.")],
    json: options.Json = False,
) -> None:
    """Tell what a file holds without running any of its code."""
    from modelport import api
    from modelport.cli import output

    found = api.inspect(file)
    if json:
        output.emit(_document(found, file))
    else:
        _show(found, file)


def _document(found: Any, file: Path) -> dict[str, Any]:
    return {
        "file": str(file),
        "format": found.format,
        "kind": found.kind,
        "size": found.size,
        "producer": found.producer,
        "signature": found.signature.to_json() if found.signature else None,
        "steps": [{"name": name, "count": count} for name, count in found.steps],
        "facts": _strict(found.facts),
        "warnings": list(found.warnings),
    }


def _strict(value: Any) -> Any:
    """A fact as strict JSON: what JSON does not know becomes text."""
    if isinstance(value, dict):
        return {str(name): _strict(item) for name, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_strict(item) for item in value]
    known = value is None or isinstance(value, bool | int | str)
    return value if known else str(value)


def _show(found: Any, file: Path) -> None:
    from modelport.cli import output
    from modelport.cli.tables import facts

    rows = [
        ("format", found.format),
        ("producer", found.producer and _text(found.producer)),
        ("size", output.size(found.size)),
    ]
    rows += [(name, _text(value)) for name, value in found.facts.items()]
    steps = _text([f"{name} ×{count}" if count > 1 else name for name, count in found.steps])
    rows += [("steps", steps)]
    output.say(f"[bold]{output.escape(file.name)}[/bold]: {output.escape(found.kind)}")
    output.console().print(facts([(name, value) for name, value in rows if value]))
    if found.signature:
        _show_signature(found.signature)
    for warning in found.warnings:
        output.say(f"[yellow]![/yellow] {output.escape(warning)}")


def _text(value: Any) -> str:
    from modelport.cli import output

    told = output.visible(_joined(value))
    return told if len(told) <= _MOST_TEXT else f"{told[:_MOST_TEXT]} … (--json has all of it)"


def _joined(value: Any) -> str:
    if isinstance(value, list | tuple | set | frozenset):
        return ", ".join(str(item) for item in value)
    if isinstance(value, dict):
        return ", ".join(f"{name} {item}" for name, item in value.items())
    return str(value)


def _show_signature(signature: Any) -> None:
    from modelport.cli import output
    from modelport.cli.tables import table
    from modelport.signature import type_name

    shown = table("", "column", "type", "missing", "values")
    for side, columns in (("in", signature.inputs), ("out", signature.outputs)):
        for i, column in enumerate(columns[:_MOST_COLUMNS]):
            known = ", ".join(str(item) for item in (column.categories or ())[:8])
            more = ", …" if len(column.categories or ()) > 8 else ""
            nullable = "may be" if column.nullable else ""
            shown.add_row(
                side if i == 0 else "", output.escape(column.name), type_name(column.type), nullable, known + more
            )
        if len(columns) > _MOST_COLUMNS:
            shown.add_row("", f"[dim]… {len(columns) - _MOST_COLUMNS} more; --json has them all[/dim]")
        shown.add_section()
    output.console().print(shown)
