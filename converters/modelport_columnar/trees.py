"""TreeEnsemble: the trees of every version of the ONNX operators, in one layout of arrays.

The layout is that of `ai.onnx.ml` 5 (`TreeEnsemble`); the older operators' nodes are renumbered into it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from onnx import numpy_helper

from modelport_columnar.values import Array

MODES = ("BRANCH_LEQ", "BRANCH_LT", "BRANCH_GTE", "BRANCH_GT", "BRANCH_EQ", "BRANCH_NEQ", "BRANCH_MEMBER")
"""Comparison of a node by its number; `BRANCH_MEMBER` asks whether the value is in the node's set."""

AGGREGATES = ("AVERAGE", "SUM", "MIN", "MAX")


@dataclass(frozen=True, slots=True, eq=False)
class Walk:
    """What one tree consists of: the columns it asks about, and its leaves, each in ascending order."""

    features: tuple[int, ...]
    leaves: Array


@dataclass(frozen=True, slots=True, eq=False)
class TreeEnsemble:
    """An ensemble. Its arrays are as narrow as their values allow: forests have millions of nodes.

    Attributes:
        feature, mode, split: [B] for each branching node: column, index into `MODES`, threshold.
        members: the set of values of each branching node that has one.
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
    members: Mapping[int, tuple[float, ...]]
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

    def walk(self, root: int) -> Walk:
        """What the tree with this root consists of; all trees are walked when the first is asked for."""
        if root not in self._walks:
            yes, no = self.when_true.tolist(), self.when_false.tolist()
            for first in dict.fromkeys((root, *self.roots.tolist())):
                self._walks[first] = self._walked(first, yes, no)
        return self._walks[root]

    def _walked(self, root: int, yes: list[int], no: list[int]) -> Walk:
        nodes, stack = [], [root]
        while stack:
            at = stack.pop()
            nodes.append(at)
            if at >= 0:
                stack += (yes[at], no[at])
        found = np.unique(np.array(nodes, np.int64))
        first = int(np.searchsorted(found, 0))
        features = np.unique(self.feature[found[first:]]).tolist()
        return Walk(tuple(features), (-1 - found[:first][::-1]).astype(np.int32))


def _tensor(value: Any) -> Array:
    return numpy_helper.to_array(value) if value is not None else np.empty(0)


def _whole(values: Sequence[int], dtype: Any = np.int32) -> Array:
    """Whole numbers of an attribute, without a list of them in between where it is an attribute's own container.

    Raises:
        OverflowError: beyond the type's range.
    """
    return np.fromiter(values, dtype, len(values))


def _children(ids: Sequence[int], leaf: Sequence[int]) -> Array:
    positions = _whole(ids)
    return np.where(_whole(leaf, np.bool_), -1 - positions, positions)


def from_version_5(a: Mapping[str, Any]) -> TreeEnsemble:
    """`ai.onnx.ml.TreeEnsemble`."""
    split, weight = _tensor(a["nodes_splits"]), _tensor(a["leaf_weights"])
    mode = _tensor(a["nodes_modes"]).astype(np.uint8)
    true_leafs, false_leafs = a["nodes_trueleafs"], a["nodes_falseleafs"]
    missing = a.get("nodes_missing_value_tracks_true")
    return TreeEnsemble(
        feature=_whole(a["nodes_featureids"]),
        mode=mode,
        split=split,
        members=_members(mode, _tensor(a.get("membership_values"))),
        when_true=_children(a["nodes_truenodeids"], true_leafs),
        when_false=_children(a["nodes_falsenodeids"], false_leafs),
        missing_true=_whole(missing, np.bool_) if missing else np.zeros(len(split), bool),
        leaf_start=np.arange(len(weight) + 1, dtype=np.int32),
        leaf_target=_whole(a["leaf_targetids"]),
        leaf_weight=weight,
        roots=_whole(a["tree_roots"]),
        targets=int(a.get("n_targets") or (max(a["leaf_targetids"]) + 1)),
        aggregate=AGGREGATES[int(a.get("aggregate_function", 1))],
        kind=str(weight.dtype),
    )


def _members(mode: Array, values: Array) -> dict[int, tuple[float, ...]]:
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
    asking = np.flatnonzero(mode == MODES.index("BRANCH_MEMBER")).tolist()
    return dict(zip(asking, sets, strict=True))


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
        mode=np.array([MODES.index(modes[i]) for i in inner], np.uint8),
        split=split,
        members={},
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
    """Sums one after another, each rounded to the ensemble's own type."""
    if trees.aggregate in ("SUM", "AVERAGE"):
        total = float(sum(np.asarray(votes, trees.kind), np.zeros((), trees.kind)))
        return total / len(trees.roots) if trees.aggregate == "AVERAGE" else total
    return (min if trees.aggregate == "MIN" else max)(votes, default=0.0)


def branch(trees: TreeEnsemble, node: int, value: float) -> bool:
    """Whether a value goes the true way at a node."""
    if value != value:
        return bool(trees.missing_true[node])
    split, mode = trees.split[node], MODES[int(trees.mode[node])]
    members = trees.members.get(node)
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
