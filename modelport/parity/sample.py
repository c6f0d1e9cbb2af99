"""A fair sample of rows in bounded space, whose choice depends on the rows' numbers and the seed alone.

Every row has a random-looking number made from its place; the rows with the lowest ones are kept. So the sample is
the same whatever the size of the batches, and samples of parts can be merged.

Source: "bottom-k" sketches, Cohen and Kaplan, PODC 2007.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from modelport.parity.floats import Array

_ODD = np.uint64(0x9E3779B97F4A7C15)
_MIX = np.uint64(0xD6E8FEB86659FD93)
_HALF = np.uint64(32)


def lots(places: Array, seed: int) -> Array:
    """[N] a random-looking number for each place, uint64."""
    lot = (places + np.int64(seed + 1)).astype(np.uint64)
    lot *= _ODD
    lot ^= lot >> _HALF
    lot *= _MIX
    return lot


@dataclass(slots=True)
class Sample:
    """The rows drawn so far.

    Attributes:
        limit: how many are kept.
        lots: [K] their numbers, ascending.
        values: [K] for each name, what is kept of them.
    """

    limit: int
    lots: Array = field(default_factory=lambda: np.empty(0, np.uint64))
    values: dict[str, Array] = field(default_factory=dict)

    def drawn(self, lots_: Array) -> Array:
        """Positions [D] of the rows of a batch that would be kept."""
        full = len(self.lots) >= self.limit
        some = np.flatnonzero(lots_ < self.lots[-1]) if full else np.arange(len(lots_))
        if len(some) <= self.limit:
            return some
        return some[np.argpartition(lots_[some], self.limit - 1)[: self.limit]]

    def add(self, lots_: Array, values: Mapping[str, Array]) -> None:
        """Takes rows in, and lets go of those with the highest lots.

        Args:
            lots_: [D]; values: [D] for each name, the same names every time.
        """
        together = np.concatenate([self.lots, lots_])
        kept = np.argsort(together, kind="stable")[: self.limit]
        self.lots = together[kept]
        for name, array in values.items():
            old = self.values.get(name, array[:0])
            self.values[name] = np.concatenate([old, array])[kept]
