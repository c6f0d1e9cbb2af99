"""Linear classifiers: a linear decision, its sign or largest column, and the links to probabilities.

Built on scikit-learn 1.9: `predict`, `predict_proba` and `decision_function` of LogisticRegression, SGDClassifier and
LinearSVC read `coef_`, `intercept_` and `classes_` alone.
"""

from typing import Any

import numpy as np

from modelport.signature import Task
from modelport_sklearn.from_onnx.graph import Array, Graph, NoMatch, expect
from modelport_sklearn.from_onnx.head import Found, Head
from modelport_sklearn.from_onnx.models import links
from modelport_sklearn.from_onnx.models.affine import affine


def logistic(head: Head) -> Found:
    """LogisticRegression: the logistic function for two classes, softmax for more."""
    expect(head.task is Task.CLASSIFICATION)
    graph, several = head.graph, len(head.classes) > 2
    shares = head.probability()
    scores = links.softmax(graph, shares) if several else links.logistic(graph, links.two_sided(graph, shares))
    head.is_largest_of(scores, shares) if several else head.is_sign_of(scores)
    from sklearn.linear_model import LogisticRegression

    return _made(LogisticRegression(), head, scores)


def one_versus_rest(head: Head) -> Found:
    """SGDClassifier(loss="log_loss"): logistic functions of several columns, normalised."""
    expect(head.task is Task.CLASSIFICATION and len(head.classes) > 2)
    scores = links.logistic(head.graph, links.normalised(head.graph, head.probability()))
    head.is_largest_of(scores, head.scores)
    from sklearn.linear_model import SGDClassifier

    return _made(SGDClassifier(loss="log_loss"), head, scores)


def huber(head: Head) -> Found:
    """SGDClassifier(loss="modified_huber"): `(clip(x, -1, 1) + 1) / 2`, normalised where there are several classes."""
    expect(head.task is Task.CLASSIFICATION)
    graph, several = head.graph, len(head.classes) > 2
    shares = (links.normalised if several else links.two_sided)(graph, head.probability())
    scores = _clipped(graph, shares)
    head.is_largest_of(scores) if several else head.is_sign_of(scores)
    from sklearn.linear_model import SGDClassifier

    return _made(SGDClassifier(loss="modified_huber"), head, scores)


def _clipped(graph: Graph, name: str) -> str:
    inner, half = graph.by_constant(name, "Div")
    clip, one = graph.with_constant(inner, "Add")
    node = graph.node(clip, "Clip")
    bounds = [float(graph.constant(item)) for item in node.input[1:3]]
    expect((half == 2).all() and (one == 1).all() and bounds == [-1.0, 1.0])
    return graph.plain(node.input[0])


def plain(head: Head) -> Found:
    """LinearSVC: decisions without probabilities, as of every linear classifier that has none."""
    expect(head.task is Task.CLASSIFICATION and head.kind == "decision")
    scores = head.scores
    head.is_largest_of(scores) if len(head.classes) > 2 else head.is_sign_of(scores)
    from sklearn.svm import LinearSVC

    return _made(LinearSVC(), head, scores)


def _made(made: Any, head: Head, scores: str) -> Found:
    rows, weights, offset = affine(head.graph, scores)
    return Found(fill(made, head.classes, weights, offset), rows)


def fill(made: Any, classes: Array, weights: Array, offset: Array) -> Any:
    """A linear classifier with these coefficients [K or 1, C]."""
    expect(len(weights) == (1 if len(classes) == 2 else len(classes)), "a column for each class")
    made.classes_, made.coef_, made.intercept_ = classes, weights, offset
    made.n_features_in_ = weights.shape[1]
    made.n_iter_ = np.zeros(1, np.int32)
    return made


def operator(head: Head) -> Found:
    """`ai.onnx.ml` LinearClassifier, in skl2onnx's form: logistic or softmax, normalised or not; float32."""
    expect(head.task is Task.CLASSIFICATION)
    graph = head.graph
    scores = graph.uncast(head.scores)
    scores = graph.behind(scores, "Normalizer") if graph.op(scores) == "Normalizer" else scores
    node = graph.node(scores, "LinearClassifier")
    settings = graph.attributes(node)
    weights = np.array(settings["coefficients"], np.float32).astype(np.float64).reshape(len(head.classes), -1)
    offset = np.array(settings["intercepts"], np.float32).astype(np.float64)
    if len(weights) == 2:
        expect((weights[0] == -weights[1]).all() and offset[0] == -offset[1], "two separate decisions")
        weights, offset = weights[1:], offset[1:]
    return Found(fill(_by_link(settings, head), head.classes, weights, offset), graph.plain(node.input[0]))


def _by_link(settings: dict[str, Any], head: Head) -> Any:
    from sklearn.linear_model import LogisticRegression, SGDClassifier
    from sklearn.svm import LinearSVC

    link, several = settings.get("post_transform", b"NONE"), len(head.classes) > 2
    if link == b"NONE":
        return LinearSVC()
    if link == b"LOGISTIC":
        return SGDClassifier(loss="log_loss") if several else LogisticRegression()
    if link == b"SOFTMAX" and several:
        return LogisticRegression()
    raise NoMatch(f"post_transform {link!r}")
