"""What is installed, at which version, and the command that adds what is missing."""

import platform
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, packages_distributions, version

from modelport._version import __version__
from modelport.graph import conversion_graph
from modelport.plugins import absent
from modelport.runtimes import runtimes


@dataclass(frozen=True, slots=True)
class Part:
    """One library, runtime or engine.

    Attributes:
        kind: `platform`, `runtime`, or `engine`.
        name: what it is called here.
        version: of what it stands on, where it is installed.
        install: the command that adds it; None if nothing is missing.
        licence: stated where it is not permissive.
    """

    kind: str
    name: str
    version: str | None
    install: str | None = None
    licence: str | None = None


def parts() -> list[Part]:
    """The platform, then every runtime, then every converter engine that needs more than modelport itself."""
    found = [
        Part("platform", "modelport", __version__),
        Part("platform", "Python", platform.python_version()),
    ]
    found += [Part("runtime", r.name, module_version(r.requires), r.missing(), r.licence) for r in runtimes().values()]
    engines = {c.engine: c for c in conversion_graph().converters if c.requires}
    found += [Part("engine", name, module_version(c.requires), c.missing(), c.licence) for name, c in engines.items()]
    return found


def module_version(modules: tuple[str, ...]) -> str | None:
    """Version of the distribution that brings the first of some modules, if all are installed."""
    if not modules or absent(modules):
        return None
    names = _distributions().get(modules[0], [])
    try:
        return version(names[0]) if names else None
    except PackageNotFoundError:
        return None


@cache
def _distributions() -> dict[str, list[str]]:
    """Top-level module → distributions; scanning every installed one takes a while, so it is done once."""
    return {module: list(names) for module, names in packages_distributions().items()}
