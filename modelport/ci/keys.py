"""When a result may be used again: everything it depends on, as one digest."""

import json
import platform
import re
import sys
from collections.abc import Iterable
from functools import cache
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, entry_points, requires, version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from modelport._version import __version__
from modelport.ci.spec import ModelSpec
from modelport.contents import digest, digest_of_data, digest_of_files

LAYOUT = 1
"""Of what a result consists; a result of another layout is not used."""

_GROUPS = ("modelport.plugins", "modelport.lowerings")


def key_of(spec: ModelSpec, folder: Path) -> str:
    """The digest of the declaration, the contents of every file it names, modelport itself and every library.

    Raises:
        InputError: a file is missing or cannot be read.
    """
    files = {name: digest(folder / name) for name in (spec.source, *spec.candidates)}
    data = digest_of_data(folder / spec.data) if spec.data else None
    held = {"layout": LAYOUT, "spec": spec.to_json(), "files": files, "data": data, "code": _trusted(spec.trust)}
    return sha256(json.dumps(held | _machine(), sort_keys=True).encode()).hexdigest()


@cache
def _machine() -> dict[str, Any]:
    """What computes: the platform, the libraries, and modelport with its plugins, by their code."""
    return {
        "platform": [sys.platform, platform.machine(), platform.python_version()],
        "modelport": [__version__, _code("modelport")],
        "plugins": _plugins(),
        "libraries": _libraries(),
    }


def _libraries() -> dict[str, str]:
    """Every distribution that modelport needs or can use, at the version that is installed."""
    wanted = (re.split(r"[^A-Za-z0-9._-]", line, maxsplit=1)[0] for line in requires("modelport") or ())
    return {name: found for name in sorted(set(wanted)) if (found := _version(name)) is not None}


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _plugins() -> dict[str, str]:
    points = [point for group in _GROUPS for point in entry_points(group=group)]
    return {point.value: _code(point.value.partition(":")[0].partition(".")[0]) for point in points}


def _trusted(names: Iterable[str]) -> dict[str, str]:
    """The code that a pickle may run: a model's own classes change its answers as much as its file does."""
    return {name: _code(name.partition(".")[0]) for name in sorted(names)}


@cache
def _code(package: str) -> str:
    """Digest of the Python files of a top-level package or module; "" where there is none to read."""
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        return ""
    origin = Path(spec.origin)
    if origin.name != "__init__.py":
        return digest(origin) if origin.is_file() else ""
    return digest_of_files(origin.parent.rglob("*.py"), origin.parent)
