"""KNNImputer: the mean of the nearest rows that have the column.

Source: `sklearn.impute.KNNImputer.transform` and `_calc_impute`, `sklearn.metrics.pairwise.nan_euclidean_distances`,
`sklearn.neighbors._base._get_weights` (1.9).
"""

from typing import Any

import numpy as np
from spox import Var

from modelport.conversion import NoteKind
from modelport_onnx.blocks.constant import double, ints
from modelport_onnx.blocks.distances import squared_by_products
from modelport_onnx.blocks.encoders import is_missing
from modelport_onnx.frame import Block, Frame, cast, frame_of, join
from modelport_onnx.lowering import Scope
from modelport_onnx.ops import op
from modelport_sklearn.to_onnx.transform.impute_simple import indicator_block
from modelport_sklearn.to_onnx.transform.values import doubles, fitted_names

TIES = (
    "among donors at the same distance scikit-learn leaves the choice to numpy.argpartition, which differs between "
    "machines; the file takes the first"
)


def knn_imputer(estimator: Any, frame: Frame, scope: Scope) -> Frame:
    refused = check(estimator)
    if refused:
        raise scope.refuse(refused, "use metric='nan_euclidean' and weights='uniform' or 'distance'")
    scope.note(NoteKind.ASSUMED, TIES)
    given = frame_of(doubles(frame, scope), frame.names, nullable=True)
    x = given.matrix()
    missing = op.isnan(x) if is_missing(estimator.missing_values) else op.equal(x, double(estimator.missing_values))
    known = np.asarray(estimator._valid_mask, np.bool_)
    distance = nan_euclidean(x, missing, np.asarray(estimator._fit_X, np.float64), estimator._mask_fit_X)
    columns = [
        _column(estimator, x, missing, distance, i)
        for i in range(frame.width)
        if known[i] or estimator.keep_empty_features
    ]
    parts = [
        frame_of(op.concat(columns, axis=1) if len(columns) > 1 else columns[0], [str(i) for i in range(len(columns))])
    ]
    if estimator.add_indicator and len(estimator.indicator_.features_):
        marks = indicator_block(estimator.indicator_, given, scope)
        parts.append(Frame((Block(cast(marks.var, np.float64), marks.names, False),)))
    whole = join(parts)
    return frame_of(whole.matrix(), fitted_names(estimator, whole.width))


def check(estimator: Any) -> str | None:
    """Why the estimator cannot be converted, or None."""
    if callable(estimator.weights) or callable(estimator.metric):
        return "weights= or metric= is Python code, whose meaning is not known here"
    return None


def nan_euclidean(x: Var, missing: Var, points: Any, absent: Any) -> Var:
    """Distances over the columns that both have, scaled up for those that one lacks; NaN where none is shared."""
    zero = np.where(absent, 0.0, points)
    present = op.where(missing, double(0.0), x)
    gone = op.cast(missing, to=np.float64)
    square = squared_by_products(present, zero)
    square = op.sub(square, op.matmul(op.mul(present, present), double(absent.T.astype(np.float64))))
    square = op.relu(op.sub(square, op.matmul(gone, double((zero * zero).T))))
    shared = op.matmul(op.sub(double(1.0), gone), double((~absent).T.astype(np.float64)))
    none = op.equal(shared, double(0.0))
    scaled = op.mul(op.div(square, op.where(none, double(1.0), shared)), double(points.shape[1]))
    return op.where(none, double(np.nan), op.sqrt(scaled))


def _column(estimator: Any, x: Var, missing: Var, distance: Var, column: int) -> Var:
    """One column [N, 1], its missing cells imputed."""
    here = op.slice(x, ints(column), ints(column + 1), ints(1))
    if not estimator._valid_mask[column]:
        return op.mul(op.cast(op.isnan(here), to=np.float64), double(0.0))
    donors = np.flatnonzero(~np.asarray(estimator._mask_fit_X)[:, column])
    values = np.asarray(estimator._fit_X, np.float64)[donors, column]
    to_donors = op.gather(distance, op.const(donors.astype(np.int64)), axis=1)
    unknown = op.isnan(to_donors)
    infinite = op.where(unknown, double(np.inf), to_donors)
    count = min(int(estimator.n_neighbors), len(donors))
    near, chosen = op.top_k(infinite, ints(count), axis=1, largest=0)
    weight = _weights(near, estimator.weights)
    total = op.reduce_sum(weight, ints(1))
    nowhere = op.equal(total, double(0.0))
    mean = op.div(op.reduce_sum(op.mul(weight, op.gather(double(values), chosen)), ints(1)), total)
    imputed = op.where(nowhere, double(values.mean()), mean)
    return op.where(op.slice(missing, ints(column), ints(column + 1), ints(1)), imputed, here)


def _weights(near: Var, kind: str | None) -> Var:
    """1, or one over the distance; donors at distance 0 share all; donors that share no column have none."""
    if kind != "distance":
        return op.cast(op.not_(op.isinf(near)), to=np.float64)
    touching = op.equal(near, double(0.0))
    some = op.greater(op.reduce_sum(op.cast(touching, to=np.float64), ints(1)), double(0.0))
    inverse = op.reciprocal(op.where(touching, double(1.0), near))
    return op.where(some, op.cast(touching, to=np.float64), inverse)
