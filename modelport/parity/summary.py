"""What pictures are drawn from: one output of a pair over one kind of rows, summarised in bounded space."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from modelport.parity.jsonable import decode, encode

Counts = Mapping[int, int]
"""Power of two → rows whose size lies in `[2^k, 2^(k+1))`; see `INFINITE`."""

INFINITE = 1024
"""The power of two under which infinite distances are counted."""


@dataclass(frozen=True, slots=True)
class Point:
    """One sampled row of an output: both answers, and whether they count as different."""

    reference: float
    candidate: float
    different: bool


@dataclass(frozen=True, slots=True)
class ColumnSummary:
    """One output.

    Attributes:
        identical: rows with the same value on both sides, missing on both included.
        one_side: rows with a missing value on one side only.
        distances: |difference| by powers of two, of rows that are not identical.
        beyond: the same of those that count as different.
        steps: floating-point steps between the two sides, by powers of two.
        points: a sample of rows, fair, and with rows that differ over-represented.
        flips: for labels: (reference, candidate) → rows, most frequent first; others under `(None, None)`.
    """

    identical: int = 0
    one_side: int = 0
    distances: Counts = field(default_factory=dict)
    beyond: Counts = field(default_factory=dict)
    steps: Counts = field(default_factory=dict)
    points: tuple[Point, ...] = ()
    flips: tuple[tuple[str | None, str | None, int], ...] = ()

    def to_json(self) -> dict[str, Any]:
        return {
            "identical": self.identical,
            "one_side": self.one_side,
            "distances": _pairs(self.distances),
            "beyond": _pairs(self.beyond),
            "steps": _pairs(self.steps),
            "points": [[encode(p.reference), encode(p.candidate), p.different] for p in self.points],
            "flips": [list(item) for item in self.flips],
        }

    @staticmethod
    def from_json(raw: Mapping[str, Any]) -> "ColumnSummary":
        return ColumnSummary(
            raw["identical"],
            raw["one_side"],
            dict(raw["distances"]),
            dict(raw["beyond"]),
            dict(raw["steps"]),
            points=tuple(Point(decode(a), decode(b), bad) for a, b, bad in raw["points"]),
            flips=tuple((a, b, count) for a, b, count in raw["flips"]),
        )


def _pairs(counts: Counts) -> list[list[int]]:
    return [[power, rows] for power, rows in sorted(counts.items())]
