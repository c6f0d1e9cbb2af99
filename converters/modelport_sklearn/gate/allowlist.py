"""The allow-list: which globals a pickle may name, and what it may do with each.

The list belongs to the loader. Nothing in a file can add to it; `Policy.trust` can.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

Global = tuple[str, str]
"""Module and qualified name."""


class Grant(StrEnum):
    """What a pickle may do with a global.

    `value`: name it, for an attribute to refer to. `new`: also make an instance without arguments and give it its
    state. `call`: also call it.
    """

    VALUE = "value"
    NEW = "new"
    CALL = "call"


@dataclass(frozen=True, slots=True)
class Allowed:
    """The list in force for one load.

    Attributes:
        grants: the reviewed list.
        trusted: what the caller trusts besides, as `package.module.Name`.
    """

    grants: Mapping[Global, Grant]
    trusted: frozenset[str] = frozenset()

    def grant(self, module: str, name: str) -> Grant | None:
        """What may be done with a global; None if it may not even be named."""
        if f"{module}.{name}" in self.trusted:
            return Grant.CALL
        return self.grants.get((module, name))


def allowed(trust: Iterable[str] = ()) -> Allowed:
    """The reviewed list, with what the caller trusts."""
    return Allowed(reviewed(), frozenset(trust))


@cache
def reviewed() -> Mapping[Global, Grant]:
    """`allowed.txt`: one global a line, `grant module name`; `#` begins a comment."""
    text = (files("modelport_sklearn.gate") / "allowed.txt").read_text(encoding="utf-8")
    return dict(entry(line) for line in text.splitlines() if line and not line.startswith("#"))


def entry(line: str) -> tuple[Global, Grant]:
    """One line of the list."""
    grant, module, name = line.split()
    return (module, name), Grant(grant)
