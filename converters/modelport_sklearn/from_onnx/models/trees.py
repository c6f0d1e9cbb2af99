"""Single trees and forests.

Built on scikit-learn 1.9: what `predict` reads is `tree_`, `estimators_`, `classes_`, `n_classes_`, `n_outputs_` and
`n_features_in_`; see `sktree` for the trees themselves.
"""

from dataclasses import replace
from typing import Any

import numpy as np

from modelport.signature import Task
from modelport_sklearn.from_onnx.graph import Array, Graph, expect
from modelport_sklearn.from_onnx.head import Found, Head
from modelport_sklearn.from_onnx.models.ensemble import Forest, forest_of, reached, total
from modelport_sklearn.from_onnx.models.sktree import classification_tree, regression_tree


def tree_regressor(head: Head) -> Found:
    """DecisionTreeRegressor."""
    expect(head.task is Task.REGRESSION)
    forest = total(head.graph, head.only)
    expect(forest.narrow and len(forest.trees) == 1)
    return Found(regression_tree(forest.trees[0], head.graph.width(forest.rows)), forest.rows)


def tree_classifier(head: Head) -> Found:
    """DecisionTreeClassifier: shares looked up by leaf; the label is the largest share's, looked up too."""
    expect(head.task is Task.CLASSIFICATION)
    graph = head.graph
    forest = reached(graph, head.probability())
    expect(forest.narrow)
    labels = graph.node(head.index, "Gather")
    table = graph.constant(graph.node(head.scores, "Gather").input[0])
    expect((graph.constant(labels.input[0]) == np.argmax(table, axis=1)).all(), "labels not of the largest share")
    made = classification_tree(forest.trees[0], head.graph.width(forest.rows), head.classes)
    return Found(made, forest.rows)


def forest_regressor(head: Head) -> Found:
    """RandomForestRegressor; ExtraTreesRegressor and bagged trees add up alike."""
    expect(head.task is Task.REGRESSION)
    forest = _mean(head.graph, head.graph.reshaped(head.only))
    from sklearn.ensemble import RandomForestRegressor

    features = head.graph.width(forest.rows)
    made = RandomForestRegressor(len(forest.trees))
    made.estimators_ = [regression_tree(tree, features) for tree in forest.trees]
    made.n_outputs_, made.n_features_in_ = forest.width, features
    return Found(made, forest.rows)


def forest_classifier(head: Head) -> Found:
    """RandomForestClassifier; ExtraTreesClassifier and bagged trees add up alike."""
    expect(head.task is Task.CLASSIFICATION)
    shares = head.probability()
    head.is_largest_of(shares)
    inner, _ = head.graph.by_constant(shares, "Div")
    two = head.graph.op(inner) == "Concat"
    forest = _two_classes(head.graph, shares) if two else _mean(head.graph, shares)
    expect(forest.width == len(head.classes))
    return Found(random_forest(forest, head.graph.width(forest.rows), head.classes), forest.rows)


def random_forest(forest: Forest, features: int, classes: Array) -> Any:
    """A fitted RandomForestClassifier."""
    from sklearn.ensemble import RandomForestClassifier

    codes = np.arange(float(len(classes)))
    made = RandomForestClassifier(len(forest.trees))
    made.estimators_ = [classification_tree(tree, features, codes) for tree in forest.trees]
    made.classes_, made.n_classes_, made.n_outputs_ = classes, len(classes), 1
    made.n_features_in_ = features
    return made


def _mean(graph: Graph, name: str) -> Forest:
    inner, count = graph.by_constant(name, "Div")
    forest = total(graph, inner)
    expect(forest.narrow and (count == len(forest.trees)).all(), "another divisor than the number of trees")
    return forest


def _two_classes(graph: Graph, name: str) -> Forest:
    """`[n - s, s] / n`, from trees that give the second class's share s."""
    inner, count = graph.by_constant(name, "Div")
    node = graph.node(inner, "Concat")
    expect(len(node.input) == 2)
    rest = graph.node(node.input[0], "Sub")
    expect(graph.plain(rest.input[1]) == graph.plain(node.input[1]))
    forest = total(graph, node.input[1])
    number = len(forest.trees)
    expect(forest.narrow and (count == number).all() and (graph.constant(rest.input[0]) == number).all())
    trees = [replace(t, value=np.where(t.left[:, None] < 0, np.c_[1.0 - t.value, t.value], 0.0)) for t in forest.trees]
    return replace(forest, trees=tuple(trees))


def classifier_operator(head: Head) -> Found:
    """`ai.onnx.ml` TreeEnsembleClassifier, in skl2onnx's form: every leaf votes for all classes with its share / n."""
    expect(head.task is Task.CLASSIFICATION)
    graph = head.graph
    node = graph.node(graph.uncast(head.scores), "TreeEnsembleClassifier")
    settings = graph.attributes(node)
    expect(settings.get("post_transform", b"NONE") == b"NONE" and not settings.get("base_values"))
    forest = forest_of(graph, node, leaf="class")
    expect(forest.width == len(head.classes) and forest.narrow)
    number, features = len(forest.trees), head.graph.width(forest.rows)
    if number == 1:
        return Found(classification_tree(forest.trees[0], features, head.classes), forest.rows)
    shares = tuple(replace(tree, value=tree.value * number) for tree in forest.trees)
    return Found(random_forest(replace(forest, trees=shares), features, head.classes), forest.rows)
