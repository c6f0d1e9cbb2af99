"""A project's own settings: `modelport.toml`, or `[tool.modelport]` of `pyproject.toml`, nearest first.

Settings are looked for from a folder upwards, the current one by default: they belong to whoever runs modelport,
never to the file that is read. A `modelport.toml` beside somebody's model says nothing, unless one works there.
"""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from modelport.errors import InputError, UsageError

NAMES = ("modelport.toml", "pyproject.toml")


def find(name: str, folder: Path | None = None) -> tuple[Path, Mapping[str, Any]] | None:
    """The nearest settings file that has a table of this name, and the table; None if there is none up to the root.

    Args:
        name: of the table: `parity` is `[parity]`, and `[tool.modelport.parity]` in pyproject.toml.
        folder: where to begin; the current one by default.

    Raises:
        InputError: a settings file on the way is no TOML.
        UsageError: the name stands for something other than a table.
    """
    start = (folder or Path.cwd()).resolve()
    for place in (start, *start.parents):
        for file in NAMES:
            table = _table(place / file, name)
            if table is not None:
                return place / file, table
    return None


def _table(path: Path, name: str) -> Mapping[str, Any] | None:
    table = _document(path).get(name)
    if table is not None and not isinstance(table, dict):
        raise UsageError(f"[{name}] must be a table", where=str(path))
    return table


def _document(path: Path) -> Mapping[str, Any]:
    try:
        text = path.read_bytes().decode()
    except (FileNotFoundError, NotADirectoryError, PermissionError):
        return {}
    try:
        document = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"this policy file is no TOML: {error}", where=str(path)) from error
    mine = document.get("tool", {}).get("modelport", {}) if path.name == "pyproject.toml" else document
    if not isinstance(mine, dict):
        raise UsageError("[tool.modelport] must be a table", where=str(path))
    return mine
