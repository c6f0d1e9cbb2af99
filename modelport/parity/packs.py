"""Packs: splits of a forest that one pair of rows can probe together.

A row passes through every tree, and it has a value in every column, so it may stand on a split of each of them at once.
The way to a split bounds the columns (a box); splits go together if their boxes meet and none of them asks two values
of one column. Two rows, all splits on one side and all on the other, then do for the whole pack.
"""

from dataclasses import dataclass

import numpy as np

from modelport.parity.floats import Array

FREE, RISING, FALLING = 0, 1, 2
"""What a pack asks of a column: nothing but bounds, or to stand on a split, its `no` side above or below the other."""

TURNS = 100
"""How often packs look for another one to go with; later on hardly any do."""


@dataclass(slots=True)
class Boxes:
    """Places that splits, or packs of them, leave to each column.

    Attributes:
        low, high: [N, C] least and greatest place; on a split these are its two sides.
        pin: [N, C] `FREE`, `RISING` or `FALLING`.
        fits: [N, W] for each text column, the words that are left.
    """

    low: Array
    high: Array
    pin: Array
    fits: dict[int, Array]

    def __len__(self) -> int:
        return len(self.low)

    def take(self, rows: Array) -> "Boxes":
        fits = {column: words[rows] for column, words in self.fits.items()}
        return Boxes(self.low[rows], self.high[rows], self.pin[rows], fits)


def packs(boxes: Boxes, rng: np.random.Generator) -> Array:
    """[N] the pack of each split, numbered from 0."""
    pack = np.arange(len(boxes))
    for _ in range(TURNS):
        count = len(boxes)
        if count < 2:
            break
        order = _paired(pack, count, rng)
        one, other = order[: count // 2], order[count // 2 : count // 2 * 2]
        merged, together = _met(boxes.take(one), boxes.take(other))
        boxes, pack = _joined(boxes, pack, merged, one[together], other[together])
    return pack


def _paired(pack: Array, count: int, rng: np.random.Generator) -> Array:
    """Packs in an order whose halves are to be tried with each other: large ones with small ones."""
    size = np.bincount(pack, minlength=count)
    return np.argsort(-size + rng.random(count), kind="stable")


def _met(a: Boxes, b: Boxes) -> tuple[Boxes, Array]:
    """Boxes in which two packs stand together, and [M] for which pairs there is one; only those are given."""
    low, high = np.maximum(a.low, b.low), np.minimum(a.high, b.high)
    fine: Array = low <= high
    for side in (a, b):
        fine &= (side.pin == FREE) | ((low == side.low) & (high == side.high))
    fine &= (a.pin == FREE) | (b.pin == FREE) | (a.pin == b.pin)
    fits = {column: words & b.fits[column] for column, words in a.fits.items()}
    left = [fine.all(axis=1), *(words.any(axis=1) for words in fits.values())]
    together = np.flatnonzero(np.logical_and.reduce(left))
    return Boxes(low, high, np.maximum(a.pin, b.pin), fits).take(together), together


def _joined(boxes: Boxes, pack: Array, merged: Boxes, one: Array, other: Array) -> tuple[Boxes, Array]:
    """Packs after some were merged, numbered anew."""
    boxes.low[one], boxes.high[one], boxes.pin[one] = merged.low, merged.high, merged.pin
    for column, words in merged.fits.items():
        boxes.fits[column][one] = words
    into = np.arange(len(boxes))
    into[other] = one
    kept = np.ones(len(boxes), bool)
    kept[other] = False
    renumbered = np.cumsum(kept) - 1
    return boxes.take(np.flatnonzero(kept)), renumbered[into[pack]]
