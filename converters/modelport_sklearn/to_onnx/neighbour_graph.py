"""Neighbour graphs as columns: one a training row, its distance or 1 where it is a neighbour, else 0.

Source: `sklearn.neighbors._graph.{KNeighborsTransformer,RadiusNeighborsTransformer}.transform` and
`sklearn.neighbors._base.KNeighborsMixin.kneighbors_graph` (scikit-learn 1.9).
"""

from typing import Any

import numpy as np
from spox import Var

from modelport_onnx.blocks.constant import double, ints
from modelport_onnx.blocks.distances import per_rows
from modelport_onnx.frame import Frame, frame_of
from modelport_onnx.lowering import Scope
from modelport_onnx.ops import op
from modelport_sklearn.to_onnx.neighbour_search import metric_of, nearest
from modelport_sklearn.to_onnx.numeric import numeric
from modelport_sklearn.to_onnx.radius_neighbours import within


def _columns(estimator: Any, values: Var) -> Frame:
    count = int(estimator.n_samples_fit_)
    names = [f"{type(estimator).__name__.lower()}{i}" for i in range(count)]
    return frame_of(op.reshape(values, ints(-1, count)), names, sparse=True)


def nearest_graph(estimator: Any, frame: Frame, scope: Scope) -> Frame:
    """KNeighborsTransformer; with distances it takes one neighbour more, for a row that is its own neighbour."""
    known, matrix = metric_of(estimator, scope), numeric(frame, scope)
    as_distance = estimator.mode == "distance"
    surrogate, positions = nearest(estimator, known, matrix, int(estimator.n_neighbors) + as_distance)
    values = known.distance(surrogate)
    if not as_distance:
        values = op.expand(double(1.0), op.shape(positions))
    shape = op.concat([op.shape(matrix, start=0, end=1), ints(int(estimator.n_samples_fit_))], axis=0)
    return _columns(estimator, op.scatter_elements(op.expand(double(0.0), shape), positions, values, axis=1))


def radius_graph(estimator: Any, frame: Frame, scope: Scope) -> Frame:
    """RadiusNeighborsTransformer."""
    known = metric_of(estimator, scope)

    def block(rows: Var) -> list[Var]:
        surrogate = known.surrogate(rows)
        inside = within(known, surrogate, float(estimator.radius))
        if estimator.mode == "distance":
            return [op.where(inside, known.distance(surrogate), double(0.0))]
        return [op.cast(inside, to=np.float64)]

    return _columns(estimator, per_rows(numeric(frame, scope), known.size, block)[0])


def components(estimator: Any, frame: Frame, scope: Scope) -> Frame:
    """NeighborhoodComponentsAnalysis: a linear map."""
    directions = np.asarray(estimator.components_, np.float64)
    names = [f"neighborhoodcomponentsanalysis{i}" for i in range(len(directions))]
    return frame_of(op.matmul(numeric(frame, scope), double(directions.T)), names)
