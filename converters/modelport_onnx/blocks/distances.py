"""Distances between rows and fixed points, computed the way scikit-learn, SciPy and libsvm compute them."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from spox import Var

from modelport_onnx.blocks.constant import double, ints
from modelport_onnx.blocks.sums import einsum_sum
from modelport_onnx.ops import op

Array = np.ndarray[Any, np.dtype[np.float64]]
Term = Callable[[Var, Var], Var]
Reduce = Callable[[Var], Var]
Block = Callable[[Var], Sequence[Var]]

_WIDEST = 128
"""Columns up to which matrix products of onnxruntime and of OpenBLAS round alike, so that lengths are worth care."""

AT_ONCE = 1024
"""Numbers of an intermediate that may be held for each row; beyond it a Scan takes one row after another."""


def per_rows(matrix: Var, size: int, block: Block) -> Sequence[Var]:
    """`block` of all rows at once, or of one row after another where an intermediate would be too large.

    Args:
        size: numbers of the largest intermediate for each row.
        block: rows [n, C], or a single row [C], → tensors [n, …] or […]. It counts axes from the last.
    """
    return block(matrix) if size <= AT_ONCE else op.scan([matrix], body=block, num_scan_inputs=1)


def broadcast(rows: Var, points: Any, term: Term, reduce: Reduce) -> Var:
    """A distance computed from the terms of each column: rows [n, C] (or a row [C]) and M points → [n, M] (or [M]).

    Columns stand on the last axis but one: so onnxruntime adds the terms from the first column to the last, as the
    loops of `scipy.spatial.distance.cdist` and of scikit-learn's trees do, and equal distances stay equal.

    Args:
        points: [M, C].
        term: of the rows' and the points' values, which broadcast to [n, C, M].
        reduce: that array → [n, M].
    """
    known = np.ascontiguousarray(np.asarray(points, np.float64).T)
    return reduce(term(op.unsqueeze(rows, ints(-1)), double(known)))


def term_by_term(matrix: Var, points: Any, term: Term, reduce: Reduce) -> Var:
    """`broadcast`, without holding more than one row's terms where they are many: [N, M]."""
    return per_rows(matrix, int(np.size(points)), lambda rows: [broadcast(rows, points, term, reduce)])[0]


def added(terms: Var) -> Var:
    """The sum of a distance's terms."""
    return op.reduce_sum(terms, ints(-2), keepdims=0)


def added_squares(terms: Var) -> Var:
    """The sum of the squares of a distance's terms."""
    return op.reduce_sum_square(terms, ints(-2), keepdims=0)


def largest(terms: Var) -> Var:
    """The largest of a distance's terms."""
    return op.reduce_max(terms, ints(-2), keepdims=0)


def absolute_difference(x: Var, p: Var) -> Var:
    """`|x - p|`."""
    return op.abs(op.sub(x, p))


def squared(matrix: Var, points: Any) -> Var:
    """Squared Euclidean distance from the differences themselves, exact to a rounding: [N, M].

    So compute `scipy.spatial.distance.cdist`, scikit-learn's KD and ball trees, and libsvm.
    """
    return term_by_term(matrix, points, op.sub, added_squares)


def manhattan(matrix: Var, points: Any) -> Var:
    """The sum of absolute differences: [N, M]."""
    return term_by_term(matrix, points, absolute_difference, added)


def squared_norms(matrix: Var, width: int | None = None) -> Var:
    """The squared length of each row: [N, C] → [N, 1].

    Args:
        width: C, where the sum is to be that of `sklearn.utils.extmath.row_norms` to the last digit.
    """
    squares = op.mul(matrix, matrix)
    return op.reduce_sum(squares, ints(-1)) if width is None or width > _WIDEST else einsum_sum(squares, width)


def squared_by_products(matrix: Var, points: Any) -> Var:
    """`|x|² - 2 x·p + |p|²`, cut off at 0: [N, M].

    The form of `sklearn.metrics.pairwise.euclidean_distances`: fast, and inexact where a row and a point lie close
    together but far from the origin, as scikit-learn's own answer then is. Lengths are added in NumPy's order, and
    up to 128 columns onnxruntime multiplies matrices in the order OpenBLAS does for large batches (for a few rows
    OpenBLAS has kernels of its own), so the rounding is mostly the same too.
    """
    known = np.asarray(points, np.float64)
    lengths = np.einsum("ij,ij->i", known, known)[None]
    product = op.matmul(matrix, double(-2.0 * known.T))
    return op.relu(op.add(op.add(product, squared_norms(matrix, known.shape[1])), double(lengths)))


def squared_from_centre(matrix: Var, points: Any) -> Var:
    """`squared_by_products` about the middle of the points, which costs few operations and loses little: [N, M].

    Its error is a rounding of the points' squared distance from their middle; a caller asks first whether that is
    small enough for what is done with the distance.
    """
    known = np.asarray(points, np.float64)
    middle = known.mean(axis=0) if len(known) else np.zeros(known.shape[1])
    return squared_by_products(op.sub(matrix, double(middle[None])), known - middle)


def reach(points: Any) -> float:
    """The largest squared distance of a point from the middle of the points."""
    known = np.asarray(points, np.float64)
    if not len(known):
        return 0.0
    return float(((known - known.mean(axis=0)) ** 2).sum(axis=1).max())


def mahalanobis_squared(matrix: Var, centre: Any, precision: Any) -> Var:
    """`(x - c) P (x - c)` of each row: [N, 1]."""
    off = op.sub(matrix, double(np.asarray(centre, np.float64)[None]))
    return op.reduce_sum(op.mul(op.matmul(off, double(precision)), off), ints(1))
