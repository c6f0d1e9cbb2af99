"""Rows that reach each split of a forest, on it and one float step beyond, whatever preprocessing stands before it.

For a node, the comparisons on the way to it bound each column of the tensor that the trees see. Each bound is a place
of an input (see `inverse`), so a base row is moved just as far as the bounds ask, and the node's own input is put on
its split. Whether a row really reaches its node is checked by walking the tree; only those count as probed.
"""

from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from modelport.data import relaxed
from modelport.parity.floats import Array
from modelport.parity.generate import draw
from modelport.parity.grid import at_places, is_scale, places
from modelport.parity.inner import Forest, Inner, yes_of
from modelport.parity.inverse import Crossing, crossings, repeated, sources
from modelport.parity.sources import BOUNDARY, Sources

BLOCK = 2048
"""Splits that rows are made for at a time."""

ROUNDS = 8
"""How often a split is probed at most. Once is not always enough: the two sides of a split may lead to equal leaves for
one row and to others for the next."""

_WORDS = 64
"""Texts of one input that are tried, and inner columns of one text input that are looked at."""


@dataclass(slots=True)
class Probes:
    """Rows for the splits of one forest.

    Attributes:
        known: splits the forest has.
        probed: splits that rows reached, on both sides.
        dead: splits that no input can reach, or that no input that reaches them can cross.
        batches: the rows.
    """

    known: int = 0
    probed: int = 0
    dead: int = 0
    batches: list[pa.RecordBatch] = field(default_factory=list)


def probe(inner: Inner, src: Sources, budget: int, stream: int = 0) -> Probes:
    """Two rows for each split, as many splits as the budget allows, and one with the input missing where it may be."""
    return made(Maker(inner, src, stream), budget)


def made(maker: "Maker", budget: int) -> Probes:
    """The rows of a maker, within a budget of rows."""
    found = Probes(known=maker.known)
    if not found.known or budget < 2:
        return found
    order = maker.src.rng(BOUNDARY, 5000 + maker.stream).permutation(found.known)
    for turn in range(ROUNDS):
        # Missing values wait for a later round where they would cost splits their rows.
        missing = turn > 0 or budget >= maker.wish
        used = _round(found, maker, order, turn, budget, missing)
        budget -= used
        if budget < (used if missing else 2):
            break
    return found


def _round(found: Probes, maker: "Maker", order: Array, turn: int, budget: int, missing: bool) -> int:
    """All splits once, as far as the budget goes, on base rows of their own; the first round counts what is reached."""
    left = budget
    for start in range(0, found.known, BLOCK):
        if left < 2:
            break
        nodes = order[start : start + min(BLOCK, left // 2)]
        batch, reached, dead = maker.rows(nodes, turn * found.known + start, missing)
        if turn == 0:
            found.probed, found.dead = found.probed + reached, found.dead + dead
        found.batches.append(batch.slice(0, left))
        left -= min(left, batch.num_rows)
    return budget - left


class Maker:
    """Makes rows for the nodes of one forest, of which there are `known`."""

    def __init__(self, inner: Inner, src: Sources, stream: int = 0) -> None:
        assert inner.forest is not None, "made for forests alone"
        forest = inner.forest
        self.inner, self.forest, self.src, self.stream = inner, forest, src, stream
        self.known = len(forest.feature)
        self.signature = src.signature
        base, other = draw(src, BOUNDARY, 6000 + stream), draw(src, BOUNDARY, 6001 + stream)
        self.origin = sources(inner, self.signature, base, other)
        self.parent, self.is_yes, self.root = _parents(forest)
        self.crossing, self.index = self._crossings(base)
        self.words = {i: self._words(i, base) for i in self._texts()}

    @property
    def need(self) -> int:
        """Rows that one round over all splits takes at most, without missing values."""
        return 2 * self.known

    @property
    def wish(self) -> int:
        """The same with a missing value at each split whose input may be missing."""
        nullable = np.array([column.nullable for column in self.signature.inputs] + [False], bool)
        own = self.origin[self.forest.feature]
        return self.need + int(nullable[np.where(own >= 0, own, -1)].sum())

    def crossed(self) -> dict[str, Array]:
        """Input column → where the splits are crossed, the lower place of each."""
        c = self.crossing
        low = np.minimum(c.yes_side, c.no_side)
        columns = np.unique(c.column)
        return {self.signature.inputs[int(i)].name: np.unique(low[c.real & (c.column == i)]) for i in columns}

    def _texts(self) -> list[int]:
        return [int(i) for i in np.unique(self.origin[self.origin >= 0]) if not is_scale(self.signature.inputs[int(i)])]

    def _crossings(self, base: pa.RecordBatch) -> tuple[Crossing, Array]:
        """Every distinct comparison with an input's scale behind it, and for each node which it is (-1: none)."""
        f = self.forest
        scale = np.array([o >= 0 and is_scale(self.signature.inputs[int(o)]) for o in self.origin])
        used = np.flatnonzero(scale[f.feature] & ~f.equal)
        keys = np.stack([f.feature[used].astype(np.float64), f.threshold[used], f.strict[used].astype(np.float64)])
        unique, inverse = np.unique(keys, axis=1, return_inverse=True)
        wanted = unique[0].astype(np.int64), unique[1], unique[2].astype(bool)
        index = np.full(len(f.feature), -1)
        index[used] = np.asarray(inverse).ravel()
        return crossings(self.inner, self.signature, base, self.origin, wanted), index

    def _words(self, column: int, base: pa.RecordBatch) -> tuple[list[object], Array]:
        """Values of a text or boolean input, and the tensor's rows for them: [W, F]."""
        kind = self.signature.inputs[column]
        known: list[object] = [True, False] if pa.types.is_boolean(kind.type) else [*self.src.words(kind)[:_WORDS]]
        known += ["" if pa.types.is_string(kind.type) else True]
        known += [None] if kind.nullable else []
        rows = repeated(base.slice(0, 1), len(known))
        return known, self.inner.values(rows.set_column(column, rows.schema.field(column), pa.array(known, kind.type)))

    def rows(self, nodes: Array, start: int, missing: bool = True) -> tuple[pa.RecordBatch, int, int]:
        """Rows for some nodes; how many of them were reached on both sides; how many cannot be."""
        base = repeated(draw(self.src, BOUNDARY, 50_000 + start), len(nodes))
        bounds = _Bounds(self, nodes)
        columns: list[pa.Array] = []
        feasible = np.ones(len(nodes), bool)
        for i, column in enumerate(self.signature.inputs):
            values, possible = bounds.apply(i, base.column(i)) if is_scale(column) else bounds.choose(i, base.column(i))
            columns.append(values)
            feasible &= possible
        ready = pa.RecordBatch.from_arrays(columns, schema=relaxed(self.signature))
        yes, yes_there = self._own(ready, nodes, bounds, side=True)
        no, no_there = self._own(ready, nodes, bounds, side=False)
        reached = feasible & yes_there & no_there & self._reaches(yes, nodes, True) & self._reaches(no, nodes, False)
        controlled = self.origin[self.forest.feature[nodes]] >= 0
        dead = ~reached & controlled & ~(feasible & yes_there & no_there) & bounds.known
        kept = pa.array(feasible)
        parts = [yes.filter(kept), no.filter(kept), *(self._missing(yes, nodes, feasible) if missing else ())]
        return pa.concat_batches(parts), int(reached.sum()), int(dead.sum())

    def _own(
        self, ready: pa.RecordBatch, nodes: Array, bounds: "_Bounds", *, side: bool
    ) -> tuple[pa.RecordBatch, Array]:
        """Rows with each node's own input on one side of its split, and where that is possible on its path."""
        columns = list(ready.columns)
        possible = np.ones(len(nodes), bool)
        own = self.origin[self.forest.feature[nodes]]
        for i, column in enumerate(self.signature.inputs):
            mine = np.flatnonzero(own == i)
            if not len(mine):
                continue
            if is_scale(column):
                columns[i], possible[mine] = self._on_split(columns[i], i, nodes, mine, bounds, side)
            else:
                columns[i], possible[mine] = bounds.word_for(columns[i], i, mine, side)
        return pa.RecordBatch.from_arrays(columns, schema=ready.schema), possible

    def _on_split(
        self, values: pa.Array, column: int, nodes: Array, mine: Array, bounds: "_Bounds", side: bool
    ) -> tuple[pa.Array, Array]:
        kind = self.signature.inputs[column]
        index = self.index[nodes[mine]]
        where = (self.crossing.yes_side if side else self.crossing.no_side)[np.maximum(index, 0)]
        low, high = bounds.of(column)
        possible = (index >= 0) & self.crossing.real[np.maximum(index, 0)]
        possible &= (low[mine] <= where) & (where <= high[mine])
        rows, put = mine[possible], where[possible]
        return _put(values, rows, at_places(put, kind), kind.type), possible

    def _reaches(self, batch: pa.RecordBatch, nodes: Array, side: bool) -> Array:
        """Whether each row, walking its tree, comes to its node and leaves it on that side."""
        f, z = self.forest, self.inner.values(batch)
        at, target = self.root[nodes], nodes
        found = np.zeros(len(nodes), bool)
        live = np.flatnonzero(at >= 0)
        while len(live):
            here = at[live]
            own = z[live, f.feature[here]]
            taken = yes_of(own, f.threshold[here], f.strict[here], f.equal[here], f.missing_yes[here])
            done = here == target[live]
            found[live[done]] = taken[done] == side
            at[live] = np.where(taken, f.yes[here], f.no[here])
            live = live[~done & (at[live] >= 0)]
        return found

    def _missing(self, rows: pa.RecordBatch, nodes: Array, feasible: Array) -> list[pa.RecordBatch]:
        """The rows again with each node's own input missing, where it may be."""
        own = self.origin[self.forest.feature[nodes]]
        batches = []
        for i, column in enumerate(self.signature.inputs):
            mine = np.flatnonzero((own == i) & feasible)
            if column.nullable and len(mine):
                some = rows.take(pa.array(mine))
                batches.append(some.set_column(i, some.schema.field(i), pa.nulls(len(mine), column.type)))
        return batches


def _parents(forest: Forest) -> tuple[Array, Array, Array]:
    """[M] each node's parent (-1 at a root), whether it is its `yes` child, and the root of its tree."""
    count = len(forest.feature)
    parent, is_yes = np.full(count, -1), np.zeros(count, bool)
    for children, side in ((forest.no, False), (forest.yes, True)):
        inner = np.flatnonzero(children >= 0)
        parent[children[inner]], is_yes[children[inner]] = inner, side
    root = np.arange(count)
    while np.any(parent[root] >= 0):
        root = np.where(parent[root] >= 0, parent[root], root)
    return parent, is_yes, root


class _Bounds:
    """What the way to each of some nodes asks of the inputs."""

    def __init__(self, maker: Maker, nodes: Array) -> None:
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
        return _put(values, rows, at_places(moved, kind), kind.type), np.asarray(possible & (low <= high))

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


def _put(values: pa.Array, rows: Array, new: Array, kind: pa.DataType) -> pa.Array:
    """A column with some values replaced; the replaced ones are not missing."""
    filled = np.array(values.fill_null(0).to_numpy(zero_copy_only=False))
    mask = np.asarray(values.is_null().to_numpy(zero_copy_only=False)).copy()
    filled[rows], mask[rows] = new, False
    return pa.array(filled, kind, mask=mask if mask.any() else None)
