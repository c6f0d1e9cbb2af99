"""Isomap and LocallyLinearEmbedding: new rows placed by their neighbours among the training rows.

Source: `sklearn.manifold.Isomap.transform`, `sklearn.manifold.LocallyLinearEmbedding.transform` and
`barycenter_weights` (1.9).
"""

from typing import Any

import numpy as np
from spox import Var

from modelport_onnx.blocks.constant import double, ints
from modelport_onnx.blocks.guard import fail_where
from modelport_onnx.blocks.loops import by_rows
from modelport_onnx.frame import Frame
from modelport_onnx.lowering import Scope
from modelport_onnx.ops import op
from modelport_sklearn.to_onnx.neighbour_search import metric_of, nearest
from modelport_sklearn.to_onnx.radius_neighbours import within
from modelport_sklearn.to_onnx.transform.kernel_features import projected
from modelport_sklearn.to_onnx.transform.values import doubles, result


def isomap(estimator: Any, frame: Frame, scope: Scope) -> Frame:
    """The shortest way to every training row leads over a neighbour; then the fitted kernel PCA of the ways."""
    x = doubles(frame, scope)
    ways = _by_radius(estimator, x, scope) if estimator.n_neighbors is None else _by_count(estimator, x, scope)
    kernel = op.mul(op.mul(ways, ways), double(-0.5))
    made = projected(estimator.kernel_pca_, kernel)
    return result(estimator, made, estimator.kernel_pca_.eigenvectors_.shape[1])


def _by_count(estimator: Any, x: Var, scope: Scope) -> Var:
    known = metric_of(estimator.nbrs_, scope)
    matrix = np.asarray(estimator.dist_matrix_, np.float64)
    count = int(estimator.n_neighbors)
    surrogate, positions = nearest(estimator.nbrs_, known, x, count)

    def block(pairs: Var) -> Var:
        distance = op.slice(pairs, ints(0), ints(count), ints(1))
        place = op.cast(op.slice(pairs, ints(count), ints(2 * count), ints(1)), to=np.int64)
        ways = op.add(op.gather(double(matrix), place), op.unsqueeze(distance, ints(2)))
        return op.reduce_min(ways, ints(1), keepdims=0)

    pairs = op.concat([known.distance(surrogate), op.cast(positions, to=np.float64)], axis=1)
    return by_rows(pairs, count * len(matrix), len(matrix), block)


def _by_radius(estimator: Any, x: Var, scope: Scope) -> Var:
    """A row without a neighbour fails, as scikit-learn raises."""
    known = metric_of(estimator.nbrs_, scope)
    matrix = np.asarray(estimator.dist_matrix_, np.float64)

    def block(rows: Var) -> Var:
        surrogate = known.surrogate(rows)
        inside = within(known, surrogate, float(estimator.radius))
        distance = op.where(inside, known.distance(surrogate), double(np.inf))
        ways = op.add(double(matrix), op.unsqueeze(distance, ints(2)))
        return op.reduce_min(ways, ints(1), keepdims=0)

    ways = by_rows(x, matrix.size, len(matrix), block)
    return fail_where(op.isinf(ways), ways)


def locally_linear(estimator: Any, frame: Frame, scope: Scope) -> Frame:
    """The weights that best rebuild a row from its neighbours, applied to the neighbours' places."""
    x = doubles(frame, scope)
    count = int(estimator.n_neighbors)
    _, positions = nearest(estimator.nbrs_, metric_of(estimator.nbrs_, scope), x, count)
    points = op.gather(double(np.asarray(estimator.nbrs_._fit_X, np.float64)), positions)
    weights = barycentres(op.sub(points, op.unsqueeze(x, ints(1))), count, float(estimator.reg))
    places = op.gather(double(np.asarray(estimator.embedding_, np.float64)), positions)
    made = op.reduce_sum(op.mul(places, op.unsqueeze(weights, ints(2))), ints(1), keepdims=0)
    return result(estimator, made, estimator.embedding_.shape[1])


def barycentres(offsets: Var, count: int, reg: float) -> Var:
    """Solves `(C C' + R I) w = 1` for each row's offsets C [N, K, D], and scales w to the sum 1: [N, K].

    R is `reg` times the trace, or `reg` where the trace is 0.
    """
    gram = op.matmul(offsets, op.transpose(offsets, perm=[0, 2, 1]))
    identity = double(np.eye(count))
    trace = op.reduce_sum(op.mul(gram, identity), ints(1, 2))
    weight = op.where(op.greater(trace, double(0.0)), op.mul(trace, double(reg)), double(reg))
    solved = solve_for_ones(op.add(gram, op.mul(weight, identity)), count)
    return op.div(solved, op.reduce_sum(solved, ints(1)))


def solve_for_ones(matrices: Var, count: int) -> Var:
    """`A w = 1` for positive definite matrices [N, K, K], by elimination without pivots: [N, K]."""
    ones = op.add(op.mul(op.reduce_sum(matrices, ints(2)), double(0.0)), double(1.0))
    system = op.concat([matrices, ones], axis=2)
    for j in range(count):
        row = op.slice(system, ints(j), ints(j + 1), ints(1))
        column = op.slice(system, ints(j), ints(j + 1), ints(2))
        pivot = op.slice(row, ints(j), ints(j + 1), ints(2))
        others = double((np.arange(count) != j).astype(np.float64)[None, :, None])
        system = op.sub(system, op.mul(op.mul(op.div(column, pivot), others), row))
    left = op.slice(system, ints(0), ints(count), ints(2))
    diagonal = op.reduce_sum(op.mul(left, double(np.eye(count))), ints(2), keepdims=0)
    right = op.slice(system, ints(count), ints(count + 1), ints(2))
    return op.div(op.squeeze(right, ints(2)), diagonal)
