"""Gradient boosting, on trees of float32 rows and on trees of float64 rows.

Built on scikit-learn 1.9. `GradientBoosting*` reads `estimators_` [stages, K], `init_` and `learning_rate`;
`HistGradientBoosting*` reads `_predictors` and `_baseline_prediction`. What else they need (the loss, the classes, the
bin mapper) is made by fitting one stump on rows of zeros. Of the first kind, the constant part goes into the first
stage's leaves, so that init="zero" and learning_rate=1 repeat the sums of the graph.
"""

from dataclasses import replace
from typing import Any

import numpy as np

from modelport.signature import Task
from modelport_sklearn.from_onnx.graph import Array, Graph, NoMatch, expect
from modelport_sklearn.from_onnx.head import Found, Head
from modelport_sklearn.from_onnx.models import links
from modelport_sklearn.from_onnx.models.cleaned import cleaned
from modelport_sklearn.from_onnx.models.ensemble import LEAF, Forest, Tree, total
from modelport_sklearn.from_onnx.models.sktree import regression_tree


def regressor(head: Head) -> Found:
    """GradientBoostingRegressor, HistGradientBoostingRegressor."""
    expect(head.task is Task.REGRESSION)
    name = head.graph.widened(head.graph.reshaped(head.graph.widened(head.only)))
    log = head.graph.op(name) == "Exp"
    forest, base = _raw(head.graph, head.graph.behind(name, "Exp") if log else name)
    expect(not (log and forest.narrow))
    return _built(head, forest, base, {"loss": "poisson"} if log else {})


def classifier(head: Head) -> Found:
    """GradientBoostingClassifier, HistGradientBoostingClassifier."""
    expect(head.task is Task.CLASSIFICATION)
    graph, several = head.graph, len(head.classes) > 2
    shares = head.probability()
    raw = links.softmax(graph, shares) if several else links.logistic(graph, links.two_sided(graph, shares))
    doubled = not several and graph.op(raw) == "Mul"
    if doubled:
        raw, two = graph.with_constant(raw, "Mul")
        expect((two == 2).all())
    forest, base = _raw(graph, raw)
    head.is_largest_of(raw, shares) if several else head.is_sign_of(raw, "Greater", "GreaterOrEqual")
    return _built(head, forest, base, {"loss": "exponential"} if doubled else {})


def _raw(graph: Graph, name: str) -> tuple[Forest, Array]:
    """Trees, and what is added to their sum [K]."""
    name, base = graph.widened(name), np.zeros(1)
    if graph.op(name) == "Add":
        name, base = graph.with_constant(name, "Add")
    forest = total(graph, name)
    return forest, np.broadcast_to(np.asarray(base, np.float64).ravel(), forest.width)


def _built(head: Head, forest: Forest, base: Array, options: dict[str, Any]) -> Found:
    target = head.classes if head.task is Task.CLASSIFICATION else np.ones(1)
    expect(forest.width == (len(target) if len(target) > 2 else 1), "a column of trees for each class")
    made = _narrow(head, forest, base, target, options) if forest.narrow else None
    if made is not None:
        return Found(made, forest.rows)
    rows, forest = cleaned(head.graph, forest)
    return Found(_wide(head, rows, forest, base, target, options), rows)


def _stages(forest: Forest) -> list[list[Tree]]:
    """[stages][K]: one tree for each class in each stage; trees of the same class keep their order."""
    columns: list[list[Tree]] = [[] for _ in range(forest.width)]
    for tree in forest.trees:
        used = np.flatnonzero((tree.value != 0).any(axis=0))
        expect(len(used) <= 1, "leaves that vote for several classes")
        columns[int(used[0]) if len(used) else _emptiest(columns)].append(tree)
    count = max(len(column) for column in columns)
    filled = [[*column, *[_nothing(forest.width)] * (count - len(column))] for column in columns]
    return [[column[stage] for column in filled] for stage in range(count)]


def _emptiest(columns: list[list[Tree]]) -> int:
    return min(range(len(columns)), key=lambda i: len(columns[i]))


def _nothing(width: int) -> Tree:
    leaf = np.full(1, LEAF)
    return Tree(leaf, leaf, np.full(1, -2), np.full(1, -2.0), np.zeros(1, bool), np.zeros((1, width)))


def _narrow(head: Head, forest: Forest, base: Array, target: Array, options: dict[str, Any]) -> Any:
    from sklearn.ensemble import GradientBoostingClassifier, GradientBoostingRegressor

    features = head.graph.width(forest.rows)
    kind = GradientBoostingClassifier if head.task is Task.CLASSIFICATION else GradientBoostingRegressor
    made = kind(n_estimators=1, init="zero", max_depth=1, learning_rate=1.0, **options)
    labels = np.repeat(target, 2)
    made.fit(np.zeros((len(labels), features)), labels)
    stages = _stages(forest)
    first = [
        replace(tree, value=np.where(tree.left[:, None] == LEAF, tree.value + _only(base, k), 0.0))
        for k, tree in enumerate(stages[0])
    ]
    members = [
        [regression_tree(_column(tree, k), features) for k, tree in enumerate(stage)] for stage in [first, *stages[1:]]
    ]
    made.estimators_ = np.array(members, object).reshape(len(stages), -1)
    made.n_estimators_ = len(stages)
    return made.set_params(n_estimators=len(stages), max_depth=3)


def _only(base: Array, column: int) -> Array:
    """[K] with nothing but one column."""
    return np.where(np.arange(len(base)) == column, base, 0.0)


def _column(tree: Tree, column: int) -> Tree:
    return replace(tree, value=tree.value[:, column : column + 1])


def _wide(head: Head, rows: str, forest: Forest, base: Array, target: Array, options: dict[str, Any]) -> Any:
    from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor

    if options.get("loss") == "exponential":
        raise NoMatch("no such loss")
    features = head.graph.width(rows)
    kind = HistGradientBoostingClassifier if head.task is Task.CLASSIFICATION else HistGradientBoostingRegressor
    made = kind(max_iter=1, early_stopping=False, min_samples_leaf=1, categorical_features=None, **options)
    labels = np.repeat(target, 2)
    made.fit(np.zeros((len(labels), features)), labels)
    stages = _stages(forest)
    made._predictors = [[_predictor(_column(tree, k)) for k, tree in enumerate(stage)] for stage in stages]
    made._baseline_prediction = np.asarray(base, np.float64).reshape(1, -1)
    return made.set_params(max_iter=len(stages), min_samples_leaf=20)


def _predictor(tree: Tree) -> Any:
    """A `TreePredictor` without splits on categories."""
    from sklearn.ensemble._hist_gradient_boosting.common import PREDICTOR_RECORD_DTYPE
    from sklearn.ensemble._hist_gradient_boosting.predictor import TreePredictor

    nodes = np.zeros(len(tree.left), PREDICTOR_RECORD_DTYPE)
    leaf = tree.left == LEAF
    nodes["value"], nodes["count"] = tree.value[:, 0], 1
    nodes["feature_idx"] = np.where(leaf, 0, tree.feature)
    nodes["num_threshold"] = np.where(leaf, 0.0, tree.threshold)
    nodes["missing_go_to_left"] = tree.missing_left
    nodes["left"], nodes["right"] = np.where(leaf, 0, tree.left), np.where(leaf, 0, tree.right)
    nodes["is_leaf"] = leaf
    none = np.zeros((0, 8), np.uint32)
    return TreePredictor(nodes, none, none.copy())
