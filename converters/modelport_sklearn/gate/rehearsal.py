"""The rehearsal of pickles and archives: the gate's own load, tried in a confined process (`modelport.rehearsal`)."""

from collections.abc import Callable, Sequence
from typing import Any

from modelport import rehearsal
from modelport.rehearsal import Limits
from modelport_sklearn.gate.allowlist import Allowed, allowed
from modelport_sklearn.gate.load import load, resolve

Loader = Callable[[bytes, Allowed], Any]


def rehearse(data: bytes, grants: Allowed, loader: Loader = load, limits: Limits | None = None) -> None:
    """Loads a file's bytes in a process of its own and throws the result away.

    Args:
        loader: what loads them, a function of a module.

    Raises:
        ModelportError: whatever loading raised.
        Unsafe: loading crashed, took too long or took too much memory.
    """
    told = (sorted(grants.trusted), loader.__module__, loader.__qualname__)
    function = f"{__name__}:{fresh.__name__}"
    rehearsal.rehearse(rehearsal.Load(data, function, told, "pickle", lambda: loader(data, grants)), limits)


def fresh(data: bytes, trusted: Sequence[str], module: str, name: str) -> Any:
    """The same where the process is a fresh interpreter."""
    return resolve(module, name)(data, allowed(trusted))
