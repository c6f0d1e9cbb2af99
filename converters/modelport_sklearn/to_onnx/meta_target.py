"""Regression of a transformed target: the prediction is transformed back.

Source: `sklearn.compose.TransformedTargetRegressor.predict` (scikit-learn 1.9).
"""

from typing import Any

from modelport_onnx.frame import Frame
from modelport_onnx.lowering import Scope
from modelport_onnx.outcome import Regressed
from modelport_sklearn.to_onnx.inverse import inverse
from modelport_sklearn.to_onnx.meta_members import regressed, width_of


def regressor(estimator: Any, frame: Frame, scope: Scope) -> Regressed:
    """TransformedTargetRegressor."""
    value = regressed(estimator.regressor_, frame, scope).value
    return Regressed(inverse(estimator.transformer_, value, width_of(value), scope))
