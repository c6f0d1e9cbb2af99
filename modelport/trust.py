"""What the pickle gate lets through besides its own list: the caller's word and the project's settings, nothing else.

    # modelport.toml; in pyproject.toml the table is [tool.modelport.trust]
    [trust]
    globals = ["our_company.steps.Winsorizer"]

The settings are those of the folder one works in and its parents (`project.find`). The folder of the file that is read
is not looked at, nor is anything inside a bundle: whoever made a file must not say that it is safe.
"""

import re
from collections.abc import Iterable
from typing import Any

from modelport import project
from modelport.errors import UsageError

_NAME = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)+")


def trusted(given: Iterable[str] = ()) -> tuple[str, ...]:
    """Globals (`package.module.Name`) that are trusted: those given, then those of the project.

    Raises:
        UsageError: a name that is not one global (whole modules cannot be trusted), or settings of another shape.
        InputError: the settings are no TOML.
    """
    names = [_checked(name, "--trust") for name in given]
    found = project.find("trust")
    if found is not None:
        path, table = found
        names += [_checked(name, str(path)) for name in _globals(table, str(path))]
    return tuple(dict.fromkeys(names))


def _globals(table: Any, where: str) -> list[Any]:
    surplus = next((name for name in table if name != "globals"), None)
    if surplus is not None:
        raise UsageError(f"[trust] has no setting called {surplus!r}", where=where, hint="it has: globals")
    names = table.get("globals", [])
    if not isinstance(names, list):
        raise UsageError("globals of [trust] must be a list of names", where=where, hint='globals = ["package.Name"]')
    return names


def _checked(name: Any, where: str) -> str:
    if not isinstance(name, str) or _NAME.fullmatch(name) is None:
        hint = "name one class or function: package.module.Name"
        raise UsageError(f"{name!r} cannot be trusted: it is not the name of one global", where=where, hint=hint)
    return name
