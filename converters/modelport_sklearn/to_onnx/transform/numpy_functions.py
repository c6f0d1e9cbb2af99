"""NumPy's functions of one array, as graphs."""

from collections.abc import Callable, Mapping
from functools import cache
from math import pi
from typing import Any

import numpy as np
from spox import Var

from modelport_onnx.blocks import elementary
from modelport_onnx.lowering import Scope
from modelport_onnx.ops import op
from modelport_sklearn.to_onnx.transform.values import dtype_of, like

Arguments = Mapping[str, Any]
Lowered = Callable[[Var, Arguments, Scope], Var]

IDENTITIES = (np.asarray, np.array, np.ascontiguousarray, np.positive, np.copy)
"""Functions that hand their columns on."""

TESTS = (np.isnan, np.isinf, np.isfinite)
"""Functions whose answer is boolean."""


def _plain(function: Callable[[Var], Var]) -> Lowered:
    """A function that takes no arguments besides the array."""

    def lowered(x: Var, given: Arguments, scope: Scope) -> Var:
        if given:
            raise scope.refuse(f"kw_args={dict(given)!r} is not known here for this function")
        return function(x)

    return lowered


def _times(factor: float) -> Lowered:
    return _plain(lambda x: op.mul(x, like(x, factor)))


def _scalars(given: Arguments, names: Mapping[str, str], scope: Scope) -> dict[str, float]:
    """Keyword arguments that are single numbers, under the names of `names`."""
    values: dict[str, float] = {}
    for name, value in given.items():
        if value is None and name in names:
            continue
        if name not in names or not np.isscalar(value) or isinstance(value, str):
            raise scope.refuse(f"kw_args has {name}={value!r}, which is not known here for this function")
        values[names[name]] = float(value)  # type: ignore[arg-type]  # a NumPy or Python number
    return values


def clip(x: Var, given: Arguments, scope: Scope) -> Var:
    """`np.clip`; NaN stays NaN."""
    bounds = _scalars(given, {"a_min": "min", "a_max": "max", "min": "min", "max": "max"}, scope)
    if "min" in bounds:
        x = op.where(op.less(x, like(x, bounds["min"])), like(x, bounds["min"]), x)
    if "max" in bounds:
        x = op.where(op.greater(x, like(x, bounds["max"])), like(x, bounds["max"]), x)
    return x


def nan_to_num(x: Var, given: Arguments, scope: Scope) -> Var:
    """`np.nan_to_num`: NaN by default 0, infinities the largest finite numbers."""
    names = {"nan": "nan", "posinf": "posinf", "neginf": "neginf", "copy": "copy"}
    chosen, largest = _scalars(given, names, scope), float(np.finfo(dtype_of(x)).max)
    x = op.where(op.isnan(x), like(x, chosen.get("nan", 0.0)), x)
    x = op.where(op.isinf(x, detect_negative=0), like(x, chosen.get("posinf", largest)), x)
    return op.where(op.isinf(x, detect_positive=0), like(x, chosen.get("neginf", -largest)), x)


def rounded(x: Var, given: Arguments, scope: Scope) -> Var:
    """`np.round`: half to even, of `X * 10**decimals` (`numpy.ndarray.round`)."""
    decimals = int(_scalars(given, {"decimals": "decimals"}, scope).get("decimals", 0))
    if not decimals:
        return op.round(x)
    factor = like(x, 10.0 ** abs(decimals))
    if decimals > 0:
        return op.div(op.round(op.mul(x, factor)), factor)
    return op.mul(op.round(op.div(x, factor)), factor)


def truncated(x: Var) -> Var:
    return op.where(op.less(x, like(x, 0)), op.ceil(x), op.floor(x))


def sign(x: Var) -> Var:
    """`np.sign`; NaN stays NaN."""
    return op.where(op.isnan(x), x, op.sign(x))


def logistic(x: Var) -> Var:
    return op.reciprocal(op.add(op.exp(op.neg(x)), like(x, 1.0)))


def logit(x: Var) -> Var:
    return op.sub(op.log(x), elementary.log1p(op.neg(x)))


def _finite(x: Var) -> Var:
    return op.not_(op.or_(op.isnan(x), op.isinf(x)))


@cache
def table() -> Mapping[Any, Lowered]:
    """Every function that is known, by the function itself."""
    from scipy import special

    return {
        np.absolute: _plain(op.abs),
        np.fabs: _plain(op.abs),
        np.negative: _plain(op.neg),
        np.exp: _plain(op.exp),
        np.exp2: _plain(elementary.exp2),
        np.expm1: _plain(elementary.expm1),
        np.log: _plain(op.log),
        np.log2: _plain(elementary.log2),
        np.log10: _plain(elementary.log10),
        np.log1p: _plain(elementary.log1p),
        np.sqrt: _plain(op.sqrt),
        np.cbrt: _plain(elementary.cbrt),
        np.square: _plain(lambda x: op.mul(x, x)),
        np.reciprocal: _plain(lambda x: op.div(like(x, 1.0), x)),
        np.sign: _plain(sign),
        np.floor: _plain(op.floor),
        np.ceil: _plain(op.ceil),
        np.trunc: _plain(truncated),
        np.rint: _plain(op.round),
        np.round: rounded,
        np.sin: _plain(op.sin),
        np.cos: _plain(op.cos),
        np.tan: _plain(elementary.tan),
        np.arcsin: _plain(elementary.asin),
        np.arccos: _plain(elementary.acos),
        np.arctan: _plain(elementary.atan),
        np.sinh: _plain(elementary.sinh),
        np.cosh: _plain(elementary.cosh),
        np.tanh: _plain(op.tanh),
        np.arcsinh: _plain(elementary.asinh),
        np.arccosh: _plain(elementary.acosh),
        np.arctanh: _plain(elementary.atanh),
        np.radians: _times(pi / 180),
        np.deg2rad: _times(pi / 180),
        np.degrees: _times(180 / pi),
        np.rad2deg: _times(180 / pi),
        np.isnan: _plain(op.isnan),
        np.isinf: _plain(op.isinf),
        np.isfinite: _plain(_finite),
        np.clip: clip,
        np.nan_to_num: nan_to_num,
        special.expit: _plain(logistic),
        special.logit: _plain(logit),
    }
