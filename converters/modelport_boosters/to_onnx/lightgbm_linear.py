"""LightGBM's linear leaves: a constant and a weighted sum of the row; a row that misses a value gets the leaf's own.

Source: LightGBM 4, `Tree::Predict` with `is_linear_` (`include/LightGBM/tree.h`).
"""

from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from spox import Var

from modelport_boosters.lgbm.model import LgbmModel, LgbmTree
from modelport_onnx.blocks.constant import double, ints
from modelport_onnx.blocks.sums import in_order
from modelport_onnx.blocks.tree_ensemble import reached
from modelport_onnx.blocks.trees import Trees
from modelport_onnx.lowering import Scope
from modelport_onnx.ops import op

_BLOCK = 8
"""Trees at a time: [N, trees, columns] products are held for each."""


def linear_total(model: LgbmModel, x: Var, values: Var, trees: Trees, scope: Scope) -> Var:
    """[N, outputs] float64 sums over trees.

    Args:
        x: the matrix that splits look at.
        values: [N, C] float64, the columns of the data themselves.
    """
    used = sorted({int(column) for tree in model.trees for own in tree.columns for column in own})
    rows = op.gather(values, ints(*used), axis=1) if used else None
    bounds = [*range(0, trees.count, _BLOCK), trees.count]
    parts = [
        _block(model.trees[a:b], trees.slice(a, b), x, rows, used, model.outputs, a, scope) for a, b in pairwise(bounds)
    ]
    return in_order(parts)


def _block(
    own: tuple[LgbmTree, ...],
    trees: Trees,
    x: Var,
    rows: Var | None,
    used: list[int],
    outputs: int,
    first: int,
    scope: Scope,
) -> Var:
    leaf = reached(x, trees, scope)
    constant = np.concatenate([tree.constant if tree.linear else tree.value for tree in own])
    given = op.gather(double(constant), leaf, axis=0)
    if rows is not None:
        weights, present = _tables(own, used)
        hole = op.isnan(rows)
        here = op.unsqueeze(op.where(hole, double(0.0), rows), ints(1))
        products = op.mul(op.gather(double(weights), leaf, axis=0), here)
        sloped = op.add(given, op.reduce_sum(products, ints(2), keepdims=0))
        misses = op.and_(op.gather(op.const(present), leaf, axis=0), op.unsqueeze(hole, ints(1)))
        missing = op.reduce_max(op.cast(misses, to=np.int64), ints(2), keepdims=0)
        plain = op.gather(double(np.concatenate([tree.value for tree in own])), leaf, axis=0)
        given = op.where(op.greater(missing, op.const(np.int64(0))), plain, sloped)
    onto = np.zeros((len(own), outputs))
    onto[np.arange(len(own)), (first + np.arange(len(own))) % outputs] = 1.0
    return op.matmul(given, double(onto))


def _tables(own: tuple[LgbmTree, ...], used: list[int]) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """[L, used columns] weights, and which of them a leaf has."""
    leaves = sum(len(tree.value) for tree in own)
    weights, present = np.zeros((leaves, len(used))), np.zeros((leaves, len(used)), np.bool_)
    place = {column: i for i, column in enumerate(used)}
    at = 0
    for tree in own:
        for number, (columns, factors) in enumerate(zip(tree.columns, tree.factors, strict=True)):
            where: list[Any] = [place[int(column)] for column in columns]
            weights[at + number, where], present[at + number, where] = factors, True
        at += len(tree.value)
    return weights, present
