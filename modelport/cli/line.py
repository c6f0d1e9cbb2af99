"""The command line that is running, for reports that say how to repeat them."""

import shlex
from collections.abc import Sequence
from contextvars import ContextVar

_ARGUMENTS: ContextVar[tuple[str, ...]] = ContextVar("arguments", default=())


def remember(arguments: Sequence[str]) -> None:
    """Keeps what follows `modelport` on the command line."""
    _ARGUMENTS.set(tuple(arguments))


def command_line() -> str | None:
    """The command as a person would type it; None where no command is running."""
    given = _ARGUMENTS.get()
    return shlex.join(["modelport", *given]) if given else None
