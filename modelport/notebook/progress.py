"""Progress in a notebook: one line below the cell, shown only for work that takes a while, gone when it is done.

It needs no widgets: the output is displayed once and updated in place, which every front end does.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from time import monotonic
from typing import Any

from modelport.notebook import blocks

PATIENCE = 1.0
"""Seconds of work before anything is shown."""

EVERY = 0.2
"""Seconds between two updates."""


def in_notebook() -> bool:
    """Whether the code runs in a kernel whose outputs are displayed; never imports anything."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    return shell is not None and getattr(shell, "kernel", None) is not None


@contextmanager
def shown(given: Any, title: str) -> Iterator[Any]:
    """Whom to tell: the one that was given; else the notebook, where this runs in one; else nobody.

    Args:
        title: what is being done.
    """
    if given is not None or not in_notebook():
        yield given or _nobody
        return
    line = Line(title)
    try:
        yield line
    finally:
        line.close()


def _nobody(task: str, done: int = 0, total: int | None = None) -> None:
    """Tells nobody."""


class Line:
    """The line. It is a `Progress` of comparisons, and a `Step` of conversions."""

    def __init__(self, title: str) -> None:
        self.title = title
        self._began = self._last = monotonic()
        self._handle: Any = None

    def __call__(self, task: str, done: int = 0, total: int | None = None) -> None:
        """Tells where the work is."""
        now = monotonic()
        if now - self._began < PATIENCE or (self._handle is not None and now - self._last < EVERY):
            return
        self._last = now
        self._display(html(f"{self.title}: {task}", done, total, now - self._began))

    def _display(self, text: str) -> None:
        display: Any = import_module("IPython.display")
        if self._handle is None:
            self._handle = display.display(display.HTML(text), display_id=True)
        else:
            self._handle.update(display.HTML(text))

    def close(self) -> None:
        """Takes the line away."""
        if self._handle is not None:
            self._display("")


def html(task: str, done: int, total: int | None, seconds: float) -> str:
    """The line as HTML: what is done, how far it is, how long it took."""
    whole = f'value="{done}" max="{total}"' if total else ""
    rows = f"{done:,} rows" if not total else f"{done:,} of {total:,} rows"
    told = f"{blocks.text(task)} {blocks.dim(rows if done else '')} {blocks.dim(f'{seconds:.0f} s')}"
    return f'<div><progress {whole} aria-label="{blocks.text(task)}"></progress> {told}</div>'
