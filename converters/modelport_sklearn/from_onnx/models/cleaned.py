"""LightGBM's cleaning of rows before its trees, taken into the trees.

LightGBM takes numbers within 1e-35 of 0 for 0, and in columns that had no missing value in training NaN for 0 too
(`NumericalDecision` in its `include/LightGBM/tree.h`, 4.x). The first moves splits within that distance of 0 to one of
its ends; the second is the side on which 0 lies.
"""

from dataclasses import replace

import numpy as np

from modelport_sklearn.from_onnx.graph import Array, Graph, NoMatch, expect
from modelport_sklearn.from_onnx.models.ensemble import LEAF, Forest, Tree


def cleaned(graph: Graph, forest: Forest) -> tuple[str, Forest]:
    """The rows before they are cleaned, and trees that need no cleaning; unchanged where nothing is cleaned."""
    rows = forest.rows
    filled: Array = np.zeros(1, bool)
    if graph.op(rows) == "Where":
        try:
            rows, filled = _filled(graph, rows)
        except NoMatch:
            rows = forest.rows
    if graph.op(rows) == "Where":
        try:
            rows, limit = _near_zero(graph, rows)
        except NoMatch:
            return forest.rows, forest
        forest = replace(forest, trees=tuple(_without_zone(tree, limit) for tree in forest.trees))
    columns = np.broadcast_to(filled.ravel(), graph.width(rows))
    return rows, replace(forest, rows=rows, trees=tuple(_as_zero(tree, columns) for tree in forest.trees))


def _filled(graph: Graph, name: str) -> tuple[str, Array]:
    """`where(isnan(x) & mask, 0, x)` → x and the mask."""
    node = graph.node(name, "Where")
    rows = graph.plain(node.input[2])
    expect(not graph.constant(node.input[1]).any())
    test, mask = graph.with_constant(node.input[0], "And")
    expect(graph.behind(test, "IsNaN") == rows)
    return rows, mask


def _near_zero(graph: Graph, name: str) -> tuple[str, float]:
    """`where(|x| <= limit, 0, x)` → x and the limit."""
    node = graph.node(name, "Where")
    rows = graph.plain(node.input[2])
    expect(not graph.constant(node.input[1]).any())
    size, limit = graph.by_constant(node.input[0], "LessOrEqual")
    expect(graph.behind(size, "Abs") == rows and limit.size == 1)
    return rows, float(limit.ravel()[0])


def _without_zone(tree: Tree, limit: float) -> Tree:
    """Splits that lie where all numbers count as 0 are moved to that side of it on which 0 does not lie."""
    split = tree.threshold
    inside = (tree.left != LEAF) & (split >= -limit) & (split < limit)
    ends = np.where(split >= 0, limit, np.nextafter(-limit, -np.inf))
    return replace(tree, threshold=np.where(inside, ends, split))


def _as_zero(tree: Tree, columns: Array) -> Tree:
    """Where NaN counts as 0 it goes where 0 goes."""
    inner = tree.left != LEAF
    as_zero = inner & columns[np.where(inner, tree.feature, 0)]
    return replace(tree, missing_left=np.where(as_zero, tree.threshold >= 0, tree.missing_left))
