"""Progress: how a long comparison tells where it is."""

from typing import Protocol


class Progress(Protocol):
    """Called after each batch.

    Args of a call:
        task: what is going on (`data`, `random`, `boundary`, `special`, `looking for jumps` …).
        done: rows so far.
        total: rows in all; None if that is not known.
    """

    def __call__(self, task: str, done: int, total: int | None) -> None: ...


def silent(task: str, done: int, total: int | None) -> None:
    """Tells nobody."""
