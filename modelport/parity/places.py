"""Places: which rows of a stratum differ. Exactly, while they are few or lie together; by a digest in any case."""

from dataclasses import dataclass, field

import numpy as np

from modelport.parity.floats import Array

MOST = 500
"""Ranges that are kept; what lies beyond them is known by the digest alone."""

_WORD = 2**64
_OPEN = "#"


@dataclass(slots=True)
class Places:
    """Row numbers, gathered in ascending order, batch by batch.

    Attributes:
        ranges: [first, last] of runs of rows, at most `MOST`.
        digest: of every row added, whatever the batches: the sum of a hash of each, modulo 2^64.
        whole: whether `ranges` holds every row.
    """

    ranges: list[list[int]] = field(default_factory=list)
    digest: int = 0
    whole: bool = True

    def add(self, rows: Array) -> None:
        """Adds rows, ascending and beyond those before.

        Args:
            rows: [N] row numbers, int64.
        """
        if not len(rows):
            return
        self.digest = (self.digest + int(_hashed(rows).sum(dtype=np.uint64))) % _WORD
        cuts = np.flatnonzero(np.diff(rows) != 1)
        firsts = rows[np.concatenate([[0], cuts + 1])].tolist()
        lasts = rows[np.concatenate([cuts, [len(rows) - 1]])].tolist()
        for first, last in zip(firsts, lasts, strict=True):
            self._extend(int(first), int(last))
            if not self.whole:
                return

    def _extend(self, first: int, last: int) -> None:
        if self.ranges and self.ranges[-1][1] + 1 == first:
            self.ranges[-1][1] = last
        elif len(self.ranges) < MOST:
            self.ranges.append([first, last])
        else:
            self.whole = False

    def __str__(self) -> str:
        """`3-5,9`; where there are more than are kept, the first of them and the digest: `3-5,9#1f…`."""
        told = ",".join(f"{first}-{last}" if last > first else f"{first}" for first, last in self.ranges)
        return told if self.whole else f"{told}{_OPEN}{self.digest:016x}"


def _hashed(rows: Array) -> Array:
    """SplitMix64 (Steele, Lea and Flood, 2014) of each row number."""
    z = rows.astype(np.uint64) + np.uint64(0x9E3779B97F4A7C15)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    mixed: Array = z ^ (z >> np.uint64(31))
    return mixed


def within(found: str, known: str) -> bool:
    """Whether rows, as `str(Places)` tells them, are all among others; not if that cannot be told."""
    if found == known:
        return True
    if _OPEN in found or _OPEN in known:
        return False
    outer = _ranges(known)
    return all(any(low <= first and last <= high for low, high in outer) for first, last in _ranges(found))


def _ranges(text: str) -> list[tuple[int, int]]:
    pairs = (part.partition("-") for part in text.split(",") if part)
    return [(int(first), int(last or first)) for first, _, last in pairs]
