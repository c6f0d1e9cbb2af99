"""Points at exactly the same distance, where not all of them are among the k nearest: scikit-learn's own choice.

A KD or ball tree visits its leaves nearest first and pushes their points into a heap; brute force pushes all points in
training order. This is done over again here, but only for the rows of a batch that have such a tie; for all others the
k smallest distances decide.

Source: `BinaryTree._query_single_depthfirst` (`sklearn/neighbors/_binary_tree.pxi.tp`), `min_rdist` of
`_kd_tree.pyx.tp` and `_ball_tree.pyx.tp`, `ArgKmin` (`sklearn/metrics/_pairwise_distances_reduction`) (1.9).
"""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from spox import Var

from modelport_onnx.blocks.constant import double, ints
from modelport_onnx.blocks.distances import per_rows
from modelport_onnx.blocks.sums import part
from modelport_onnx.ops import op
from modelport_sklearn.to_onnx.neighbour_heap import collect
from modelport_sklearn.to_onnx.neighbour_metric import Metric, canonical, metric

Path = tuple[tuple[int, int], ...]

MOST = 20_000
"""Training rows up to which ties are settled; a row with a tie takes time in proportion."""


_HEAPED = (
    "braycurtis",
    "canberra",
    "chebyshev",
    "euclidean",
    "manhattan",
    "minkowski",
    "seuclidean",
    "sqeuclidean",
)
"""Metrics of brute force that scikit-learn searches with a heap; for the others NumPy partitions the distances."""


def is_tree(estimator: Any) -> bool:
    """Whether a tree searches, whose choice depends on the model and the row alone."""
    return estimator._fit_method in ("kd_tree", "ball_tree")


def settles(estimator: Any) -> bool:
    """Whether ties of this estimator are settled as it does itself (brute force: where one thread sees all points)."""
    points = estimator._fit_X
    if points.shape[0] > MOST:
        return False
    return is_tree(estimator) or (
        getattr(points, "dtype", None) == np.float64
        and not hasattr(points, "toarray")
        and canonical(estimator.effective_metric_) in _HEAPED
    )


def settled(estimator: Any, known: Metric, matrix: Var, plain: Sequence[Var], count: int) -> Sequence[Var]:
    """Distances and positions [N, count] of the nearest.

    Args:
        plain: the same [N, count + 1] by distance alone.
    """
    values, positions = (part(item, 0, count, 1) for item in plain)
    tie = op.equal(part(plain[0], count - 1, count, 1), part(plain[0], count, count + 1, 1))
    mask = op.reshape(tie, ints(-1))
    some = op.cast(op.reduce_max(op.cast(mask, to=np.int64), keepdims=0), to=np.bool_)

    def again() -> Sequence[Var]:
        rows = op.compress(matrix, mask, axis=0)
        distances = per_rows(rows, known.size, lambda r: [known.surrogate(r)])[0]
        order = _visits(estimator, rows)
        heap = collect(op.gather_elements(distances, order, axis=1), order, count)
        where = op.transpose(op.non_zero(mask))
        return op.scatter_nd(values, where, heap[0]), op.scatter_nd(positions, where, heap[1])

    return op.if_(some, then_branch=again, else_branch=lambda: (op.identity(values), op.identity(positions)))


def _visits(estimator: Any, rows: Var) -> Var:
    """Training positions in the order in which they are looked at for each row: [T, M]."""
    if not is_tree(estimator):
        return _in_order(rows, np.arange(estimator.n_samples_fit_))
    _, index, nodes, bounds = (np.asarray(item) for item in estimator._tree.get_arrays())
    leaves = list(_leaves(nodes, 0, ()))
    if len(leaves) == 1:
        return _in_order(rows, index)
    inner = sorted({node for _, path in leaves for node, _ in path})
    first = _left_first(estimator, nodes, bounds, np.array(inner), rows)
    weights, offset = _keys(nodes, leaves, inner, index)
    keys = op.add(op.matmul(op.cast(first, to=np.float64), double(weights)), double(offset[None]))
    return op.top_k(keys, ints(len(index)), axis=1, largest=0, sorted=1)[1]


def _in_order(rows: Var, index: Any) -> Var:
    shape = op.concat([op.shape(rows, start=0, end=1), ints(len(index))], axis=0)
    return op.expand(op.const(index.astype(np.int64)[None]), shape)


def _leaves(nodes: Any, node: int, path: Path) -> Iterator[tuple[int, Path]]:
    """Every leaf, and the way to it: the nodes passed, and 0 where it went left."""
    if nodes[node]["is_leaf"]:
        yield node, path
        return
    for side in (0, 1):
        yield from _leaves(nodes, 2 * node + 1 + side, (*path, (node, side)))


def _keys(nodes: Any, leaves: Any, inner: list[int], index: Any) -> tuple[Any, Any]:
    """A linear form of `left first` [A] that orders the points: weights [A, M] and offset [M]."""
    depth = max(len(path) for _, path in leaves)
    column = {node: i for i, node in enumerate(inner)}
    weights, offset = np.zeros((len(inner), len(index))), np.zeros(len(index))
    for leaf, path in leaves:
        start, stop = int(nodes[leaf]["idx_start"]), int(nodes[leaf]["idx_end"])
        points = index[start:stop]
        offset[points] = np.arange(stop - start)
        for level, (node, side) in enumerate(path):
            step = float(2 ** (depth - 1 - level) * len(index))
            weights[column[node], points] = step if side else -step
            offset[points] += 0.0 if side else step
    return weights, offset


def _left_first(estimator: Any, nodes: Any, bounds: Any, inner: Any, rows: Var) -> Var:
    """Whether the left child of each inner node is visited first: it is not farther than the right one: [T, A]."""
    children = np.concatenate([2 * inner + 1, 2 * inner + 2])
    near = _box if estimator._fit_method == "kd_tree" else _ball
    distance = near(estimator, nodes, bounds, children, rows)
    return op.less_or_equal(part(distance, 0, len(inner), 1), part(distance, len(inner), 2 * len(inner), 1))


def _box(estimator: Any, nodes: Any, bounds: Any, children: Any, rows: Var) -> Var:
    """The reduced distance of the rows from the boxes of a KD tree's nodes."""
    low, high = double(bounds[0, children].T), double(bounds[1, children].T)
    name = canonical(estimator.effective_metric_)
    power = {"manhattan": 1.0, "euclidean": 2.0}.get(name or "") or estimator.effective_metric_params_.get("p")

    def block(points: Var) -> Sequence[Var]:
        x = op.unsqueeze(points, ints(-1))
        off = op.add(op.relu(op.sub(low, x)), op.relu(op.sub(x, high)))
        if name == "chebyshev":
            return [op.reduce_max(off, ints(-2), keepdims=0)]
        raised = op.mul(off, off) if power == 2 else op.pow(off, double(float(power or 1)))
        return [op.reduce_sum(off if power == 1 else raised, ints(-2), keepdims=0)]

    return per_rows(rows, len(children) * bounds.shape[2], block)[0]


def _ball(estimator: Any, nodes: Any, bounds: Any, children: Any, rows: Var) -> Var:
    """The distance of the rows from the balls of a ball tree's nodes."""
    name = canonical(estimator.effective_metric_)
    assert name is not None, "checked before"
    centres = metric(name, bounds[0, children], estimator.effective_metric_params_, brute=False)
    away = per_rows(rows, centres.size, lambda r: [centres.distance(centres.surrogate(r))])[0]
    return op.relu(op.sub(away, double(nodes["radius"][children][None])))
