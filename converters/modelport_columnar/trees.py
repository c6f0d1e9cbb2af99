"""TreeEnsemble: the trees of every version of the ONNX operators, in one layout of arrays.

The layout is that of `ai.onnx.ml` 5 (`TreeEnsemble`); the older operators' nodes are renumbered into it.
"""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from onnx import numpy_helper

from modelport_columnar.values import Array

MODES = ("BRANCH_LEQ", "BRANCH_LT", "BRANCH_GTE", "BRANCH_GT", "BRANCH_EQ", "BRANCH_NEQ", "BRANCH_MEMBER")
"""Comparison of a node by its number; `BRANCH_MEMBER` asks whether the value is in the node's set."""

AGGREGATES = ("AVERAGE", "SUM", "MIN", "MAX")


@dataclass(frozen=True, slots=True)
class Walk:
    """What one tree consists of: the columns it asks about, and its leaves, each in ascending order."""

    features: tuple[int, ...]
    leaves: tuple[int, ...]


@dataclass(frozen=True, slots=True, eq=False)
class TreeEnsemble:
    """An ensemble.

    Attributes:
        feature, mode, split: [B] for each branching node: column, index into `MODES`, threshold.
        members: for each branching node its set of values, or None.
        when_true, when_false: [B] where a row goes: a branching node, or `-1 - leaf`.
        missing_true: [B] whether NaN goes the true way.
        leaf_start: [L + 1] votes of leaf l are `leaf_start[l]:leaf_start[l + 1]`.
        leaf_target, leaf_weight: [V] target and weight of each vote.
        roots: [T] as `when_true`.
        targets: number of results.
        aggregate: one of `AGGREGATES`.
        kind: `float32` or `float64`: the type in which values are compared and summed.
    """

    feature: Array
    mode: Array
    split: Array
    members: tuple[tuple[float, ...] | None, ...]
    when_true: Array
    when_false: Array
    missing_true: Array
    leaf_start: Array
    leaf_target: Array
    leaf_weight: Array
    roots: Array
    targets: int
    aggregate: str
    kind: str
    _walks: dict[int, Walk] = field(default_factory=dict)
    _lists: list[tuple[list[int], list[int]]] = field(default_factory=list)

    def walk(self, root: int) -> Walk:
        """What the tree with this root consists of."""
        if root not in self._walks:
            yes, no = self.children
            nodes, stack = [], [root]
            while stack:
                at = stack.pop()
                nodes.append(at)
                if at >= 0:
                    stack += (yes[at], no[at])
            found = sorted(set(nodes))
            first = bisect_left(found, 0)
            features = np.unique(self.feature[found[first:]]).tolist() if first < len(found) else []
            self._walks[root] = Walk(tuple(features), tuple(-1 - at for at in reversed(found[:first])))
        return self._walks[root]

    @property
    def children(self) -> tuple[list[int], list[int]]:
        """`when_true` and `when_false` as lists, which are faster to walk."""
        if not self._lists:
            self._lists.append((self.when_true.tolist(), self.when_false.tolist()))
        return self._lists[0]


def _tensor(value: Any) -> Array:
    return numpy_helper.to_array(value) if value is not None else np.empty(0)


def _children(ids: Sequence[int], leaf: Sequence[int]) -> Array:
    positions = np.asarray(ids, np.int64)
    return np.where(np.asarray(leaf, bool), -1 - positions, positions)


def from_version_5(a: Mapping[str, Any]) -> TreeEnsemble:
    """`ai.onnx.ml.TreeEnsemble`."""
    split, weight = _tensor(a["nodes_splits"]), _tensor(a["leaf_weights"])
    mode = _tensor(a["nodes_modes"]).astype(np.int64)
    true_leafs, false_leafs = a["nodes_trueleafs"], a["nodes_falseleafs"]
    missing = a.get("nodes_missing_value_tracks_true") or [0] * len(split)
    return TreeEnsemble(
        feature=np.asarray(a["nodes_featureids"], np.int64),
        mode=mode,
        split=split,
        members=_members(mode, _tensor(a.get("membership_values"))),
        when_true=_children(a["nodes_truenodeids"], true_leafs),
        when_false=_children(a["nodes_falsenodeids"], false_leafs),
        missing_true=np.asarray(missing, bool),
        leaf_start=np.arange(len(weight) + 1),
        leaf_target=np.asarray(a["leaf_targetids"], np.int64),
        leaf_weight=weight,
        roots=np.asarray(a["tree_roots"], np.int64),
        targets=int(a.get("n_targets") or (max(a["leaf_targetids"]) + 1)),
        aggregate=AGGREGATES[int(a.get("aggregate_function", 1))],
        kind=str(weight.dtype),
    )


def _members(mode: Array, values: Array) -> tuple[tuple[float, ...] | None, ...]:
    """Sets are written one after another, each ended by NaN, in the order of the nodes that use them."""
    sets: list[tuple[float, ...]] = []
    current: list[float] = []
    for value in values.tolist():
        if value != value:
            sets.append(tuple(current))
            current = []
        else:
            current.append(value)
    if current:
        sets.append(tuple(current))
    rest = iter(sets)
    return tuple(next(rest) if MODES[int(m)] == "BRANCH_MEMBER" else None for m in mode)


def from_older(a: Mapping[str, Any], leaf: str) -> TreeEnsemble:
    """`TreeEnsembleRegressor` (`leaf="target"`) and `TreeEnsembleClassifier` (`leaf="class"`), versions 1 and 3.

    A node's splits and weights are float32 unless their `_as_tensor` form says otherwise.
    """
    modes = [text.decode() for text in a["nodes_modes"]]
    is_leaf = np.array([name == "LEAF" for name in modes])
    keys = list(zip(a["nodes_treeids"], a["nodes_nodeids"], strict=True))
    number = np.where(is_leaf, -np.cumsum(is_leaf), np.cumsum(~is_leaf) - 1)
    place = dict(zip(keys, number.tolist(), strict=True))
    split = _floats(a, "nodes_values")[~is_leaf]
    branch = [key for key, ended in zip(keys, is_leaf, strict=True) if not ended]
    inner = np.flatnonzero(~is_leaf)
    start, target, weight = _votes(a, leaf, [key for key, ended in zip(keys, is_leaf, strict=True) if ended])
    missing = a.get("nodes_missing_value_tracks_true") or [0] * len(keys)
    first = {tree: key for key in reversed(keys) for tree in [key[0]]}
    return TreeEnsemble(
        feature=np.asarray(a["nodes_featureids"], np.int64)[inner],
        mode=np.array([MODES.index(modes[i]) for i in inner], np.int64),
        split=split,
        members=(None,) * len(inner),
        when_true=_targets(a["nodes_truenodeids"], inner, branch, place),
        when_false=_targets(a["nodes_falsenodeids"], inner, branch, place),
        missing_true=np.asarray(missing, bool)[inner],
        leaf_start=start,
        leaf_target=target,
        leaf_weight=weight,
        roots=np.array([place[first[tree]] for tree in dict.fromkeys(key[0] for key in keys)], np.int64),
        targets=int(a.get("n_targets") or (int(target.max()) + 1 if len(target) else 1)),
        aggregate=(a.get("aggregate_function") or b"SUM").decode(),
        kind=str(weight.dtype),
    )


def _floats(a: Mapping[str, Any], name: str) -> Array:
    tensor = a.get(f"{name}_as_tensor")
    return _tensor(tensor) if tensor is not None else np.asarray(a[name], np.float32)


def _targets(ids: Sequence[int], inner: Array, branch: Sequence[tuple[int, int]], place: Mapping[Any, int]) -> Array:
    return np.array([place[(tree, ids[i])] for i, (tree, _) in zip(inner, branch, strict=True)], np.int64)


def _votes(a: Mapping[str, Any], leaf: str, leaves: Sequence[tuple[int, int]]) -> tuple[Array, Array, Array]:
    """Votes gathered by leaf: start [L + 1], target [V], weight [V]."""
    weights = _floats(a, f"{leaf}_weights")
    order: dict[tuple[int, int], list[int]] = {key: [] for key in leaves}
    for i, key in enumerate(zip(a[f"{leaf}_treeids"], a[f"{leaf}_nodeids"], strict=True)):
        order[key].append(i)
    positions = [i for votes in order.values() for i in votes]
    start = np.concatenate([[0], np.cumsum([len(votes) for votes in order.values()])])
    return start, np.asarray(a[f"{leaf}_ids"], np.int64)[positions], weights[positions]


def evaluate(trees: TreeEnsemble, columns: Array) -> Array:
    """Results [N, targets] for columns [N, C], by walking the trees; the meaning of the node, written plainly."""
    out = np.zeros((len(columns), trees.targets), np.float64)
    for row, values in enumerate(columns):
        votes: list[list[float]] = [[] for _ in range(trees.targets)]
        for root in trees.roots:
            at = int(root)
            while at >= 0:
                at = int(trees.when_true[at] if branch(trees, at, values[trees.feature[at]]) else trees.when_false[at])
            for vote in range(int(trees.leaf_start[-1 - at]), int(trees.leaf_start[-at])):
                votes[int(trees.leaf_target[vote])].append(float(trees.leaf_weight[vote]))
        out[row] = [_aggregate(trees, found) for found in votes]
    return out.astype(trees.kind)


def _aggregate(trees: TreeEnsemble, votes: Sequence[float]) -> float:
    if trees.aggregate in ("SUM", "AVERAGE"):
        total = float(sum(votes))
        return total / len(trees.roots) if trees.aggregate == "AVERAGE" else total
    return (min if trees.aggregate == "MIN" else max)(votes, default=0.0)


def branch(trees: TreeEnsemble, node: int, value: float) -> bool:
    """Whether a value goes the true way at a node."""
    if value != value:
        return bool(trees.missing_true[node])
    split, mode = trees.split[node], MODES[int(trees.mode[node])]
    members = trees.members[node]
    if members is not None:
        return value in members
    return bool(
        {
            "BRANCH_LEQ": value <= split,
            "BRANCH_LT": value < split,
            "BRANCH_GTE": value >= split,
            "BRANCH_GT": value > split,
            "BRANCH_EQ": value == split,
            "BRANCH_NEQ": value != split,
        }[mode]
    )
