"""Local outlier factor: the density at a row against the density at its neighbours.

Source: `sklearn.neighbors._lof.LocalOutlierFactor.{score_samples,_local_reachability_density,predict}` (1.9).
"""

from typing import Any

import numpy as np

from modelport_onnx.blocks.constant import double, ints
from modelport_onnx.frame import Frame
from modelport_onnx.lowering import Scope
from modelport_onnx.ops import op
from modelport_onnx.outcome import Outliers
from modelport_sklearn.to_onnx.neighbour_search import metric_of, nearest
from modelport_sklearn.to_onnx.numeric import numeric
from modelport_sklearn.to_onnx.outliers import thresholded


def check(estimator: Any) -> str | None:
    """Why it cannot score new rows, or None."""
    return None if estimator.novelty else "novelty=False scores no rows but its own training rows"


def outlier_factor(estimator: Any, frame: Frame, scope: Scope) -> Outliers:
    """LocalOutlierFactor(novelty=True)."""
    reason = check(estimator)
    if reason:
        raise scope.refuse(reason, "fit with novelty=True")
    known, count = metric_of(estimator, scope), int(estimator.n_neighbors_)
    surrogate, positions = nearest(estimator, known, numeric(frame, scope), count)
    reach = op.gather(double(np.asarray(estimator._distances_fit_X_)[:, count - 1]), positions)
    mean = op.reduce_mean(op.max([known.distance(surrogate), reach]), ints(1))
    density = op.div(double(1.0), op.add(mean, double(1e-10)))
    ratios = op.div(op.gather(double(estimator._lrd), positions), density)
    score = op.neg(op.reduce_mean(ratios, ints(1)))
    return thresholded(op.sub(score, double(float(estimator.offset_))))
