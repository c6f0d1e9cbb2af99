"""The trees of `TreeEnsemble` (ai.onnx.ml 5), `TreeEnsembleRegressor` and `TreeEnsembleClassifier` (1 and 3) as arrays.

Sources: the ONNX operator specifications of these three.
"""

from typing import Any

import numpy as np
import onnx
from onnx import numpy_helper

from modelport.parity.inner import Forest

Array = np.ndarray[Any, np.dtype[Any]]

LEQ, LT, GTE, GT, EQ, NEQ, MEMBER, LEAF = range(8)
_WORDS = {
    b"BRANCH_LEQ": LEQ,
    b"BRANCH_LT": LT,
    b"BRANCH_GTE": GTE,
    b"BRANCH_GT": GT,
    b"BRANCH_EQ": EQ,
    b"BRANCH_NEQ": NEQ,
    b"LEAF": LEAF,
}


def forest_of(node: onnx.NodeProto) -> Forest:
    """The trees of a node."""
    values = {attribute.name: _value(attribute) for attribute in node.attribute}
    return _modern(values) if node.op_type == "TreeEnsemble" else _classic(values)


def _value(attribute: onnx.AttributeProto) -> Array:
    if attribute.type == onnx.AttributeProto.TENSOR:
        return numpy_helper.to_array(attribute.t)
    value = onnx.helper.get_attribute_value(attribute)
    return np.asarray(value, object if attribute.type == onnx.AttributeProto.STRINGS else None)


def _modern(values: dict[str, Array]) -> Forest:
    mode = values["nodes_modes"].astype(np.int64)
    threshold = values["nodes_splits"].astype(np.float64)
    if MEMBER in mode:
        threshold[mode == MEMBER] = _first_members(values["membership_values"].astype(np.float64))
    true = np.where(values["nodes_trueleafs"].astype(bool), -1, values["nodes_truenodeids"])
    false = np.where(values["nodes_falseleafs"].astype(bool), -1, values["nodes_falsenodeids"])
    tracks = values.get("nodes_missing_value_tracks_true", np.zeros(len(mode), np.int64))
    return _forest(values["nodes_featureids"], threshold, mode, true, false, tracks, values["tree_roots"])


def _first_members(listed: Array) -> Array:
    """The first value of each set; sets end with a NaN."""
    ends = np.flatnonzero(np.isnan(listed))
    starts = np.concatenate([[0], ends[:-1] + 1]) if len(ends) else np.array([0])
    return np.asarray(listed[starts])


def _classic(values: dict[str, Array]) -> Forest:
    """Leaves are nodes of their own here; they are dropped."""
    mode = np.array([_WORDS[word] for word in values["nodes_modes"]], np.int64)
    threshold = values.get("nodes_values_as_tensor", values.get("nodes_values", np.zeros(len(mode)))).astype(np.float64)
    tree, number = values["nodes_treeids"].astype(np.int64), values["nodes_nodeids"].astype(np.int64)
    place = {key: i for i, key in enumerate(zip(tree.tolist(), number.tolist(), strict=True))}
    inner = np.flatnonzero(mode != LEAF)
    renumbered = np.full(len(mode) + 1, -1)
    renumbered[inner] = np.arange(len(inner))

    def children(name: str) -> Array:
        pairs = zip(tree[inner].tolist(), values[name].astype(np.int64)[inner].tolist(), strict=True)
        return np.asarray(renumbered[[place.get(pair, len(mode)) for pair in pairs]], np.int64)

    first = np.concatenate([[True], tree[1:] != tree[:-1]]) if len(tree) else np.zeros(0, bool)
    tracks = values.get("nodes_missing_value_tracks_true", np.zeros(0))
    tracks = tracks if len(tracks) == len(mode) else np.zeros(len(mode))
    return _forest(
        values["nodes_featureids"][inner],
        threshold[inner],
        mode[inner],
        children("nodes_truenodeids"),
        children("nodes_falsenodeids"),
        tracks[inner],
        renumbered[:-1][first],
    )


def _forest(
    feature: Array, threshold: Array, mode: Array, true: Array, false: Array, tracks: Array, roots: Array
) -> Forest:
    """Brings `>`, `>=` and `!=` to `<=`, `<` and `==` by exchanging the children."""
    turned = np.isin(mode, (GTE, GT, NEQ))
    missing_true = tracks.astype(bool)
    return Forest(
        feature.astype(np.int64),
        threshold,
        strict=np.isin(mode, (LT, GTE)),
        equal=np.isin(mode, (EQ, NEQ, MEMBER)),
        yes=np.where(turned, false, true).astype(np.int64),
        no=np.where(turned, true, false).astype(np.int64),
        missing_yes=np.where(turned, ~missing_true, missing_true),
        roots=roots.astype(np.int64),
    )
