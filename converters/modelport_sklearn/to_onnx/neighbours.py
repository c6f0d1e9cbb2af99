"""k nearest neighbours: classification by votes, regression by means.

Source: `sklearn.neighbors._classification.KNeighborsClassifier.{predict,predict_proba}` and
`_regression.KNeighborsRegressor.predict` (scikit-learn 1.9).
"""

from typing import Any

import numpy as np
from spox import Var

from modelport.conversion import NoteKind
from modelport_onnx.blocks.choose import first_largest
from modelport_onnx.blocks.constant import double, ints
from modelport_onnx.frame import Frame
from modelport_onnx.lowering import Scope
from modelport_onnx.ops import op
from modelport_onnx.outcome import Classified, MultiClassified, Regressed
from modelport_sklearn.to_onnx.classes import classes_of
from modelport_sklearn.to_onnx.neighbour_search import closeness, metric_of, nearest, note_ties
from modelport_sklearn.to_onnx.numeric import numeric


def _neighbours(estimator: Any, frame: Frame, scope: Scope) -> tuple[Var, Var | None]:
    """Positions [N, k], and weights [N, k] unless all are equal."""
    known = metric_of(estimator, scope)
    note_ties(estimator, estimator._y, scope)
    surrogate, positions = nearest(estimator, known, numeric(frame, scope), int(estimator.n_neighbors))
    if estimator.weights in (None, "uniform"):
        return positions, None
    if estimator._fit_method == "brute" and estimator.effective_metric_ in ("euclidean", "l2"):
        scope.note(
            NoteKind.ROUNDED,
            "brute force finds a row that equals a training row at a distance of rounding size rather than 0, "
            "and weights='distance' divides by it",
        )
    return positions, closeness(known.distance(surrogate))


def _gathered(table: Any, positions: Var, weights: Var | None) -> Var:
    """Rows of a table [M, T] at the positions, weighted and added: [N, T]."""
    rows = op.gather(double(table), positions, axis=0)
    if weights is not None:
        rows = op.mul(rows, op.unsqueeze(weights, ints(2)))
    return op.reduce_sum(rows, ints(1), keepdims=0)


def regressor(estimator: Any, frame: Frame, scope: Scope) -> Regressed:
    """KNeighborsRegressor: the mean of the neighbours' targets."""
    positions, weights = _neighbours(estimator, frame, scope)
    targets = np.asarray(estimator._y, np.float64)
    total = _gathered(targets.reshape(len(targets), -1), positions, weights)
    count = double(float(estimator.n_neighbors)) if weights is None else op.reduce_sum(weights, ints(1))
    return Regressed(op.div(total, count))


def classifier(estimator: Any, frame: Frame, scope: Scope) -> Classified | MultiClassified:
    """KNeighborsClassifier: shares of the votes, for one or several targets."""
    positions, weights = _neighbours(estimator, frame, scope)
    if not estimator.outputs_2d_:
        return _voted(estimator.classes_, estimator._y, positions, weights, scope)
    targets = zip(estimator.classes_, np.transpose(estimator._y), strict=True)
    return MultiClassified(tuple(_voted(labels, codes, positions, weights, scope) for labels, codes in targets))


def _voted(labels: Any, codes: Any, positions: Var, weights: Var | None, scope: Scope) -> Classified:
    votes = _gathered(np.eye(len(labels))[np.asarray(codes)], positions, weights)
    probability = op.div(votes, op.reduce_sum(votes, ints(1)))
    return Classified(classes_of(labels, scope), first_largest(votes), probability)
