"""Isolation forests.

Built on scikit-learn 1.9: `_compute_score_samples` reads `estimators_`, `estimators_features_`, `_max_samples`,
`_decision_path_lengths` and `_average_path_length_per_tree`; `decision_function` reads `offset_`. A leaf of the graph
holds its depth plus the expected depth among the training rows that reached it (Liu, Ting and Zhou, 2008, eq. 1), which
tells how many they were.
"""

import numpy as np

from modelport.signature import Task
from modelport_sklearn.from_onnx.graph import Array, expect
from modelport_sklearn.from_onnx.head import Found, Head
from modelport_sklearn.from_onnx.models.ensemble import LEAF, Tree, forest_of
from modelport_sklearn.from_onnx.models.sktree import regression_tree

_MOST = 1 << 20
"""Training rows a leaf may have had, at most."""


def isolation_forest(head: Head) -> Found:
    """IsolationForest."""
    expect(head.task is Task.OUTLIERS)
    graph = head.graph
    inner, offset = graph.by_constant(graph.reshaped(head.scores), "Sub")
    power = graph.node(graph.behind(inner, "Neg"), "Pow")
    expect((graph.constant(power.input[0]) == 2).all())
    depth, unit = graph.by_constant(graph.behind(power.input[1], "Neg"), "Div")
    sums = graph.behind(graph.behind(depth, "Slice"), "CumSum")
    forest = forest_of(graph, graph.node(sums, "TreeEnsemble"), each=True)
    expect(forest.narrow)
    features = graph.width(forest.rows)
    lengths = [_lengths(tree) for tree in forest.trees]
    samples = _samples(float(unit.ravel()[0]) / len(forest.trees))
    from sklearn.ensemble import IsolationForest

    made = IsolationForest(n_estimators=len(forest.trees), max_samples=samples).fit(np.zeros((samples, features)))
    pairs = zip(forest.trees, lengths, strict=True)
    made.estimators_ = [regression_tree(tree, features, "ExtraTreeRegressor", rows) for tree, (_, _, rows) in pairs]
    made.estimators_features_ = [np.arange(features)] * len(forest.trees)
    made._decision_path_lengths = [path for path, _, _ in lengths]
    made._average_path_length_per_tree = [expected for _, expected, _ in lengths]
    made.offset_ = float(offset.ravel()[0])
    return Found(made, forest.rows)


def _expected(samples: Array) -> Array:
    """Mean depth of an unsuccessful search among so many rows."""
    counts = np.asarray(samples, np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        value = 2.0 * (np.log(counts - 1.0) + np.euler_gamma) - 2.0 * (counts - 1.0) / counts
    return np.where(counts <= 1, 0.0, np.where(counts == 2, 1.0, value))


def _samples(length: float) -> int:
    """How many rows have this expected depth."""
    low, high = 1, _MOST
    while low < high:
        middle = (low + high) // 2
        low, high = (middle + 1, high) if _expected(np.array(middle)) < length - 1e-9 else (low, middle)
    expect(abs(float(_expected(np.array(low))) - length) < 1e-6, "no expected depth of whole numbers of rows")
    return low


def _lengths(tree: Tree) -> tuple[Array, Array, Array]:
    """Of each node: nodes on the way to it, expected depth below it, and training rows."""
    depth = np.ones(len(tree.left))
    for node, (left, right) in enumerate(zip(tree.left.tolist(), tree.right.tolist(), strict=True)):
        if left != LEAF:
            depth[left] = depth[right] = depth[node] + 1
    leaf = tree.left == LEAF
    below = tree.value.sum(axis=1) - (depth - 1.0)
    expect((below[leaf] > -1e-9).all(), "a leaf that is deeper than it says")
    rows = np.ones(len(depth), np.int64)
    known: dict[float, int] = {}
    for node in np.flatnonzero(leaf).tolist():
        length = round(float(below[node]), 12)
        if length not in known:
            known[length] = _samples(length) if length > 1e-9 else 1
        rows[node] = known[length]
    for node in reversed(range(len(rows))):
        if not leaf[node]:
            rows[node] = rows[tree.left[node]] + rows[tree.right[node]]
    return depth, _expected(rows), rows
