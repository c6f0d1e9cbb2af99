"""Arithmetic of models with `x-mathContext="float"`: every step is rounded, as in JPMML-Evaluator's FloatValue (1.7).

Values travel as float64 that hold float32 numbers. A sum, product or quotient of two such numbers, taken in float64
and rounded, is the float32 one (Figueroa 1995: 53 digits are more than twice 24 and two), so one rounding a step does.
"""

import math
from collections.abc import Sequence

import numpy as np
from spox import Var

from modelport_onnx.blocks import elementary
from modelport_onnx.ops import op
from modelport_pmml.to_onnx.functions.statistics import beside
from modelport_pmml.to_onnx.value import constant, float32

_FIRST, _LAST = op.const(np.array(0, np.int64)), op.const(np.array([-1], np.int64))


def single(value: float) -> Var:
    """A constant [1, 1], rounded to float32."""
    return constant(float(np.float32(value)))


def running(terms: Var) -> Var:
    """`((a + b) + c) + …` over each row of [N, S] float32 terms, [N, 1] float32."""
    sums = op.cumsum(op.transpose(terms, perm=[1, 0]), _FIRST)
    return op.transpose(op.gather(sums, _LAST, axis=0), perm=[1, 0])


def total(terms: Var) -> Var:
    """The same of float64 terms that hold float32 numbers, [N, 1] float64."""
    return op.cast(running(op.cast(terms, to=np.float32)), to=np.float64)


def in_order(parts: Sequence[Var]) -> Var:
    """The same of columns [N, 1] float64."""
    found = parts[0]
    for part in parts[1:]:
        found = float32(op.add(found, part))
    return found


def product(a: Var, b: Var) -> Var:
    return float32(op.mul(a, b))


def weighted(columns: Sequence[Var], weights: Sequence[float]) -> Var:
    """`(a * v + b * w) + …` of columns [N, 1]."""
    return in_order([product(column, single(weight)) for column, weight in zip(columns, weights, strict=True)])


_E = 2.7182817
"""What JPMML raises to a power for an exponential in float32."""


def exp(x: Var) -> Var:
    return float32(op.pow(constant(_E), x))


def inverse_link(method: str, x: Var) -> Var | None:
    """Of `linkage.inverse_link`, every step rounded; None where JPMML has none in float32 (probit)."""
    one = constant(1.0)
    match method:
        case "none" | "identity":
            return x
        case "logit":
            return float32(op.div(one, float32(op.add(one, exp(op.neg(x))))))
        case "exp" | "log":
            return exp(x)
        case "cloglog":
            return float32(op.sub(one, exp(op.neg(exp(x)))))
        case "loglog":
            return exp(op.neg(exp(op.neg(x))))
        case "cauchit":
            turned = float32(elementary.atan(x))
            return float32(op.add(constant(0.5), product(single(1.0 / math.pi), turned)))
    return None


def shares(columns: Sequence[Var], exponential: bool) -> Var:
    """Each column's share of their sum, [N, K]; after exp for softmax (the row's maximum taken off first)."""
    parts = list(columns)
    if exponential:
        most = op.max(parts)
        parts = [exp(float32(op.sub(part, most))) for part in parts]
    total_ = in_order(parts)
    return float32(op.div(beside(parts), total_))
