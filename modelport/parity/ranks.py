"""Rank agreement: whether two scores put rows in the same order, which is all that a ranking or a cut-off needs."""

from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from modelport.parity.floats import Array

MOST = 10_000
"""Rows of a stratum whose order is looked at: its first ones, so that memory stays flat."""


@dataclass(slots=True)
class Ranks:
    """Scores of the first rows of a stratum, from both sides."""

    reference: list[Array] = field(default_factory=list)
    candidate: list[Array] = field(default_factory=list)
    rows: int = 0

    def add(self, reference: pa.Array, candidate: pa.Array) -> None:
        """Takes the scores of a batch, up to `MOST` rows in all."""
        left = MOST - self.rows
        if left <= 0:
            return
        for kept, values in ((self.reference, reference), (self.candidate, candidate)):
            kept.append(np.array(values.slice(0, left).cast(pa.float64()).to_numpy(zero_copy_only=False)))
        self.rows += min(left, len(reference))

    def discordant(self) -> float:
        """Share of neighbouring rows, in the reference's order, that the candidate puts the other way round.

        Rows with equal scores on the reference's side have no order; rows without a score on either side are left out.
        """
        if not self.rows:
            return 0.0
        a, b = np.concatenate(self.reference), np.concatenate(self.candidate)
        scored = ~(np.isnan(a) | np.isnan(b))
        a, b = a[scored], b[scored]
        order = np.lexsort((b, a))
        a, b = a[order], b[order]
        rising = a[1:] > a[:-1]
        return float(np.mean(b[1:][rising] < b[:-1][rising])) if rising.any() else 0.0
