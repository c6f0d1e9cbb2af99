"""Distances between rows and fixed points, computed the way scikit-learn and SciPy compute them."""

from typing import Any

import numpy as np
import spox.opset.ai.onnx.v21 as op
from spox import Var

from modelport_onnx.blocks.constant import double, ints

Array = np.ndarray[Any, np.dtype[np.float64]]


def differences(matrix: Var, points: Any) -> Var:
    """`x - p` for every row and point: [N, C], [M, C] → [N, M, C]."""
    return op.sub(op.unsqueeze(matrix, ints(1)), double(np.asarray(points, np.float64)[None]))


def squared_norms(matrix: Var) -> Var:
    """The squared length of each row: [N, C] → [N, 1]."""
    return op.reduce_sum(op.mul(matrix, matrix), ints(1))


def squared_by_products(matrix: Var, points: Any) -> Var:
    """`|x|² - 2 x·p + |p|²`, cut off at 0: [N, M].

    The form of `sklearn.metrics.pairwise.euclidean_distances`: fast, and inexact where a row and a point lie close
    together but far from the origin, as scikit-learn's own answer then is.
    """
    known = np.asarray(points, np.float64)
    lengths = np.einsum("ij,ij->i", known, known)[None]
    product = op.mul(op.matmul(matrix, double(known.T)), double(-2.0))
    total = op.add(op.add(product, squared_norms(matrix)), double(lengths))
    return op.relu(total)


def mahalanobis_squared(matrix: Var, centre: Any, precision: Any) -> Var:
    """`(x - c) P (x - c)` of each row: [N, 1]."""
    off = op.sub(matrix, double(np.asarray(centre, np.float64)[None]))
    return op.reduce_sum(op.mul(op.matmul(off, double(precision)), off), ints(1))
