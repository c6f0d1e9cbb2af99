"""Trees: a forest as flat arrays, the one form every tree family is brought to before it becomes a graph."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelport.errors import InputError

Ints = NDArray[np.int64]
Floats = NDArray[np.floating[Any]]

LEQ, LT, EQ, MEMBER = 0, 1, 4, 6
"""Modes of a node, numbered as `ai.onnx.ml` 5 `TreeEnsemble` numbers them."""


@dataclass(frozen=True, slots=True)
class Trees:
    """T trees of M nodes in all. The nodes of a tree are neighbours, its root first; children are absolute positions.

    Attributes:
        roots: [T], ascending.
        feature: [M], the column a node looks at; 0 in leaves.
        threshold: [M] float64; NaN nowhere. 0 in leaves and in MEMBER nodes.
        true, false: [M], the child where the comparison holds, and the other; -1 in leaves.
        value: [M, K], what a leaf gives; other nodes hold zeros.
        missing_true: [M], whether a missing value (NaN) follows the true child.
        mode: [M] uint8: LEQ (x <= threshold), LT, EQ or MEMBER (x is one of `members`).
        members: the values of each MEMBER node, in the order of the nodes.
        target: [T], which output a tree adds to; only where K is 1.
    """

    roots: Ints
    feature: Ints
    threshold: NDArray[np.float64]
    true: Ints
    false: Ints
    value: Floats
    missing_true: NDArray[np.bool_]
    mode: NDArray[np.uint8]
    members: tuple[NDArray[np.float64], ...] = ()
    target: Ints | None = None

    @property
    def count(self) -> int:
        return len(self.roots)

    @property
    def width(self) -> int:
        """Values a leaf gives."""
        return int(self.value.shape[1])

    @property
    def is_leaf(self) -> NDArray[np.bool_]:
        return self.true < 0

    @property
    def outputs(self) -> int:
        """Columns of the sum over trees."""
        return self.width if self.target is None else int(self.target.max()) + 1

    @property
    def ends(self) -> Ints:
        """[T], the position after the last node of each tree."""
        return np.append(self.roots[1:], len(self.feature))

    def slice(self, start: int, stop: int) -> "Trees":
        """Trees `start` to `stop`, their nodes renumbered."""
        low, high = int(self.roots[start]), int(self.ends[stop - 1])
        part = slice(low, high)
        shift = np.where(self.is_leaf[part], 0, low)
        before = int(np.count_nonzero(self.mode[:low] == MEMBER))
        within = int(np.count_nonzero(self.mode[part] == MEMBER))
        return Trees(
            self.roots[start:stop] - low,
            self.feature[part],
            self.threshold[part],
            self.true[part] - shift,
            self.false[part] - shift,
            self.value[part],
            self.missing_true[part],
            self.mode[part],
            self.members[before : before + within],
            None if self.target is None else self.target[start:stop],
        )

    def select(self, trees: Sequence[int]) -> "Trees":
        """Some trees, in the order given."""
        return join([self.slice(tree, tree + 1) for tree in trees])

    def keep(self, trees: NDArray[np.bool_]) -> "Trees":
        """The trees that are marked, [T], in their order."""
        if trees.all():
            return self
        sizes = self.ends - self.roots
        nodes = np.repeat(trees, sizes)
        shift = np.repeat(self.roots - (np.cumsum(sizes * trees) - sizes * trees), sizes)[nodes]
        leaf = self.is_leaf[nodes]
        sets = nodes[self.mode == MEMBER].tolist()
        return Trees(
            (np.cumsum(sizes * trees) - sizes * trees)[trees],
            self.feature[nodes],
            self.threshold[nodes],
            np.where(leaf, -1, self.true[nodes] - shift),
            np.where(leaf, -1, self.false[nodes] - shift),
            self.value[nodes],
            self.missing_true[nodes],
            self.mode[nodes],
            tuple(own for own, kept in zip(self.members, sets, strict=True) if kept),
            None if self.target is None else self.target[trees],
        )

    def reachable(self) -> "Trees":
        """The same trees without nodes that no branch leads to (libraries keep some they have pruned).

        Raises:
            InputError: a node has two parents, so that these are no trees.
        """
        seen = np.zeros(len(self.feature), np.bool_)
        level = self.roots
        while len(level):
            if seen[level].any() or len(np.unique(level)) < len(level):
                raise InputError("a tree's branches meet again, so it is no tree", hint="write the model again")
            seen[level] = True
            inner = level[self.true[level] >= 0]
            level = np.concatenate([self.true[inner], self.false[inner]])
        if seen.all():
            return self
        place = np.cumsum(seen) - 1
        leaf = self.is_leaf[seen]
        sets = seen[self.mode == MEMBER].tolist()
        return replace(
            self,
            roots=place[self.roots],
            feature=self.feature[seen],
            threshold=self.threshold[seen],
            true=np.where(leaf, -1, place[self.true[seen]]),
            false=np.where(leaf, -1, place[self.false[seen]]),
            value=self.value[seen],
            missing_true=self.missing_true[seen],
            mode=self.mode[seen],
            members=tuple(own for own, kept in zip(self.members, sets, strict=True) if kept),
        )

    def pure(self) -> NDArray[np.bool_]:
        """[T], whether each leaf of a tree gives something to one output at most."""
        leaf = self.is_leaf
        one = np.count_nonzero(self.value[leaf], axis=1) <= 1
        return np.logical_and.reduceat(one, np.cumsum(leaf)[self.roots] - leaf[self.roots])

    def blocks(self, trees: int) -> Iterator["Trees"]:
        """Neighbouring trees, at most so many at a time."""
        for start in range(0, self.count, trees):
            yield self.slice(start, min(start + trees, self.count))

    def landmarks(self) -> dict[int, list[float]]:
        """Feature → the values its function may jump at, ascending."""
        found: dict[int, set[float]] = {}
        inner = ~self.is_leaf & (self.mode != MEMBER)
        pairs = np.unique(np.stack([self.feature[inner].astype(np.float64), self.threshold[inner]]), axis=1)
        for feature, threshold in pairs.T.tolist():
            found.setdefault(int(feature), set()).add(threshold)
        for feature, members in zip(self.feature[self.mode == MEMBER].tolist(), self.members, strict=True):
            found.setdefault(int(feature), set()).update(members.tolist())
        return {feature: sorted(values) for feature, values in sorted(found.items())}


def join(parts: Sequence[Trees]) -> Trees:
    """Forests one after another."""
    if len(parts) == 1:
        return parts[0]
    sizes = np.array([len(part.feature) for part in parts])
    offsets = np.cumsum(sizes) - sizes
    at = np.repeat(offsets, sizes)
    true, false = (np.concatenate([getattr(part, name) for part in parts]) for name in ("true", "false"))
    leaf = true < 0
    targets = [part.target for part in parts if part.target is not None]
    return Trees(
        np.concatenate([part.roots + offset for part, offset in zip(parts, offsets, strict=True)]),
        np.concatenate([part.feature for part in parts]),
        np.concatenate([part.threshold for part in parts]),
        np.where(leaf, -1, true + at),
        np.where(leaf, -1, false + at),
        np.concatenate([part.value for part in parts]),
        np.concatenate([part.missing_true for part in parts]),
        np.concatenate([part.mode for part in parts]),
        tuple(members for part in parts for members in part.members),
        np.concatenate(targets) if targets else None,
    )


def binary_tree(
    feature: Any,
    threshold: Any,
    true: Any,
    false: Any,
    value: Any,
    *,
    missing_true: Any = False,
    mode: Any = LEQ,
    members: Sequence[Any] = (),
    target: int | None = None,
) -> Trees:
    """One tree from node arrays, root first; a child below 0 marks a leaf. `value` is [M] or [M, K].

    A MEMBER node of an empty set, which onnxruntime refuses, becomes `x < -inf`: no value passes either.

    Raises:
        InputError: a child is no node of the tree.
    """
    true, false = np.asarray(true, np.int64), np.asarray(false, np.int64)
    leaf = true < 0
    size = len(true)
    if max(true.max(), false.max()) >= size or (false[~leaf] < 0).any():
        raise InputError("a branch of a tree leads nowhere", hint="write the model again")
    values = np.asarray(value)
    values = values.reshape(size, -1)
    modes = np.where(leaf, LEQ, np.broadcast_to(np.asarray(mode, np.uint8), (size,))).astype(np.uint8)
    limits = np.where(leaf | (modes == MEMBER), 0.0, np.asarray(threshold, np.float64))
    sets = [np.asarray(item, np.float64) for item in members]
    empty = np.flatnonzero(modes == MEMBER)[[len(item) == 0 for item in sets]]
    modes[empty], limits[empty] = LT, -np.inf
    return Trees(
        np.zeros(1, np.int64),
        np.where(leaf, 0, np.asarray(feature, np.int64)),
        limits,
        np.where(leaf, -1, true),
        np.where(leaf, -1, false),
        np.where(leaf[:, None], values, 0),
        ~leaf & np.broadcast_to(np.asarray(missing_true, np.bool_), (size,)),
        modes,
        tuple(item for item in sets if len(item)),
        None if target is None else np.array([target], np.int64),
    )


def float32_floor(values: Floats) -> NDArray[np.float32]:
    """The largest float32 not above each value: `x <= t` and `x <= float32_floor(t)` agree for every float32 `x`."""
    with np.errstate(over="ignore"):
        near = np.asarray(values).astype(np.float32)
        below = np.nextafter(near, np.float32(-np.inf))
    return np.where(near > values, below, near)


def float32_ceil(values: Floats) -> NDArray[np.float32]:
    """The smallest float32 not below each value: `x < t` and `x < float32_ceil(t)` agree for every float32 `x`."""
    return -float32_floor(-np.asarray(values))


def float32_splits(trees: Trees) -> NDArray[np.float32]:
    """[M] thresholds that send every float32 input the way the float64 thresholds send it."""
    return np.where(trees.mode == LT, float32_ceil(trees.threshold), float32_floor(trees.threshold)).astype(np.float32)
