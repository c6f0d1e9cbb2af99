"""`X @ coefficients + intercept`, however a graph writes it."""

import numpy as np

from modelport_sklearn.from_onnx.graph import Array, Graph, NoMatch, expect

Affine = tuple[str, Array, Array]
"""The rows [N, C], coefficients [T, C] and intercepts [T]."""


def affine(graph: Graph, name: str) -> Affine:
    """MatMul with or without Add, Gemm, and `ai.onnx.ml` LinearRegressor.

    Raises:
        NoMatch: it is something else.
    """
    name = graph.plain(name)
    reader = _READERS.get(graph.op(name))
    if reader is None:
        raise NoMatch(f"{name} is no linear form")
    rows, weights, offset = reader(graph, name)
    expect(weights.ndim == 2 and offset.ndim == 1 and offset.size in (1, len(weights)), "odd shapes")
    return rows, weights, np.broadcast_to(offset, len(weights)).copy()


def _product(graph: Graph, name: str) -> Affine:
    node = graph.node(name, "MatMul")
    weights = graph.constant(node.input[1])
    expect(weights.ndim == 2)
    return graph.plain(node.input[0]), np.ascontiguousarray(weights.T), np.zeros(weights.shape[1], weights.dtype)


def _sum(graph: Graph, name: str) -> Affine:
    inner, offset = graph.with_constant(name, "Add")
    rows, weights, _ = _product(graph, inner)
    return rows, weights, offset.ravel()


def _gemm(graph: Graph, name: str) -> Affine:
    node = graph.node(name, "Gemm")
    settings = graph.attributes(node)
    expect(settings.get("alpha", 1.0) == 1.0 and settings.get("beta", 1.0) == 1.0 and not settings.get("transA", 0))
    weights = graph.constant(node.input[1])
    weights = weights if settings.get("transB", 0) else weights.T
    offset = graph.constant(node.input[2]).ravel() if len(node.input) > 2 else np.zeros(1, weights.dtype)
    return graph.plain(node.input[0]), np.ascontiguousarray(weights), offset


def _regressor(graph: Graph, name: str) -> Affine:
    node = graph.node(name, "LinearRegressor")
    settings = graph.attributes(node)
    expect(settings.get("post_transform", b"NONE") == b"NONE")
    targets = int(settings.get("targets", 1))
    weights = np.array(settings["coefficients"], np.float32).reshape(targets, -1)
    offset = np.array(settings.get("intercepts") or [0.0] * targets, np.float32)
    return graph.plain(node.input[0]), weights.astype(np.float64), offset.astype(np.float64)


_READERS = {"MatMul": _product, "Add": _sum, "Gemm": _gemm, "LinearRegressor": _regressor}
