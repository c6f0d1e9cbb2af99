"""k nearest neighbours.

The points and what they say are in the graph; the estimator is fitted on them again, with public parameters alone
(scikit-learn 1.9: `algorithm="auto"`, so that the same points are searched in the same way).
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
import onnx
from onnx import NodeProto, numpy_helper

from modelport.signature import Task
from modelport_sklearn.from_onnx.graph import Array, Graph, NoMatch, expect
from modelport_sklearn.from_onnx.head import Found, Head
from modelport_sklearn.from_onnx.models.kernel import squared_distance

_METRICS = {"ReduceSumSquare": "euclidean", "ReduceSum": "manhattan", "ReduceMax": "chebyshev"}


def regressor(head: Head) -> Found:
    """KNeighborsRegressor."""
    expect(head.task is Task.REGRESSION)
    graph = head.graph
    share = graph.node(graph.reshaped(head.only), "Div")
    rows, points, table, options = _search(graph, graph.plain(share.input[0]))
    from sklearn.neighbors import KNeighborsRegressor

    target = table[:, 0] if table.shape[1] == 1 else table
    return Found(KNeighborsRegressor(**options).fit(points, target), rows)


def classifier(head: Head) -> Found:
    """KNeighborsClassifier."""
    expect(head.task is Task.CLASSIFICATION)
    graph = head.graph
    share = graph.node(head.probability(), "Div")
    votes = graph.plain(share.input[0])
    head.is_largest_of(votes, head.scores)
    rows, points, table, options = _search(graph, votes)
    expect((table.sum(axis=1) == 1).all() and set(np.unique(table)) <= {0.0, 1.0}, "votes that are no labels")
    codes = np.argmax(table, axis=1)
    expect(len(set(codes.tolist())) == len(head.classes) == table.shape[1], "a class without a point")
    from sklearn.neighbors import KNeighborsClassifier

    return Found(KNeighborsClassifier(**options).fit(points, head.classes[codes]), rows)


def _search(graph: Graph, name: str) -> tuple[str, Array, Array, dict[str, Any]]:
    """Rows, points [M, C], what they say [M, T], and the parameters of the search."""
    gathered = graph.behind(name, "ReduceSum")
    weighted = graph.op(gathered) == "Mul"
    node = graph.node(graph.node(gathered, "Mul").input[0] if weighted else gathered, "Gather")
    table, positions = graph.constant(node.input[0]), graph.plain(node.input[1])
    count = int(graph.constant(graph.node(positions, "Reshape").input[1])[-1])
    rows, points, metric = _distances(graph, len(table))
    options = {"n_neighbors": count, "weights": "distance" if weighted else "uniform", "metric": metric}
    return rows, points, np.asarray(table, np.float64), options


def _distances(graph: Graph, count: int) -> tuple[str, Array, str]:
    """The rows, the points and the metric: of the distances among which the smallest are looked for."""
    for node in graph.model.graph.node:
        if node.op_type == "TopK":
            try:
                rows, points, metric = _at_once(graph, graph.reshaped(node.input[0]))
            except NoMatch:
                continue
            expect(len(points) == count)
            return rows, points, metric
    for node, outer in _inside(graph):
        body = next(item.g for item in node.attribute if item.name == "body")
        found = _in_body(body, graph, count)
        if found is not None:
            return graph.plain(outer), *found
    raise NoMatch("no distances to points")


def _at_once(graph: Graph, name: str) -> tuple[str, Array, str]:
    """Rows, points and metric of distances that are computed for all rows together."""
    if graph.op(name) in ("ReduceSum", "ReduceMax"):
        node = graph.node(graph.behind(graph.behind(name, graph.op(name)), "Abs"), "Sub")
        points = graph.constant(node.input[1])
        expect(points.ndim == 2)
        return graph.behind(node.input[0], "Unsqueeze"), np.ascontiguousarray(points.T), _METRICS[graph.op(name)]
    return *squared_distance(graph, name), "euclidean"


def _inside(graph: Graph) -> Iterator[tuple[NodeProto, str]]:
    """Scans over rows, and what they scan."""
    for node in graph.model.graph.node:
        if node.op_type == "Scan" and len(node.input) == 1:
            yield node, node.input[0]


def _in_body(body: onnx.GraphProto, graph: Graph, count: int) -> tuple[Array, str] | None:
    """Points and metric of `reduce(x - p)` of one row x."""
    known = {item.name: numpy_helper.to_array(item) for item in body.initializer}
    makers = {name: node for node in body.node for name in node.output}
    known |= {n.output[0]: numpy_helper.to_array(n.attribute[0].t) for n in body.node if n.op_type == "Constant"}
    for node in body.node:
        if node.op_type in _METRICS and node.input[0] in makers:
            inner = makers[node.input[0]]
            inner = makers.get(inner.input[0], inner) if inner.op_type == "Abs" else inner
            if inner.op_type == "Sub":
                name = inner.input[1]
                points = known[name] if name in known else graph.constants.get(name)
                if points is not None and points.ndim == 2 and points.shape[1] == count:
                    return np.ascontiguousarray(points.T), _METRICS[node.op_type]
    return None
