"""Outlier detectors that threshold a score: EllipticEnvelope, SGDOneClassSVM.

Source: `sklearn.covariance.EllipticEnvelope.decision_function`,
`sklearn.linear_model._stochastic_gradient.SGDOneClassSVM.predict` (scikit-learn 1.9).
"""

from typing import Any

import numpy as np
from spox import Var

from modelport_onnx.blocks.choose import flat
from modelport_onnx.blocks.constant import double, integer
from modelport_onnx.blocks.distances import mahalanobis_squared
from modelport_onnx.frame import Frame
from modelport_onnx.lowering import Scope
from modelport_onnx.ops import op
from modelport_onnx.outcome import Outliers
from modelport_sklearn.to_onnx.linear import affine
from modelport_sklearn.to_onnx.numeric import numeric


def thresholded(score: Var) -> Outliers:
    """An inlier is a row whose score, [N, 1], is not negative."""
    inlier = op.greater_or_equal(score, double(0.0))
    return Outliers(flat(op.where(inlier, integer(1), integer(-1))), flat(score))


def linear(estimator: Any, frame: Frame, scope: Scope) -> Outliers:
    """SGDOneClassSVM: a linear score less the offset."""
    return thresholded(affine(numeric(frame, scope), estimator.coef_, -np.asarray(estimator.offset_)))


def elliptic(estimator: Any, frame: Frame, scope: Scope) -> Outliers:
    """EllipticEnvelope: the offset against the squared Mahalanobis distance."""
    distance = mahalanobis_squared(numeric(frame, scope), estimator.location_, estimator.get_precision())
    return thresholded(op.sub(op.neg(distance), double(np.asarray(estimator.offset_))))
