"""Whole commands timed side by side: A B A B …, so that a machine whose speed drifts changes both."""

import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Ratio:
    """Medians in seconds of two commands, and the median of their pairwise ratios."""

    name: str
    ours: float
    theirs: float
    ratio: float
    goal: str

    def __str__(self) -> str:
        return f"{self.name:52} {self.ours:8.3f} s {self.theirs:8.3f} s   ratio {self.ratio:6.3f}   (goal {self.goal})"


def seconds(command: Sequence[str]) -> float:
    """Wall time of a command, process start included.

    Raises:
        CalledProcessError: it failed, so its time means nothing.
    """
    begin = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - begin


def race(name: str, ours: Sequence[str], theirs: Sequence[str], goal: str, runs: int = 9) -> Ratio:
    """Runs both commands in turn, after one warm-up each."""
    seconds(ours), seconds(theirs)
    pairs = [(seconds(ours), seconds(theirs)) for _ in range(runs)]
    return Ratio(
        name,
        statistics.median(a for a, _ in pairs),
        statistics.median(b for _, b in pairs),
        statistics.median(a / b for a, b in pairs),
        goal,
    )


def python(*arguments: str) -> list[str]:
    return [sys.executable, *arguments]
