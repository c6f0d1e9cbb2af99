"""Policy files: the settings of a project, in `modelport.toml` or under `[tool.modelport]` of `pyproject.toml`.

[parity]                      # in pyproject.toml: [tool.modelport.parity]
rtol = 1e-6
strata = ["data", "boundary"]

[parity.outputs."probability(*)"]
atol = 1e-4
"""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from modelport.errors import InputError, UsageError
from modelport.parity.settings import Settings

NAMES = ("modelport.toml", "pyproject.toml")
TABLE = "parity"


def settings_here(folder: Path | None = None, **overrides: Any) -> Settings:
    """Settings of the nearest policy file, in a folder or above it, with some of them overridden.

    Args:
        folder: where to begin; the current one by default.
        overrides: settings that win over the file.

    Raises:
        InputError: a policy file is no TOML.
        UsageError: it holds a setting that does not exist, or one out of its range; the file is named.
    """
    found = find(folder or Path.cwd())
    if found is None:
        return Settings(**overrides)
    path, table = found
    try:
        return Settings.from_json({**table, **{k: v for k, v in overrides.items() if k != "outputs"}}).with_(
            **({"outputs": overrides["outputs"]} if "outputs" in overrides else {})
        )
    except UsageError as error:
        raise UsageError(error.what, where=str(path), hint=error.hint) from error
    except TypeError as error:
        raise UsageError(f"a setting has a value of the wrong type: {error}", where=str(path)) from error


def find(folder: Path) -> tuple[Path, Mapping[str, Any]] | None:
    """The nearest file with a policy and its table; None if there is none up to the root.

    Raises:
        InputError: a file on the way is no TOML.
    """
    for place in (folder.resolve(), *folder.resolve().parents):
        for name in NAMES:
            table = _table(place / name)
            if table is not None:
                return place / name, table
    return None


def _table(path: Path) -> Mapping[str, Any] | None:
    try:
        text = path.read_bytes().decode()
    except (FileNotFoundError, NotADirectoryError, PermissionError):
        return None
    try:
        document = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"this policy file is no TOML: {error}", where=str(path)) from error
    if path.name == "pyproject.toml":
        document = document.get("tool", {}).get("modelport", {})
    table = document.get(TABLE)
    if table is not None and not isinstance(table, dict):
        raise UsageError(f"[{TABLE}] must be a table", where=str(path))
    return table
