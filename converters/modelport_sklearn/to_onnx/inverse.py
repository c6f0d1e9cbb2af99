"""Inverse transformations of targets.

Source: `inverse_transform` of StandardScaler, MinMaxScaler, MaxAbsScaler, RobustScaler, PowerTransformer,
QuantileTransformer, FunctionTransformer and Pipeline (scikit-learn 1.9).
"""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from spox import Var

from modelport_onnx.blocks.constant import double
from modelport_onnx.blocks.elementary import expm1
from modelport_onnx.frame import frame_of
from modelport_onnx.lowering import Scope
from modelport_onnx.ops import op
from modelport_sklearn.to_onnx.inverse_quantile import quantile

Inverse = Callable[[Any, Var, int, Scope], Var]


def inverse(transformer: Any, values: Var, width: int, scope: Scope) -> Var:
    """`transformer.inverse_transform(values)`: [N, width] → [N, width].

    Raises:
        CannotConvert: no exact inverse is known; the transformer is named.
    """
    kind = type(transformer)
    lowered = _INVERSES.get(kind.__name__) if kind.__module__.startswith("sklearn.") else None
    if lowered is None:
        raise scope.refuse(
            f"no exact ONNX form is known of how {kind.__module__}.{kind.__qualname__} transforms back",
            f"transform the target with one of {', '.join(_INVERSES)}",
        )
    return lowered(transformer, values, width, scope.inside(kind.__name__))


def _standard(scaler: Any, values: Var, width: int, scope: Scope) -> Var:
    if scaler.with_std:
        values = op.mul(values, double(scaler.scale_))
    return op.add(values, double(scaler.mean_)) if scaler.with_mean else values


def _min_max(scaler: Any, values: Var, width: int, scope: Scope) -> Var:
    return op.div(op.sub(values, double(scaler.min_)), double(scaler.scale_))


def _max_abs(scaler: Any, values: Var, width: int, scope: Scope) -> Var:
    return op.mul(values, double(scaler.scale_))


def _robust(scaler: Any, values: Var, width: int, scope: Scope) -> Var:
    if scaler.with_scaling:
        values = op.mul(values, double(scaler.scale_))
    return op.add(values, double(scaler.center_)) if scaler.with_centering else values


def _power(transformer: Any, values: Var, width: int, scope: Scope) -> Var:
    if transformer.standardize:
        values = _standard(transformer._scaler, values, width, scope)
    exponents = np.asarray(transformer.lambdas_, np.float64)
    return _yeo_johnson(values, exponents) if transformer.method == "yeo-johnson" else _box_cox(values, exponents)


def _yeo_johnson(values: Var, exponents: Any) -> Var:
    """`(λ x + 1)^(1/λ) - 1` for x >= 0, `1 - (1 - (2 - λ) x)^(1/(2 - λ))` below; exponentials where λ is 0 or 2."""
    up = op.greater_or_equal(values, double(0.0))
    none, two = np.abs(exponents) < np.spacing(1.0), np.abs(exponents - 2) <= np.spacing(1.0)
    first, second = np.where(none, 1.0, exponents), np.where(two, 1.0, 2 - exponents)
    above = op.sub(op.pow(op.add(op.mul(values, double(first)), double(1.0)), double(1 / first)), double(1.0))
    below = op.sub(double(1.0), op.pow(op.add(op.mul(values, double(-second)), double(1.0)), double(1 / second)))
    above = op.where(op.const(none), op.sub(op.exp(values), double(1.0)), above)
    below = op.where(op.const(two), op.sub(double(1.0), op.exp(op.neg(values))), below)
    return op.where(up, above, below)


def _box_cox(values: Var, exponents: Any) -> Var:
    """`scipy.special.inv_boxcox`: `(λ x + 1)^(1/λ)`, or the exponential where λ is 0."""
    none = exponents == 0
    safe = np.where(none, 1.0, exponents)
    raised = op.pow(op.add(op.mul(values, double(safe)), double(1.0)), double(1 / safe))
    return op.where(op.const(none), op.exp(values), raised)


def _function(transformer: Any, values: Var, width: int, scope: Scope) -> Var:
    """FunctionTransformer: its inverse function, where that is one of NumPy's; none at all changes nothing."""
    if transformer.inverse_func is None:
        return values
    if transformer.inverse_func is np.expm1 and not transformer.inv_kw_args:
        return expm1(values)
    from sklearn.preprocessing import FunctionTransformer

    from modelport_onnx.lowering import lower_transform

    backwards = FunctionTransformer(transformer.inverse_func, kw_args=transformer.inv_kw_args)
    backwards.n_features_in_ = width
    names = [f"y{i}" for i in range(width)]
    return lower_transform(backwards, frame_of(values, names), scope).matrix()


def _pipeline(pipeline: Any, values: Var, width: int, scope: Scope) -> Var:
    for name, step in reversed(pipeline.steps):
        if step is not None and not isinstance(step, str):
            values = inverse(step, values, width, scope.inside(name))
    return values


def _quantile(transformer: Any, values: Var, width: int, scope: Scope) -> Var:
    return quantile(transformer, values, width)


_INVERSES: Mapping[str, Inverse] = {
    "FunctionTransformer": _function,
    "MaxAbsScaler": _max_abs,
    "MinMaxScaler": _min_max,
    "Pipeline": _pipeline,
    "PowerTransformer": _power,
    "QuantileTransformer": _quantile,
    "RobustScaler": _robust,
    "StandardScaler": _standard,
}
