"""The environment lock: exact versions of everything that took part, as a requirements file without any address.

`pip install -r requirements.txt` in a fresh environment of the same Python gives the runtimes that recorded the golden
rows. Versions are those of the distributions' own metadata; what a platform or a Python needs beside them is told by
the markers of their requirements, evaluated here.
"""

import platform
from collections.abc import Iterable, Mapping
from importlib import metadata

_NOTE = "# Exact versions of what built this bundle; install them with: pip install -r requirements.txt\n"


def closure(roots: Iterable[str]) -> dict[str, str]:
    """Distribution → version of some distributions and of all that they require, by canonical name.

    Requirements of extras are left out: what of them was used is among the roots.
    """
    from packaging.requirements import InvalidRequirement, Requirement
    from packaging.utils import canonicalize_name

    found: dict[str, str] = {}
    waiting = [canonicalize_name(name) for name in roots]
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        try:
            about = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            continue
        found[name] = about.version
        for text in about.requires or ():
            try:
                needed = Requirement(text)
            except InvalidRequirement:
                continue
            if needed.marker is None or needed.marker.evaluate({"extra": ""}):
                waiting.append(canonicalize_name(needed.name))
    return dict(sorted(found.items()))


def requirements(locked: Mapping[str, str]) -> bytes:
    """The lock as a requirements file."""
    python = f"# Python {platform.python_version()}\n"
    return (_NOTE + python + "".join(f"{name}=={version}\n" for name, version in sorted(locked.items()))).encode()
