"""One `TreeEnsemble` node (`ai.onnx.ml` 5) or `TreeEnsembleRegressor` node (1 and 3), built without a loop over nodes.

Sources: the ONNX operator specifications (ai.onnx.ml TreeEnsemble-5, TreeEnsembleRegressor-3). In onnxruntime the
first computes in the type of its input; the second always gives float32, in whatever type it compares.
"""

import numpy as np
from numpy.typing import NDArray
from spox import Var

from modelport_onnx.blocks.packed import Value, floats, ints, operator, strings
from modelport_onnx.blocks.trees import EQ, LEQ, LT, MEMBER, Ints, Trees, float32_splits

DOMAIN = "ai.onnx.ml"
_LEAF = 255
_WORDS = {LEQ: "BRANCH_LEQ", LT: "BRANCH_LT", EQ: "BRANCH_EQ", _LEAF: "LEAF"}


def tree_ensemble(x: Var, trees: Trees, weight: NDArray[np.generic], target: Ints, outputs: int) -> Var:
    """Version 5: sums of leaf weights [N, outputs], in the type of `x` (float32 or float64).

    Args:
        weight, target: [L], what each leaf adds and to which output, leaves in the order of the nodes.
    """
    dtype = x.unwrap_tensor().dtype.type
    splits = (trees.threshold if dtype is np.float64 else float32_splits(trees)).astype(dtype)
    leaf = trees.is_leaf
    inner_id, leaf_id = np.cumsum(~leaf) - 1, np.cumsum(leaf) - 1
    lone = trees.roots[leaf[trees.roots]]
    inner = np.flatnonzero(~leaf)
    place = np.where(leaf, leaf_id, inner_id)
    place_of_lone = len(inner) + np.arange(len(lone))
    true, false = trees.true[inner], trees.false[inner]
    roots = inner_id[trees.roots]
    roots[leaf[trees.roots]] = place_of_lone

    def with_lone(values: NDArray[np.generic], filler: NDArray[np.generic]) -> Ints:
        return np.concatenate([values, filler]).astype(np.int64)

    none, ones = np.zeros(len(lone), np.int64), np.ones(len(lone), np.int64)
    attributes: dict[str, Value] = {
        "aggregate_function": 1,
        "leaf_targetids": ints("leaf_targetids", target),
        "leaf_weights": weight.astype(dtype),
        "n_targets": outputs,
        "nodes_falseleafs": ints("nodes_falseleafs", with_lone(leaf[false], ones)),
        "nodes_falsenodeids": ints("nodes_falsenodeids", with_lone(place[false], leaf_id[lone])),
        "nodes_featureids": ints("nodes_featureids", with_lone(trees.feature[inner], none)),
        "nodes_modes": np.concatenate([trees.mode[inner], none]).astype(np.uint8),
        "nodes_splits": np.concatenate([splits[inner], none]).astype(dtype),
        "nodes_trueleafs": ints("nodes_trueleafs", with_lone(leaf[true], ones)),
        "nodes_truenodeids": ints("nodes_truenodeids", with_lone(place[true], leaf_id[lone])),
        "post_transform": 0,
        "tree_roots": ints("tree_roots", roots),
    }
    if trees.missing_true.any():
        tracks = with_lone(trees.missing_true[inner], none)
        attributes["nodes_missing_value_tracks_true"] = ints("nodes_missing_value_tracks_true", tracks)
    if trees.members:
        listed = [np.append(members, np.nan) for members in trees.members]
        attributes["membership_values"] = np.concatenate(listed).astype(dtype)
    return operator("TreeEnsemble", DOMAIN, 5, x, dict(sorted(attributes.items())), outputs, dtype)


def tree_ensemble_regressor(
    x: Var, trees: Trees, weight: NDArray[np.generic], target: Ints, outputs: int, version: int
) -> Var:
    """Versions 1 and 3: sums of leaf weights [N, outputs] in float32. float64 inputs need version 3.

    A MEMBER node becomes a chain of equality tests that share their true child.
    """
    wide = x.unwrap_tensor().dtype.type is np.float64
    assert version >= 3 or not wide, "version 1 compares in float32 only"
    trees = _without_members(trees)
    leaf = trees.is_leaf
    tree = np.repeat(np.arange(trees.count), trees.ends - trees.roots)
    first = trees.roots[tree]
    number = np.arange(len(leaf)) - first
    mode = np.where(leaf, _LEAF, trees.mode).astype(np.int64)
    attributes: dict[str, Value] = {
        "aggregate_function": "SUM",
        "n_targets": outputs,
        "nodes_falsenodeids": ints("nodes_falsenodeids", np.where(leaf, 0, trees.false - first)),
        "nodes_featureids": ints("nodes_featureids", trees.feature),
        "nodes_modes": strings("nodes_modes", mode, _WORDS),
        "nodes_nodeids": ints("nodes_nodeids", number),
        "nodes_treeids": ints("nodes_treeids", tree),
        "nodes_truenodeids": ints("nodes_truenodeids", np.where(leaf, 0, trees.true - first)),
        "post_transform": "NONE",
        "target_ids": ints("target_ids", target),
        "target_nodeids": ints("target_nodeids", number[leaf]),
        "target_treeids": ints("target_treeids", tree[leaf]),
    }
    if wide:
        attributes["nodes_values_as_tensor"] = trees.threshold
        attributes["target_weights_as_tensor"] = weight.astype(np.float64)
    else:
        attributes["nodes_values"] = floats("nodes_values", float32_splits(trees))
        attributes["target_weights"] = floats("target_weights", weight.astype(np.float32))
    if trees.missing_true.any():
        tracks = trees.missing_true.astype(np.int64)
        attributes["nodes_missing_value_tracks_true"] = ints("nodes_missing_value_tracks_true", tracks)
    ordered = dict(sorted(attributes.items()))
    return operator("TreeEnsembleRegressor", DOMAIN, version, x, ordered, outputs, np.float32)


def _without_members(trees: Trees) -> Trees:
    """MEMBER nodes as chains of EQ nodes. A set's first test takes the node's place, the others follow it."""
    if not trees.members:
        return trees
    size = np.ones(len(trees.feature), np.int64)
    size[trees.mode == MEMBER] = [len(members) for members in trees.members]
    start = np.cumsum(size) - size
    source = np.repeat(np.arange(len(size)), size)
    last = np.cumsum(size) - 1
    leaf = trees.is_leaf[source]
    here = np.arange(len(source))
    threshold = trees.threshold[source]
    threshold[trees.mode[source] == MEMBER] = np.concatenate(trees.members)
    return Trees(
        start[trees.roots],
        trees.feature[source],
        threshold,
        np.where(leaf, -1, start[trees.true[source]]),
        np.where(leaf, -1, np.where(here == last[source], start[trees.false[source]], here + 1)),
        trees.value[source],
        trees.missing_true[source],
        np.where(trees.mode[source] == MEMBER, EQ, trees.mode[source]).astype(np.uint8),
        (),
        trees.target,
    )
