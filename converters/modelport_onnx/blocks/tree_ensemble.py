"""Trees as a graph, exactly: every input takes the branch the original takes, whatever the opset allows.

Where `ai.onnx.ml` 5 may be used, its `TreeEnsemble` compares and sums in float64. Where only older versions may, their
float32 output carries the number of the leaf that was reached (a float32 holds integers to 2^24), and the leaf's
values are looked up in a float64 table: exact too.

Trees go into nodes of at most `BLOCK`: a block's nodes stay in the processor's cache while rows pass, and onnxruntime
(1.32, tree_ensemble_common.h) adds up to 80 trees in their order, whatever the number of threads.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from spox import Var

from modelport.errors import InputError
from modelport_onnx.blocks.tree_nodes import tree_ensemble, tree_ensemble_regressor
from modelport_onnx.blocks.trees import Ints, Trees
from modelport_onnx.frame import cast, concat
from modelport_onnx.lowering import Scope
from modelport_onnx.ops import op

BLOCK = 64
"""Trees a node."""

_BYTES_A_NODE, _LARGEST = 20, 1 << 31
"""What a tree's node takes in a file, roughly, and where a protobuf message ends."""


def total(x: Var, trees: Trees, scope: Scope) -> Var:
    """The sum over all trees of what the reached leaves give, [N, K] float64.

    K is the width of a leaf; or the number of targets, where each tree adds to one of them.

    Args:
        x: [N, C] float32 or float64; splits are compared in this type.

    Raises:
        CannotConvert: the opset cap leaves no exact form.
    """
    _check(x, trees, scope)
    parts = [
        _block_total(x, block, trees.outputs, scope)
        for forest in _apart(trees, scope)
        for block in forest.blocks(BLOCK)
    ]
    return parts[0] if len(parts) == 1 else op.sum(parts)


def each(x: Var, trees: Trees, dtype: type[np.generic], scope: Scope) -> Var:
    """What each tree gives, [N, T] in float32 or float64; leaves of one value.

    Raises:
        CannotConvert: the opset cap leaves no exact form.
    """
    _check(x, trees, scope)
    return concat([_block_each(x, block, dtype, scope) for block in trees.blocks(BLOCK)])


def reached(x: Var, trees: Trees, scope: Scope) -> Var:
    """The node each tree ends in, [N, T] int64, counted over all leaves of all trees.

    Raises:
        CannotConvert: the opset cap leaves no exact form.
    """
    _check(x, trees, scope)
    parts, before = [], 0
    for block in trees.blocks(BLOCK):
        leaf = _block_leaf(x, block, scope)
        parts.append(op.add(leaf, op.const(np.int64(before))) if before else leaf)
        before += int(np.count_nonzero(block.is_leaf))
    return concat(parts)


def leaf_indicators(x: Var, trees: Trees, scope: Scope) -> Var:
    """[N, L] float64, 1 in the column of each leaf that was reached, leaves in the order of the nodes.

    Raises:
        CannotConvert: the opset cap leaves no exact form.
    """
    _check(x, trees, scope)
    parts = []
    for block in trees.blocks(BLOCK):
        columns = np.arange(np.count_nonzero(block.is_leaf))
        ones = np.ones(len(columns))
        if _newest(scope):
            found = tree_ensemble(x, block, ones, columns, len(columns))
        else:
            found = _old(x, block, ones, columns, len(columns), scope)
        parts.append(cast(found, np.float64))
    return concat(parts)


def _trees_of_leaves(trees: Trees) -> Ints:
    """[L], the tree each leaf belongs to."""
    return np.repeat(np.arange(trees.count), trees.ends - trees.roots)[trees.is_leaf]


def _check(x: Var, trees: Trees, scope: Scope) -> None:
    """Refuses what no file holds, and trees that would read past the end of a row."""
    shape = x.unwrap_tensor().shape
    width = shape[1] if shape else None
    if isinstance(width, int) and int(trees.feature.max()) >= width:
        raise InputError(f"a tree looks at column {int(trees.feature.max()) + 1} of {width}", where=scope.where)
    nodes = len(trees.feature)
    if nodes * _BYTES_A_NODE > _LARGEST:
        reason = f"{nodes:,} nodes of trees do not fit into one ONNX file, which ends at 2 GB"
        raise scope.refuse(reason, "fit fewer or smaller trees, with max_depth or min_samples_leaf")


def _newest(scope: Scope) -> bool:
    return scope.ml_opset >= 5


def _apart(trees: Trees, scope: Scope) -> list[Trees]:
    """Trees whose leaves give to one output each, which one node can add up, and the others, apart from each other."""
    if trees.width == 1 or not _newest(scope):
        return [trees]
    pure = trees.pure()
    return [trees.keep(mask) for mask in (pure, ~pure) if mask.any()]


def _old(x: Var, trees: Trees, weight: NDArray[Any], target: Ints, outputs: int, scope: Scope) -> Var:
    """Sums of leaf weights in float32, with an operator older than version 5."""
    version = 3 if scope.ml_opset >= 3 else 1
    if version < 3 and x.unwrap_tensor().dtype.type is np.float64:
        hint = "allow --ml-opset 3, or convert with --precision portable"
        raise scope.refuse("splits between float64 values need ai.onnx.ml 3 or newer", hint)
    return tree_ensemble_regressor(x, trees, weight, target, outputs, version)


def _block_leaf(x: Var, trees: Trees, scope: Scope) -> Var:
    number = np.arange(np.count_nonzero(trees.is_leaf))
    if len(number) >= 1 << 24:
        raise scope.refuse(f"{trees.count} trees have {len(number)} leaves, more than float32 can number")
    if _newest(scope):
        found = tree_ensemble(x, trees, number, _trees_of_leaves(trees), trees.count)
    else:
        found = _old(x, trees, number, _trees_of_leaves(trees), trees.count, scope)
    return cast(found, np.int64)


def _block_each(x: Var, trees: Trees, dtype: type[np.generic], scope: Scope) -> Var:
    weight = trees.value[trees.is_leaf, 0].astype(dtype)
    narrow = x.unwrap_tensor().dtype.type is np.float32 and dtype is np.float32
    if _newest(scope):
        owner = _trees_of_leaves(trees)
        wide = cast(x, np.float32 if narrow else np.float64)
        return cast(tree_ensemble(wide, trees, weight, owner, trees.count), dtype)
    if narrow:
        return _old(x, trees, weight, _trees_of_leaves(trees), trees.count, scope)
    return op.gather(op.const(weight), _block_leaf(x, trees, scope), axis=0)


def _block_total(x: Var, trees: Trees, outputs: int, scope: Scope) -> Var:
    if trees.width == 1 and _newest(scope):
        target = np.zeros(trees.count, np.int64) if trees.target is None else trees.target
        weight = trees.value[trees.is_leaf, 0]
        return tree_ensemble(cast(x, np.float64), trees, weight, target[_trees_of_leaves(trees)], outputs)
    if trees.width > 1 and _newest(scope) and trees.pure().all():
        leaves = trees.value[trees.is_leaf]
        owner = np.argmax(leaves != 0, axis=1)
        return tree_ensemble(cast(x, np.float64), trees, leaves.sum(axis=1), owner, outputs)
    if trees.target is not None:
        values = _block_each(x, trees, np.float64, scope)
        onto = np.zeros((trees.count, outputs))
        onto[np.arange(trees.count), trees.target] = 1.0
        return op.matmul(values, op.const(onto))
    table = op.const(trees.value[trees.is_leaf].astype(np.float64))
    values = op.gather(table, _block_leaf(x, trees, scope), axis=0)
    return op.reduce_sum(values, op.const(np.array([1], np.int64)), keepdims=0)
