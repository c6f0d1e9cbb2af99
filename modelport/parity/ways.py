"""Ways: what the comparisons between the root of a tree and one of its splits ask of the inputs."""

from copy import copy
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from modelport.parity.floats import Array
from modelport.parity.grid import at_places, places
from modelport.parity.inner import yes_of
from modelport.parity.packs import FALLING, FREE, RISING, Boxes

if TYPE_CHECKING:
    from modelport.parity.paths import Maker


class Ways:
    """What the way to each of some nodes asks of the inputs."""

    def __init__(self, maker: "Maker", nodes: Array) -> None:
        self.maker, self.nodes = maker, nodes
        self.known = np.ones(len(nodes), bool)
        self.low: dict[int, Array] = {}
        self.high: dict[int, Array] = {}
        self.bound: dict[int, Array] = {}
        self.impossible: Array = np.zeros(len(nodes), bool)
        self.fits = {i: np.ones((len(nodes), len(words)), bool) for i, (words, _) in maker.words.items()}
        self._walk()

    def of(self, column: int) -> tuple[Array, Array]:
        """[K] least and greatest place of an input on the way to each node."""
        if column not in self.low:
            size = len(self.nodes)
            self.low[column] = np.full(size, np.iinfo(np.int64).min)
            self.high[column] = np.full(size, np.iinfo(np.int64).max)
            self.bound[column] = np.zeros(size, bool)
        return self.low[column], self.high[column]

    def _walk(self) -> None:
        """Climbs from every node to its root, narrowing as it goes."""
        maker, here = self.maker, self.nodes.copy()
        while True:
            up = maker.parent[here]
            rows = np.flatnonzero(up >= 0)
            if not len(rows):
                return
            self._narrow(rows, up[rows], maker.is_yes[here[rows]])
            here = np.where(up >= 0, up, here)

    def _narrow(self, rows: Array, above: Array, side: Array) -> None:
        maker = self.maker
        always = maker.always[above]
        self.impossible[rows[(always >= 0) & (always != side)]] = True
        rows, above, side = rows[always < 0], above[always < 0], side[always < 0]
        origin = maker.origin[maker.forest.feature[above]]
        for i in np.unique(origin):
            own = origin == i
            if i < 0:
                self.known[rows[own]] = False
            elif int(i) in self.fits:
                self.fits[int(i)][rows[own]] &= self._words_on(int(i), above[own], side[own])
            else:
                self._narrow_scale(int(i), rows[own], above[own], side[own])

    def _words_on(self, column: int, above: Array, side: Array) -> Array:
        """[K, W] which words of a text input take a side of some nodes."""
        f, (_, z) = self.maker.forest, self.maker.words[column]
        own = z[:, f.feature[above]].T
        parts = (f.threshold, f.strict, f.equal, f.missing_yes)
        taken = yes_of(own, *(np.broadcast_to(part[above][:, None], own.shape) for part in parts))
        return np.asarray(taken == side[:, None])

    def _narrow_scale(self, column: int, rows: Array, above: Array, side: Array) -> None:
        crossing, index = self.maker.crossing, self.maker.index[above]
        low, high = self.of(column)
        told = index >= 0
        self.known[rows[~told]] = False
        rows, index, side = rows[told], index[told], side[told]
        real = crossing.real[index]
        never = ~real & (crossing.all_yes[index] != side)
        self.impossible[rows[never]] = True
        rows, index, side = rows[real], index[real], side[real]
        yes, no = crossing.yes_side[index], crossing.no_side[index]
        edge, rising = np.where(side, yes, no), no > yes
        upper = rising == side
        high[rows[upper]] = np.minimum(high[rows[upper]], edge[upper])
        low[rows[~upper]] = np.maximum(low[rows[~upper]], edge[~upper])
        self.bound[column][rows] = True

    def apply(self, column: int, values: pa.Array) -> tuple[pa.Array, Array]:
        """An input moved into its bounds, and where there is room; unbounded rows stay as they are."""
        possible = np.asarray(~self.impossible)
        if column not in self.low:
            return values, np.asarray(possible)
        kind, (low, high) = self.maker.signature.inputs[column], self.of(column)
        filled = np.array(values.fill_null(0).to_numpy(zero_copy_only=False))
        own = places(np.nan_to_num(filled) if filled.dtype.kind == "f" else filled, kind)
        rows = np.flatnonzero(self.bound[column] & (low <= high))
        moved = np.clip(own[rows], low[rows], high[rows])
        return put(values, rows, at_places(moved, kind), kind.type), np.asarray(possible & (low <= high))

    def choose(self, column: int, values: pa.Array) -> tuple[pa.Array, Array]:
        """A text input set to a word that the way allows, where the base row's own does not stand free."""
        if column not in self.fits:
            return values, np.asarray(~self.impossible)
        fits = self.fits[column]
        rows = np.flatnonzero(~fits.all(axis=1) & fits.any(axis=1))
        return self._with_words(values, column, rows, fits[rows]), np.asarray(fits.any(axis=1))

    def word_for(self, values: pa.Array, column: int, mine: Array, side: bool) -> tuple[pa.Array, Array]:
        """A text input set to a word on one side of each node's own split."""
        fits = self.fits[column][mine] & self._words_on(column, self.nodes[mine], np.full(len(mine), side))
        possible = np.asarray(fits.any(axis=1))
        return self._with_words(values, column, mine[possible], fits[possible]), possible

    def _with_words(self, values: pa.Array, column: int, rows: Array, fits: Array) -> pa.Array:
        words, _ = self.maker.words[column]
        cells = values.to_pylist()
        for row, index in zip(rows, np.argmax(fits, axis=1), strict=True):
            cells[row] = words[index]
        return pa.array(cells, values.type)

    def boxes(self, own: Array, yes: Array, no: Array) -> tuple[Boxes, Array]:
        """The boxes of splits that can be packed, each standing on its two sides; and [M] which splits these are.

        Args:
            own: [K] position of each split's own input; -1 for a split that is to be left out.
            yes, no: [K] places of its two sides.
        """
        for i in np.unique(own[own >= 0]):
            self.of(int(i))
        columns = np.array(sorted(self.low), np.int64)
        some = np.flatnonzero((own >= 0) & self.known & ~self.impossible)
        if not len(some):
            none = np.zeros((0, len(columns)), np.int64)
            return Boxes(none, none, none, {}), some
        low, high = (np.stack([side[int(i)][some] for i in columns], axis=1) for side in (self.low, self.high))
        at, mine = np.arange(len(some)), np.searchsorted(columns, own[some])
        least, most = np.minimum(yes, no)[some], np.maximum(yes, no)[some]
        fine = (low <= high).all(axis=1) & (low[at, mine] <= least) & (most <= high[at, mine])
        low[at, mine], high[at, mine] = least, most
        pin = np.full(low.shape, FREE, np.int8)
        pin[at, mine] = np.where((no > yes)[some], RISING, FALLING)
        fits = {i: words[some] for i, words in self.fits.items()}
        for words in fits.values():
            fine &= words.any(axis=1)
        return Boxes(low, high, pin, fits).take(np.flatnonzero(fine)), some[fine]

    def together(self, starts: Array) -> "Ways":
        """What the ways to several splits ask at once; splits stand in groups, each beginning at one of `starts`."""
        made = copy(self)
        made.low = {i: np.maximum.reduceat(low, starts) for i, low in self.low.items()}
        made.high = {i: np.minimum.reduceat(high, starts) for i, high in self.high.items()}
        made.bound = {i: np.logical_or.reduceat(bound, starts) for i, bound in self.bound.items()}
        made.fits = {i: np.logical_and.reduceat(words, starts, axis=0) for i, words in self.fits.items()}
        made.known = np.logical_and.reduceat(self.known, starts)
        made.impossible = np.logical_or.reduceat(self.impossible, starts)
        return made


def put(values: pa.Array, rows: Array, new: Array, kind: pa.DataType) -> pa.Array:
    """A column with some values replaced; the replaced ones are not missing."""
    filled = np.array(values.fill_null(0).to_numpy(zero_copy_only=False))
    mask = np.asarray(values.is_null().to_numpy(zero_copy_only=False)).copy()
    filled[rows], mask[rows] = new, False
    return pa.array(filled, kind, mask=mask if mask.any() else None)
