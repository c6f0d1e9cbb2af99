"""Label propagation and spreading: the label distributions of training rows, weighted by likeness.

Source: `sklearn.semi_supervised._label_propagation.BaseLabelPropagation.{predict,predict_proba}` (scikit-learn 1.9).
"""

from typing import Any

import numpy as np
from spox import Var

from modelport_onnx.blocks import kernels
from modelport_onnx.blocks.choose import first_largest
from modelport_onnx.blocks.constant import double, ints
from modelport_onnx.frame import Frame
from modelport_onnx.lowering import Scope
from modelport_onnx.ops import op
from modelport_onnx.outcome import Classified
from modelport_sklearn.to_onnx.classes import classes_of
from modelport_sklearn.to_onnx.neighbour_search import metric_of, nearest, note_ties
from modelport_sklearn.to_onnx.numeric import numeric


def check(estimator: Any) -> str | None:
    """Why the kernel has no exact form, or None."""
    return "kernel=<a function> is Python code" if callable(estimator.kernel) else None


def classifier(estimator: Any, frame: Frame, scope: Scope) -> Classified:
    """LabelPropagation and LabelSpreading. A row far from all others has no likeness to any: 0 / 0, NaN."""
    reason = check(estimator)
    if reason:
        raise scope.refuse(reason, "use kernel='rbf' or 'knn'")
    matrix, known = numeric(frame, scope), np.asarray(estimator.label_distributions_, np.float64)
    if estimator.kernel == "rbf":
        points = estimator.X_.toarray() if hasattr(estimator.X_, "toarray") else estimator.X_
        weights = op.matmul(kernels.rbf(matrix, points, float(estimator.gamma)), double(known))
    else:
        weights = _neighbours(estimator, matrix, known, scope)
    probability = op.div(weights, op.reduce_sum(weights, ints(1)))
    return Classified(classes_of(estimator.classes_, scope), _first(weights, probability), probability)


def _neighbours(estimator: Any, matrix: Var, known: Any, scope: Scope) -> Var:
    note_ties(estimator.nn_fit, known, scope)
    _, positions = nearest(estimator.nn_fit, metric_of(estimator.nn_fit, scope), matrix, int(estimator.n_neighbors))
    return op.reduce_sum(op.gather(double(known), positions, axis=0), ints(1), keepdims=0)


def _first(weights: Var, probability: Var) -> Var:
    """`numpy.argmax(probability)`: the first largest, and the first where all are NaN."""
    return first_largest(op.where(op.isnan(probability), weights, probability))
