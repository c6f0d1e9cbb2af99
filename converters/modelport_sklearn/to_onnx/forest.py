"""Forests: the mean over trees, in float64, as scikit-learn takes it.

Source: `sklearn.ensemble.ForestClassifier`, `ForestRegressor`, `RandomTreesEmbedding` (1.9).
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from spox import Var

from modelport_onnx.blocks.choose import first_largest
from modelport_onnx.blocks.constant import double
from modelport_onnx.blocks.sums import part
from modelport_onnx.blocks.tree_ensemble import leaf_indicators, total
from modelport_onnx.blocks.trees import Trees
from modelport_onnx.frame import Frame, frame_of
from modelport_onnx.lowering import Scope
from modelport_onnx.ops import op
from modelport_onnx.outcome import Classified, MultiClassified, Regressed
from modelport_sklearn.to_onnx.classes import classes_of
from modelport_sklearn.to_onnx.tree_arrays import leaf_values, narrow, tree_arrays


def regressor(estimator: Any, frame: Frame, scope: Scope) -> Regressed:
    """RandomForestRegressor, ExtraTreesRegressor: [N, T], one column a target."""
    inner = [member.tree_ for member in estimator.estimators_]
    trees = tree_arrays(inner, [leaf_values(tree)[:, :, 0] for tree in inner])
    return Regressed(op.div(total(narrow(frame, scope), trees, scope), double(len(inner))))


def classifier(estimator: Any, frame: Frame, scope: Scope) -> Classified | MultiClassified:
    """RandomForestClassifier, ExtraTreesClassifier, with one target or several."""
    inner = [member.tree_ for member in estimator.estimators_]
    sizes = np.atleast_1d(estimator.n_classes_).tolist()
    x = narrow(frame, scope)
    if sizes == [2]:
        shares = two_class_shares(x, tree_arrays(inner, [leaf_values(tree)[:, 0, 1:] for tree in inner]), scope)
        return _classified(estimator.classes_, shares, scope)
    trees = tree_arrays(inner, [_side_by_side(leaf_values(tree), sizes) for tree in inner])
    shares = op.div(total(x, trees, scope), double(len(inner)))
    if len(sizes) == 1:
        return _classified(estimator.classes_, shares, scope)
    ends = np.cumsum(sizes).tolist()
    parts = [part(shares, end - size, end, 1) for size, end in zip(sizes, ends, strict=True)]
    pairs = zip(estimator.classes_, parts, strict=True)
    return MultiClassified(tuple(_classified(classes, share, scope) for classes, share in pairs))


def two_class_shares(x: Var, trees: Trees, scope: Scope) -> Var:
    """[N, 2] mean shares from trees that give the second class's share; the first class's is what is left of 1.

    Trees grown to pure leaves give whole numbers, and then both columns are what scikit-learn computes to the bit.
    """
    second = total(x, trees, scope)
    first = op.sub(double(trees.count), second)
    return op.div(op.concat([first, second], axis=1), double(trees.count))


def _classified(classes: Any, shares: Var, scope: Scope) -> Classified:
    return Classified(classes_of(classes, scope), first_largest(shares), shares)


def _side_by_side(values: NDArray[np.float64], sizes: list[int]) -> NDArray[np.float64]:
    """[M, outputs, most classes] → [M, all classes of all outputs]."""
    return np.concatenate([values[:, i, :size] for i, size in enumerate(sizes)], axis=1)


def embedding(estimator: Any, frame: Frame, scope: Scope) -> Frame:
    """RandomTreesEmbedding: one column a leaf, 1 where the row ends in it."""
    inner = [member.tree_ for member in estimator.estimators_]
    trees = tree_arrays(inner, [np.zeros((tree.node_count, 1)) for tree in inner])
    columns = leaf_indicators(narrow(frame, scope), trees, scope)
    leaves = np.split(np.flatnonzero(trees.is_leaf), np.searchsorted(np.flatnonzero(trees.is_leaf), trees.roots[1:]))
    known = [leaf - root for leaf, root in zip(leaves, trees.roots, strict=True)]
    encoded = estimator.one_hot_encoder_.categories_
    if any(own.tolist() != list(seen) for own, seen in zip(known, encoded, strict=True)):
        raise scope.refuse("a leaf that no training row reached has no column", "fit with every row's weight positive")
    names = [f"randomtreesembedding_{tree}_{leaf}" for tree, own in enumerate(known) for leaf in own.tolist()]
    return frame_of(columns, names, sparse=bool(estimator.sparse_output))
