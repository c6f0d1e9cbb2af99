"""`kernel(x, vectors) @ weights + offset`, read from a graph: linear, polynomial, radial and sigmoid kernels."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from modelport_sklearn.from_onnx.graph import Array, Graph, NoMatch, expect


@dataclass(frozen=True)
class Machine:
    """A kernel machine.

    Attributes:
        rows: the tensor [N, C] it is given.
        vectors: [M, C].
        weights: [M, P].
        offset: [P].
        options: the kernel and its numbers, as parameters of scikit-learn's estimators.
    """

    rows: str
    vectors: Array
    weights: Array
    offset: Array
    options: dict[str, Any]


Kernel = tuple[str, Array, dict[str, Any]]


def machine(graph: Graph, name: str) -> Machine:
    """The kernel machine whose decisions [N, P] a tensor holds.

    A linear one that is multiplied out has one vector for each decision.

    Raises:
        NoMatch: it is something else.
    """
    inner, offset = graph.with_constant(name, "Add")
    product = graph.node(inner, "MatMul")
    weights = graph.constant(product.input[1])
    expect(weights.ndim == 2 and offset.size == weights.shape[1])
    try:
        rows, vectors, options = _kernel(graph, graph.plain(product.input[0]), len(weights))
    except NoMatch:
        rows, vectors, options = graph.plain(product.input[0]), np.ascontiguousarray(weights.T), {"kernel": "linear"}
        weights = np.eye(len(vectors))
    return Machine(rows, vectors, weights, offset.ravel().astype(np.float64), options)


def _kernel(graph: Graph, name: str, count: int) -> Kernel:
    """The rows, the vectors [M, C] and what kernel it is."""
    operator = graph.op(name)
    if operator == "Exp":
        return _radial(graph, graph.behind(name, "Exp"))
    if operator == "Tanh":
        rows, vectors, gamma, coef0 = _inner(graph, graph.behind(name, "Tanh"))
        return rows, vectors, {"kernel": "sigmoid", "gamma": gamma, "coef0": coef0}
    if operator in ("Mul", "Add"):
        base, degree = _power(graph, name)
        rows, vectors, gamma, coef0 = _inner(graph, base)
        return rows, vectors, {"kernel": "poly", "gamma": gamma, "coef0": coef0, "degree": degree}
    rows, vectors = _product(graph, name)
    expect(len(vectors) == count)
    return rows, vectors, {"kernel": "linear"}


def _radial(graph: Graph, name: str) -> Kernel:
    """`exp(-gamma |x - p|²)`."""
    distance, factor = graph.with_constant(name, "Mul")
    rows, vectors = squared_distance(graph, distance)
    return rows, vectors, {"kernel": "rbf", "gamma": -float(factor.ravel()[0])}


def squared_distance(graph: Graph, name: str) -> tuple[str, Array]:
    """Rows and points [M, C] of `|x - p|²`: from differences, by products, or by products about the points' middle."""
    if graph.op(name) == "ReduceSumSquare":
        node = graph.node(graph.behind(name, "ReduceSumSquare"), "Sub")
        points = graph.constant(node.input[1])
        expect(points.ndim == 2)
        return graph.behind(node.input[0], "Unsqueeze"), np.ascontiguousarray(points.T)
    inner, lengths = graph.with_constant(graph.behind(name, "Relu"), "Add")
    product = graph.node(graph.node(inner, "Add").input[0], "MatMul")
    points = graph.constant(product.input[1]).T / -2.0
    expect(lengths.size == len(points))
    rows = graph.plain(product.input[0])
    if graph.op(rows) == "Sub":
        outer, middle = graph.by_constant(rows, "Sub")
        if np.allclose(points.mean(axis=0), 0.0, atol=1e-9 * (1.0 + np.abs(points).max())):
            return outer, points + middle
    return rows, points


def _inner(graph: Graph, name: str) -> tuple[str, Array, float, float]:
    """`gamma x·p + coef0`."""
    scaled, coef0 = graph.with_constant(name, "Add")
    product, gamma = graph.with_constant(scaled, "Mul")
    expect(coef0.size == 1 and gamma.size == 1)
    rows, vectors = _product(graph, product)
    return rows, vectors, float(gamma.ravel()[0]), float(coef0.ravel()[0])


def _product(graph: Graph, name: str) -> tuple[str, Array]:
    node = graph.node(name, "MatMul")
    return graph.plain(node.input[0]), np.ascontiguousarray(graph.constant(node.input[1]).T)


def _power(graph: Graph, name: str) -> tuple[str, int]:
    """A power by squaring and multiplying: its base and exponent."""
    if graph.op(name) != "Mul":
        return name, 1
    left, right = (graph.plain(item) for item in graph.node(name, "Mul").input)
    base, first = _power(graph, left)
    again, second = _power(graph, right)
    expect(base == again, "a product of different things")
    return base, first + second
