"""The exact versions of what made a bundle."""

import platform
from collections.abc import Iterable
from functools import cache
from importlib.metadata import PackageNotFoundError, packages_distributions, version

from modelport._version import __version__
from modelport.runtimes import Runtime, runtimes

_CORE = ("numpy", "pyarrow")


@cache
def _distributions() -> dict[str, list[str]]:
    return {module: sorted(set(names)) for module, names in packages_distributions().items()}


def versions(modules: Iterable[str]) -> dict[str, str]:
    """Distribution → version of what provides these top-level modules; absent ones are left out."""
    found: dict[str, str] = {}
    for module in modules:
        for name in _distributions().get(module, [module]):
            try:
                found[name] = version(name)
            except PackageNotFoundError:
                continue
    return dict(sorted(found.items()))


def made_with(used: Iterable[Runtime]) -> dict[str, str]:
    """modelport, Python, the core's libraries and those of the runtimes that took part."""
    needed = [module for item in used for module in item.requires]
    own = {"modelport": __version__, "python": platform.python_version()}
    return own | versions((*_CORE, *needed))


def runtime_version(name: str) -> str | None:
    """The version of the library that is a runtime: the first of the modules it requires."""
    found = runtimes().get(name)
    if found is None or not found.requires:
        return None
    return next(iter(versions(found.requires[:1]).values()), None)
