"""NearestCentroid: the nearest mean, or a discriminant score where the classes' priors differ.

Source: `sklearn.neighbors._nearest_centroid.NearestCentroid` (scikit-learn 1.9).
"""

from typing import Any

import numpy as np
from spox import Var

from modelport_onnx.blocks import distances
from modelport_onnx.blocks.choose import first_largest, first_smallest
from modelport_onnx.blocks.constant import double
from modelport_onnx.blocks.links import softmax
from modelport_onnx.blocks.sums import split
from modelport_onnx.frame import Frame
from modelport_onnx.lowering import Scope
from modelport_onnx.ops import op
from modelport_onnx.outcome import Classified
from modelport_sklearn.to_onnx.classes import classes_of
from modelport_sklearn.to_onnx.numeric import numeric


def check(estimator: Any) -> str | None:
    """Why the metric has no exact form, or None."""
    known = ("euclidean", "manhattan")
    return None if estimator.metric in known else f"metric={estimator.metric!r} has no exact ONNX form"


def classifier(estimator: Any, frame: Frame, scope: Scope) -> Classified:
    """NearestCentroid; decisions and probabilities exist for the Euclidean metric alone."""
    reason = check(estimator)
    if reason:
        raise scope.refuse(reason, "use metric='euclidean' or 'manhattan'")
    classes, matrix = classes_of(estimator.classes_, scope), numeric(frame, scope)
    even = np.isclose(estimator.class_prior_, 1 / len(classes)).all()
    euclidean = estimator.metric == "euclidean"
    between = distances.squared_by_products if euclidean else distances.manhattan
    index = first_smallest(between(matrix, estimator.centroids_)) if even else None
    if not euclidean:
        return Classified(classes, first_largest(_scores(estimator, matrix)) if index is None else index)
    scores = _scores(estimator, matrix)
    decision = scores
    if len(classes) == 2:
        first, second = split(scores, 2, 1)
        decision = op.sub(second, first)
    return Classified(classes, first_largest(scores) if index is None else index, softmax(scores), decision)


def _scores(estimator: Any, matrix: Var) -> Var:
    """Squared distance in units of the spread within classes, and the prior: [N, K]."""
    spread = np.asarray(estimator.within_class_std_dev_, np.float64)
    spread = np.where(spread == 0, 1.0, spread)
    scaled, centres = op.div(matrix, double(spread[None])), np.asarray(estimator.centroids_) / spread
    if estimator.metric == "euclidean":
        squared = distances.squared_by_products(scaled, centres)
    else:
        distance = distances.manhattan(scaled, centres)
        squared = op.mul(distance, distance)
    return op.add(op.neg(squared), double(2.0 * np.log(estimator.class_prior_)[None]))
