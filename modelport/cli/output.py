"""Where output goes: one JSON document on standard output, everything for people on standard error."""

import json
import re
import sys
from functools import cache
from typing import TYPE_CHECKING, Any

from modelport.errors import ModelportError

if TYPE_CHECKING:
    from rich.console import Console

_PIPED_WIDTH = 160
"""Characters a line where there is no terminal: logs are searched, so lines should not be broken."""


@cache
def console() -> "Console":
    """The console for people: standard error, colours only on a terminal."""
    from rich.console import Console

    found = Console(stderr=True, highlight=False)
    return found if found.is_terminal else Console(stderr=True, highlight=False, width=_PIPED_WIDTH)


def emit(document: Any) -> None:
    """Prints the one machine-readable document of a run."""
    print(json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False))
    sys.stdout.flush()


def say(text: str) -> None:
    """A line for people, with rich's markup; long lines are not broken."""
    console().print(text, soft_wrap=True)


def show_error(error: ModelportError) -> None:
    """One line that says what happened and where, and one that says what to do."""
    from rich.text import Text

    line = Text.assemble(("error: ", "bold red"), visible(error.what))
    if error.where and error.where not in error.what:
        line.append(f" ({visible(error.where)})", "dim")
    console().print(line, soft_wrap=True)
    if error.hint:
        console().print(Text.assemble(("  → ", "cyan"), visible(error.hint)), soft_wrap=True)


def escape(text: object) -> str:
    """Text from a file or a person, safe to stand in markup."""
    from rich.markup import escape as rich_escape

    return rich_escape(visible(str(text)))


_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
"""What moves the cursor, changes the terminal, or turns the direction of text."""


def visible(text: str) -> str:
    """Text from a file in which nothing commands the terminal: such characters are written as `\\x1b`."""
    return _CONTROL.sub(lambda found: repr(found.group())[1:-1], text)


def size(count: int) -> str:
    """`812 B`, `3.4 kB`, `1.2 MB`."""
    if count < 1000:
        return f"{count} B"
    amount = float(count)
    for unit in ("kB", "MB", "GB"):
        amount /= 1000
        if amount < 1000 or unit == "GB":
            break
    return f"{amount:.1f} {unit}"
