"""Kernels between rows and fixed points, as `sklearn.metrics.pairwise` (1.9) computes them: [N, C], [M, C] → [N, M]."""

from typing import Any

import numpy as np
from spox import Var

from modelport_onnx.blocks.constant import double, ints
from modelport_onnx.blocks.distances import added, manhattan, squared_by_products, term_by_term
from modelport_onnx.ops import op


def linear(matrix: Var, points: Any) -> Var:
    """`x · p`."""
    return op.matmul(matrix, double(np.asarray(points, np.float64).T))


def polynomial(matrix: Var, points: Any, degree: float, gamma: float, coef0: float) -> Var:
    """`(gamma x·p + coef0) ^ degree`."""
    return op.pow(_scaled(matrix, points, gamma, coef0), double(degree))


def sigmoid(matrix: Var, points: Any, gamma: float, coef0: float) -> Var:
    """`tanh(gamma x·p + coef0)`."""
    return op.tanh(_scaled(matrix, points, gamma, coef0))


def _scaled(matrix: Var, points: Any, gamma: float, coef0: float) -> Var:
    return op.add(op.mul(linear(matrix, points), double(gamma)), double(coef0))


def rbf(matrix: Var, points: Any, gamma: float) -> Var:
    """`exp(-gamma |x - p|²)`, the distance by products as `euclidean_distances` has it."""
    return op.exp(op.mul(squared_by_products(matrix, points), double(-gamma)))


def laplacian(matrix: Var, points: Any, gamma: float) -> Var:
    """`exp(-gamma Σ|x - p|)`."""
    return op.exp(op.mul(manhattan(matrix, points), double(-gamma)))


def cosine(matrix: Var, points: Any) -> Var:
    """`x·p / (|x| |p|)`; a row or a point of length 0 has similarity 0."""
    known = np.asarray(points, np.float64)
    lengths = np.sqrt((known**2).sum(axis=1, keepdims=True))
    return op.matmul(unit(matrix), double((known / np.where(lengths == 0, 1, lengths)).T))


def unit(matrix: Var) -> Var:
    """Rows of length 1; a row of zeros stays."""
    length = op.sqrt(op.reduce_sum(op.mul(matrix, matrix), ints(-1)))
    return op.div(matrix, op.where(op.equal(length, double(0.0)), double(1.0), length))


def additive_chi2(matrix: Var, points: Any) -> Var:
    """`-Σ (x - p)² / (x + p)`; terms whose denominator is 0 are left out."""

    def term(x: Var, p: Var) -> Var:
        off, total = op.sub(x, p), op.add(x, p)
        zero = op.equal(total, double(0.0))
        return op.where(zero, double(0.0), op.div(op.mul(off, off), total))

    return op.neg(term_by_term(matrix, points, term, added))


def chi2(matrix: Var, points: Any, gamma: float) -> Var:
    """`exp(gamma additive_chi2)`."""
    return op.exp(op.mul(additive_chi2(matrix, points), double(gamma)))


NAMES = ("linear", "poly", "polynomial", "rbf", "laplacian", "sigmoid", "cosine", "chi2", "additive_chi2")
"""Metrics of `sklearn.metrics.pairwise.pairwise_kernels` that `pairwise` computes."""


def pairwise(
    name: str, matrix: Var, points: Any, *, gamma: float | None = None, degree: float = 3, coef0: float = 1
) -> Var:
    """`pairwise_kernels(X, Y, metric=name, filter_params=True, gamma=…, degree=…, coef0=…)`.

    `gamma=None` is 1 for chi2 and one over the number of columns elsewhere.
    """
    usual = 1.0 if name == "chi2" else 1.0 / np.shape(points)[1]
    scale = usual if gamma is None else float(gamma)
    match name:
        case "linear":
            return linear(matrix, points)
        case "poly" | "polynomial":
            return polynomial(matrix, points, degree, scale, coef0)
        case "rbf":
            return rbf(matrix, points, scale)
        case "laplacian":
            return laplacian(matrix, points, scale)
        case "sigmoid":
            return sigmoid(matrix, points, scale, coef0)
        case "cosine":
            return cosine(matrix, points)
        case "chi2":
            return chi2(matrix, points, scale)
        case "additive_chi2":
            return additive_chi2(matrix, points)
    raise ValueError(f"no kernel is called {name!r}")
