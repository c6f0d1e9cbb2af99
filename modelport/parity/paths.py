"""Rows that reach each split of a forest, on it and one float step beyond, whatever preprocessing stands before it.

For a node, the comparisons on the way to it bound each column of the tensor that the trees see. Each bound is a place
of an input (see `inverse`), so a base row is moved just as far as the bounds ask, and the node's own input is put on
its split. Whether a row really reaches its node is checked by walking the tree; only those count as probed.
"""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pyarrow as pa

from modelport.data import relaxed
from modelport.errors import DataError
from modelport.parity.floats import Array
from modelport.parity.generate import draw
from modelport.parity.grid import at_places, is_scale
from modelport.parity.inner import Forest, Inner, yes_of
from modelport.parity.inverse import NEVER, NONE, Crossing, crossings, repeated, sources
from modelport.parity.isolate import Killed
from modelport.parity.packs import packs
from modelport.parity.refusals import Refusals
from modelport.parity.sources import BOUNDARY, Sources
from modelport.parity.special import special_rows
from modelport.parity.ways import Ways, put

BLOCK = 2048
"""Splits that rows are made for at a time."""

PACKS = 1024
"""Packs of splits that rows are made for at a time."""

TOGETHER = 1 << 22
"""Bounds (of splits times columns) that are looked at together when splits are packed."""

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
    """The rows of a maker, within a budget of rows: packs of splits first, then each split by itself."""
    found = Probes(maker.known)
    if not found.known or budget < 2:
        return found
    seen = _Seen(maker.known)
    seen.dead |= maker.always >= 0
    left = _packed(found, seen, maker, budget)
    order = maker.src.rng(BOUNDARY, 5000 + maker.stream).permutation(found.known)
    order = order[maker.always[order] < 0]
    order = order[np.argsort(seen.reached[order], kind="stable")]
    for turn in range(ROUNDS):
        # Missing values wait for a later round where they would cost splits their rows.
        missing = turn > 0 or left >= maker.wish
        used = _round(found, seen, maker, order, turn, left, missing)
        left -= used
        if left < (used if missing else 2):
            break
    found.probed, found.dead = int(seen.reached.sum()), int((seen.dead & ~seen.reached).sum())
    return found


class _Seen:
    """Which splits were reached on both sides, and which showed that they cannot be."""

    def __init__(self, known: int) -> None:
        self.reached, self.dead = np.zeros(known, bool), np.zeros(known, bool)


def _packed(found: Probes, seen: _Seen, maker: "Maker", budget: int) -> int:
    """Two rows for each pack of splits, as far as the budget goes; gives what is left of it."""
    members, starts = maker.packed
    for first in range(0, len(starts), PACKS):
        last = min(first + min(PACKS, budget // 2), len(starts))
        if first >= last:
            break
        end = starts[last] if last < len(starts) else len(members)
        nodes = members[starts[first] : end]
        batch, reached = maker.packs(nodes, starts[first:last] - starts[first], first)
        seen.reached[nodes] |= reached
        found.batches.append(batch)
        budget -= batch.num_rows
    return budget


def _round(found: Probes, seen: _Seen, maker: "Maker", order: Array, turn: int, budget: int, missing: bool) -> int:
    """All splits once, as far as the budget goes, on base rows of their own; gives the rows that it took."""
    left = budget
    for start in range(0, len(order), BLOCK):
        if left < 2:
            break
        nodes = order[start : start + min(BLOCK, left // 2)]
        batch, reached, dead = maker.rows(nodes, turn * found.known + start, missing)
        seen.reached[nodes] |= reached
        seen.dead[nodes] |= dead
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
        self.always = self._always(base, other)
        self.crossing, self.index = self._crossings(base)
        self.words = {i: self._words(i, base) for i in self._texts()}

    def _always(self, *rows: pa.RecordBatch) -> Array:
        """[M] the side that a node takes whatever the inputs are: 1 `yes`, 0 `no`, -1 for a node that may take both.

        A column of the tensor that no input changes (whether something is missing that was filled before, say) is
        looked at on ordinary rows and on special ones.
        """
        always, f = np.full(self.known, -1), self.forest
        still = np.flatnonzero(self.origin == NONE)
        if not np.isin(f.feature, still).any():
            return always
        special = _answered(self.inner, special_rows(self.src))
        if special is None:
            return always
        seen = np.concatenate([*(self.inner.values(batch) for batch in rows), *special])[:, still]
        same = ((seen == seen[:1]) | (np.isnan(seen) & np.isnan(seen[:1]))).all(axis=0)
        value = np.zeros(len(self.origin))
        value[still] = seen[0]
        mine = np.flatnonzero(np.isin(f.feature, still[same]))
        parts = (part[mine] for part in (f.threshold, f.strict, f.equal, f.missing_yes))
        always[mine] = yes_of(value[f.feature[mine]], *parts)
        return always

    @property
    def need(self) -> int:
        """Rows that probing all splits takes at most: packs, and what cannot be packed, without missing values."""
        members, starts = self.packed
        return 2 * (len(starts) + int((self.always < 0).sum()) - len(members))

    @property
    def wish(self) -> int:
        """Rows for each split by itself, with a missing value where its input may be missing."""
        nullable = np.array([column.nullable for column in self.signature.inputs] + [False], bool)
        own = self.origin[self.forest.feature]
        return 2 * int((self.always < 0).sum()) + int(nullable[np.where(own >= 0, own, -1)].sum())

    def pack(self) -> None:
        """Finds out which splits go together, if that is not known yet."""
        _ = self.packed

    @cached_property
    def packed(self) -> tuple[Array, Array]:
        """Splits that are probed together: [P] nodes, pack by pack, and [K] where each pack begins."""
        rng = self.src.rng(BOUNDARY, 4000 + self.stream)
        order = rng.permutation(self.known)
        size = max(BLOCK, TOGETHER // max(1, len(self.signature.inputs)))
        members, starts, count = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)], 0
        for first in range(0, self.known, size):
            nodes = order[first : first + size]
            boxes, some = Ways(self, nodes).boxes(*self._sides(nodes))
            pack = packs(boxes, rng)
            by_pack = np.argsort(pack, kind="stable")
            members.append(nodes[some[by_pack]])
            starts.append(count + np.flatnonzero(np.diff(pack[by_pack], prepend=-1)))
            count += len(some)
        return np.concatenate(members), np.concatenate(starts)

    def _sides(self, nodes: Array) -> tuple[Array, Array, Array]:
        """Each node's own input, -1 where it has no scale or is never crossed; and the places of the two sides."""
        index = self.index[nodes]
        there = (index >= 0) & self.crossing.real[np.maximum(index, 0)]
        own = np.where(there, self.origin[self.forest.feature[nodes]], -1)
        yes, no = (side[np.maximum(index, 0)] for side in (self.crossing.yes_side, self.crossing.no_side))
        return own, yes, no

    def packs(self, nodes: Array, starts: Array, number: int) -> tuple[pa.RecordBatch, Array]:
        """Two rows for each pack of nodes; and [K] which nodes these reach on both sides.

        Args:
            nodes: [K] pack by pack; starts: where each pack begins.
            number: of the first pack.
        """
        row = np.repeat(np.arange(len(starts)), np.diff(np.append(starts, len(nodes))))
        ways = Ways(self, nodes)
        ready = self._base(ways.together(starts), 30_000 + number, len(starts))[0]
        own, *sides = self._sides(nodes)
        reached, batches = np.ones(len(nodes), bool), []
        for where, side in zip(sides, (True, False), strict=True):
            columns = list(ready.columns)
            for i in np.unique(own):
                mine, kind = np.flatnonzero(own == i), self.signature.inputs[int(i)]
                columns[i] = put(columns[i], row[mine], at_places(where[mine], kind), kind.type)
            batches.append(pa.RecordBatch.from_arrays(columns, schema=ready.schema))
            reached &= self._reaches(batches[-1], nodes, side, row)
        return pa.concat_batches(batches), reached

    def _base(self, ways: Ways, stream: int, count: int) -> tuple[pa.RecordBatch, Array]:
        """Ordinary rows moved as far as some ways ask, and for which of them that can be done."""
        base = repeated(draw(self.src, BOUNDARY, stream), count)
        columns: list[pa.Array] = []
        feasible = np.ones(count, bool)
        for i, column in enumerate(self.signature.inputs):
            values, possible = ways.apply(i, base.column(i)) if is_scale(column) else ways.choose(i, base.column(i))
            columns.append(values)
            feasible &= possible
        return pa.RecordBatch.from_arrays(columns, schema=relaxed(self.signature)), feasible

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
        if not len(used):
            return NEVER, np.full(len(f.feature), -1)
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

    def rows(self, nodes: Array, start: int, missing: bool = True) -> tuple[pa.RecordBatch, Array, Array]:
        """Rows for some nodes; [K] which of them were reached on both sides; [K] which cannot be."""
        bounds = Ways(self, nodes)
        ready, feasible = self._base(bounds, 50_000 + start, len(nodes))
        yes, yes_there = self._own(ready, nodes, bounds, side=True)
        no, no_there = self._own(ready, nodes, bounds, side=False)
        reached = feasible & yes_there & no_there & self._reaches(yes, nodes, True) & self._reaches(no, nodes, False)
        controlled = self.origin[self.forest.feature[nodes]] >= 0
        dead = ~reached & controlled & ~(feasible & yes_there & no_there) & bounds.known
        kept = pa.array(feasible)
        parts = [yes.filter(kept), no.filter(kept), *(self._missing(yes, nodes, feasible) if missing else ())]
        return pa.concat_batches(parts), reached, dead

    def _own(self, ready: pa.RecordBatch, nodes: Array, bounds: Ways, *, side: bool) -> tuple[pa.RecordBatch, Array]:
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
        self, values: pa.Array, column: int, nodes: Array, mine: Array, bounds: Ways, side: bool
    ) -> tuple[pa.Array, Array]:
        kind = self.signature.inputs[column]
        index = self.index[nodes[mine]]
        where = (self.crossing.yes_side if side else self.crossing.no_side)[np.maximum(index, 0)]
        low, high = bounds.of(column)
        possible = (index >= 0) & self.crossing.real[np.maximum(index, 0)]
        possible &= (low[mine] <= where) & (where <= high[mine])
        moved = at_places(where[possible], kind)
        return put(values, mine[possible], moved, kind.type), possible

    def _reaches(self, batch: pa.RecordBatch, nodes: Array, side: bool, row: Array | None = None) -> Array:
        """[K] whether the row of each node, walking its tree, comes to that node and leaves it on that side.

        Args:
            row: [K] which row is a node's; None if there is one for each.
        """
        f, z = self.forest, self.inner.values(batch)
        row = np.arange(len(nodes)) if row is None else row
        at, target = self.root[nodes], nodes
        found = np.zeros(len(nodes), bool)
        live = np.flatnonzero(at >= 0)
        while len(live):
            here = at[live]
            own = z[row[live], f.feature[here]]
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


def _answered(inner: Inner, rows: pa.RecordBatch) -> list[Array] | None:
    """Values of the rows that the model takes, its trees never see others; None if it takes none of them."""
    found = Refusals(Killed).find(rows, {}, lambda batch: _as_batch(inner.values(batch)), DataError("not tried yet"))
    return None if found.outputs is None else [np.stack([c.to_numpy() for c in found.outputs.columns], axis=1)]


def _as_batch(values: Array) -> pa.RecordBatch:
    return pa.RecordBatch.from_arrays([pa.array(c) for c in values.T], names=[str(i) for i in range(values.shape[1])])


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
