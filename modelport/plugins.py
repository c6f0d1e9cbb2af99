"""Plugins: what a format room offers the core, found through entry points and loaded only when used.

A room exposes one `Plugin`, a literal table of its formats, converters and runtimes, under the entry-point
group `modelport.plugins`. The table itself imports nothing heavy: its callables are `lazy("module:name")`,
which import on the first call. A third party adds a format the same way, from its own distribution.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.metadata import entry_points
from importlib.util import find_spec
from typing import Any

from modelport.errors import MissingExtra

GROUP = "modelport.plugins"


@dataclass(frozen=True, slots=True)
class Lazy:
    """A callable named by `module:attribute`, imported when it is first called."""

    target: str

    def resolve(self) -> Callable[..., Any]:
        module, _, name = self.target.partition(":")
        found: Callable[..., Any] = getattr(import_module(module), name)
        return found

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self.resolve()(*args, **kwargs)


def lazy(target: str) -> Lazy:
    """`lazy("modelport_onnx.file:read")`: a callable that imports its module on the first call."""
    return Lazy(target)


def absent(modules: Iterable[str]) -> tuple[str, ...]:
    """Those of the named top-level modules that are not installed; none of them is imported."""
    return tuple(module for module in modules if find_spec(module) is None)


def install_command(extra: str) -> str:
    """The command that adds an extra."""
    return f'pip install "modelport[{extra}]"'


def require(modules: Iterable[str], extra: str, purpose: str) -> None:
    """Checks that modules are installed before work that needs them begins.

    Raises:
        MissingExtra: names what is absent and the command that installs it.
    """
    missing = absent(modules)
    if missing:
        raise MissingExtra(f"{purpose} needs {', '.join(missing)}", hint=install_command(extra))


@cache
def plugins() -> tuple[Any, ...]:
    """Every installed `Plugin`, in the order of their entry-point names."""
    found = sorted(entry_points(group=GROUP), key=lambda point: point.name)
    return tuple(point.load() for point in found)
