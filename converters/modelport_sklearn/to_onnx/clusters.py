"""Clusterings that give a new row the nearest centre.

Source: `sklearn.cluster._kmeans._BaseKMeans.{predict,transform}`, `_bisect_k_means.BisectingKMeans._predict_recursive`,
`_birch.Birch.{_predict,transform}`, `_mean_shift.MeanShift.predict` and
`_affinity_propagation.AffinityPropagation.predict` (scikit-learn 1.9).
"""

from typing import Any

import numpy as np
from spox import Var

from modelport_onnx.blocks import distances
from modelport_onnx.blocks.choose import first_smallest
from modelport_onnx.blocks.constant import double, integer, ints
from modelport_onnx.blocks.sums import part
from modelport_onnx.frame import Frame, frame_of
from modelport_onnx.lowering import Scope
from modelport_onnx.ops import op
from modelport_onnx.outcome import Clustered
from modelport_sklearn.to_onnx.numeric import numeric


def without_own_length(matrix: Var, centres: Any) -> Var:
    """`|c|² - 2 x·c`, which ranks the centres as the distance does: [N, K]. So compute k-means' Lloyd iterations."""
    known = np.asarray(centres, np.float64)
    lengths = np.einsum("ij,ij->i", known, known)[None]
    return op.add(op.matmul(matrix, double(-2.0 * known.T)), double(lengths))


def k_means(estimator: Any, frame: Frame, scope: Scope) -> Clustered:
    """KMeans and MiniBatchKMeans."""
    return Clustered(first_smallest(without_own_length(numeric(frame, scope), estimator.cluster_centers_)))


def nearest(estimator: Any, frame: Frame, scope: Scope) -> Clustered:
    """MeanShift and AffinityPropagation: `pairwise_distances_argmin`; -1 where no centre was found."""
    if not hasattr(estimator, "cluster_centers_"):
        raise scope.refuse("affinity='precomputed' has no centres to compare new rows with", "use affinity='euclidean'")
    if not len(estimator.cluster_centers_):
        rows = op.shape(frame.blocks[0].var, start=0, end=1)
        return Clustered(op.expand(ints(-1), rows))
    return Clustered(first_smallest(distances.squared_by_products(numeric(frame, scope), estimator.cluster_centers_)))


def birch(estimator: Any, frame: Frame, scope: Scope) -> Clustered:
    """Birch: the label of the nearest subcluster."""
    position = first_smallest(distances.squared_by_products(numeric(frame, scope), estimator.subcluster_centers_))
    return Clustered(op.gather(op.const(np.asarray(estimator.subcluster_labels_, np.int64)), position))


def bisecting(estimator: Any, frame: Frame, scope: Scope) -> Clustered:
    """BisectingKMeans: at every division of its tree the nearer half, the left one where both are as near."""
    nodes = _divisions(estimator._bisecting_tree)
    if not nodes:
        rows = op.shape(frame.blocks[0].var, start=0, end=1)
        return Clustered(op.expand(ints(int(estimator._bisecting_tree.label)), rows))
    shift = getattr(estimator, "_X_mean", 0.0)
    centres = np.concatenate([[node.left.center, node.right.center] for node in nodes]) + shift
    near = without_own_length(numeric(frame, scope), centres)
    left = {id(node): _nearer(near, 2 * i) for i, node in enumerate(nodes)}
    return Clustered(op.reshape(_descend(estimator._bisecting_tree, left), ints(-1)))


def _divisions(node: Any) -> list[Any]:
    return [] if node.left is None else [node, *_divisions(node.left), *_divisions(node.right)]


def _nearer(near: Var, column: int) -> Var:
    return op.less_or_equal(part(near, column, column + 1, 1), part(near, column + 1, column + 2, 1))


def _descend(node: Any, left: dict[int, Var]) -> Var:
    if node.left is None:
        return integer(int(node.label))
    return op.where(left[id(node)], _descend(node.left, left), _descend(node.right, left))


def to_centres(estimator: Any, frame: Frame, scope: Scope) -> Frame:
    """The distance to every centre, `euclidean_distances`."""
    centres = estimator.subcluster_centers_ if hasattr(estimator, "subcluster_centers_") else estimator.cluster_centers_
    names = [f"{type(estimator).__name__.lower()}{i}" for i in range(len(centres))]
    return frame_of(op.sqrt(distances.squared_by_products(numeric(frame, scope), centres)), names)
