"""Partial least squares and canonical correlation.

Source: `sklearn.cross_decomposition._pls._PLS.{predict,transform}`, `PLSSVD.transform` (scikit-learn 1.9).
"""

from typing import Any

import numpy as np

from modelport_onnx.blocks.constant import double
from modelport_onnx.frame import Frame, frame_of
from modelport_onnx.lowering import Scope
from modelport_onnx.ops import op
from modelport_onnx.outcome import Regressed
from modelport_sklearn.to_onnx.linear import affine
from modelport_sklearn.to_onnx.numeric import numeric


def regressor(estimator: Any, frame: Frame, scope: Scope) -> Regressed:
    """PLSRegression, PLSCanonical, CCA: linear in the centred columns."""
    centred = op.sub(numeric(frame, scope), double(np.asarray(estimator._x_mean)))
    return Regressed(affine(centred, estimator.coef_, estimator.intercept_))


def project(estimator: Any, frame: Frame, scope: Scope) -> Frame:
    """The scores of the rows; PLSSVD projects on its weights, the others on their rotations."""
    directions = estimator.x_rotations_ if hasattr(estimator, "x_rotations_") else estimator.x_weights_
    scaled = op.div(op.sub(numeric(frame, scope), double(np.asarray(estimator._x_mean))), double(estimator._x_std))
    names = [f"{type(estimator).__name__.lower()}{i}" for i in range(directions.shape[1])]
    return frame_of(op.matmul(scaled, double(directions)), names)
