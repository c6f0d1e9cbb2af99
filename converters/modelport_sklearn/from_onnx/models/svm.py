"""Support vector machines with kernels.

Built on scikit-learn 1.9: `predict` and `decision_function` read what libsvm is given: `support_vectors_`,
`_dual_coef_`, `_intercept_`, `_n_support`, `_gamma`, `_probA`, `_probB`. The rest is made by fitting on a few rows.
libsvm keeps the coefficients of a vector of class i against class j in row j - 1 (j > i) or j (j < i).
"""

from itertools import combinations
from typing import Any

import numpy as np

from modelport.signature import Task
from modelport_sklearn.from_onnx.graph import Array, Graph, NoMatch, expect
from modelport_sklearn.from_onnx.head import Found, Head
from modelport_sklearn.from_onnx.models.kernel import Machine, machine


def regressor(head: Head) -> Found:
    """SVR."""
    expect(head.task is Task.REGRESSION)
    found = machine(head.graph, head.graph.reshaped(head.only))
    expect(found.weights.shape[1] == 1)
    from sklearn.svm import SVR

    made = SVR(**found.options).fit(_rows(found), np.array([0.0, 1.0]))
    return Found(_fill(made, found, found.weights.T, found.offset), found.rows)


def one_class(head: Head) -> Found:
    """OneClassSVM: an inlier where its score is above 0."""
    expect(head.task is Task.OUTLIERS)
    graph = head.graph
    score = graph.reshaped(head.scores)
    label = graph.node(graph.reshaped(graph.outputs[0]), "Where")
    test = graph.node(label.input[0], "Greater")
    expect(graph.plain(test.input[0]) == score and not graph.constant(test.input[1]).any())
    found = machine(graph, score)
    expect(found.weights.shape[1] == 1)
    from sklearn.svm import OneClassSVM

    made = OneClassSVM(**found.options).fit(_rows(found))
    made.offset_ = -found.offset
    return Found(_fill(made, found, found.weights.T, found.offset), found.rows)


def classifier(head: Head) -> Found:
    """SVC; libsvm's decisions are positive for the first class of a pair."""
    expect(head.task is Task.CLASSIFICATION)
    pairs = _pairs(head)
    found = machine(head.graph, pairs)
    count = len(head.classes)
    expect(found.weights.shape[1] == count * (count - 1) // 2, "a column for each pair of classes")
    from sklearn.svm import SVC

    shares = _sigmoids(head.graph, pairs) if head.kind == "probability" else None
    made = SVC(**found.options, decision_function_shape=_shape(head, pairs))
    made.fit(np.repeat(_rows(found)[:1], count, axis=0) + np.arange(count)[:, None], head.classes)
    coefficients, members, order = _dual(found.weights, count)
    made = _fill(made, found, coefficients, found.offset, order)
    made._n_support = members.astype(np.int32)
    made.classes_ = head.classes
    if count == 2:
        made.intercept_, made.dual_coef_ = -found.offset, -coefficients
    if shares is not None:
        made.set_params(probability=True)
        made._probA, made._probB = (item.copy() for item in shares)
    return Found(made, found.rows)


def _pairs(head: Head) -> str:
    """The tensor of decisions of pairs, from the labels that follow from them."""
    graph = head.graph
    name = graph.reshaped(head.index)
    if graph.op(name) == "ArgMax":
        node = graph.node(name, "ArgMax")
        inner, _ = graph.with_constant(node.input[0], "Add")
        name, _ = graph.with_constant(inner, "MatMul")
    test = graph.node(graph.uncast(name), "LessOrEqual")
    expect(not graph.constant(test.input[1]).any())
    return graph.plain(test.input[0])


def _shape(head: Head, pairs: str) -> str:
    if head.kind == "decision" and len(head.classes) > 2 and head.scores == pairs:
        return "ovo"
    return "ovr"


def _sigmoids(graph: Graph, pairs: str) -> tuple[Array, Array]:
    """Slopes and offsets of Platt's sigmoids: `pairs * A + B`."""
    for node in graph.model.graph.node:
        if node.op_type == "Add" and graph.op(node.input[0]) == "Mul" and graph.is_constant(node.input[1]):
            scaled = graph.node(node.input[0], "Mul")
            if graph.plain(scaled.input[0]) == pairs and graph.is_constant(scaled.input[1]):
                return graph.constant(scaled.input[1]).ravel(), graph.constant(node.input[1]).ravel()
    raise NoMatch("no sigmoids of the pairs")


def _dual(weights: Array, count: int) -> tuple[Array, Array, Array]:
    """libsvm's coefficients [K - 1, M], vectors a class [K] and their order, from a column for each pair [M, P]."""
    pairs = list(combinations(range(count), 2))
    home = np.zeros(len(weights), np.int64)
    for row, used in enumerate(weights != 0):
        own = set(range(count))
        for place in np.flatnonzero(used).tolist():
            own &= set(pairs[place])
        expect(own, "a vector of several classes")
        later = [item for item in sorted(own) if not row or item >= home[row - 1]]
        home[row] = later[0] if later else min(own)
    order = np.argsort(home, kind="stable")
    home, weights = home[order], weights[order]
    coefficients = np.zeros((count - 1, len(weights)))
    for column, (i, j) in enumerate(pairs):
        coefficients[j - 1, home == i] = weights[home == i, column]
        coefficients[i, home == j] = weights[home == j, column]
    return coefficients, np.bincount(home, minlength=count), order


def _rows(found: Machine) -> Array:
    """Two rows to fit on."""
    return np.array([[0.0], [1.0]]) + np.zeros((2, found.vectors.shape[1]))


def _fill(made: Any, found: Machine, coefficients: Array, offset: Array, order: Any = None) -> Any:
    vectors = found.vectors if order is None else found.vectors[order]
    made.support_vectors_ = np.array(vectors, np.float64, order="C")
    made.support_ = np.arange(len(vectors), dtype=np.int32)
    made._dual_coef_ = made.dual_coef_ = np.array(coefficients, np.float64, order="C")
    made._intercept_ = made.intercept_ = offset.copy()
    made._n_support = np.array([len(vectors), 0], np.int32)
    made._gamma = float(found.options.get("gamma", 0.0))
    made.shape_fit_ = vectors.shape
    return made
