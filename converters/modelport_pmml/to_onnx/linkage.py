"""Inverse link functions, in float64."""

import math

from spox import Var

from modelport_onnx.blocks import elementary
from modelport_onnx.ops import op
from modelport_pmml.to_onnx.normal import cdf
from modelport_pmml.to_onnx.value import constant


def inverse_link(method: str, x: Var) -> Var:
    """Of the normalizations of RegressionModel and the cumulative links of GeneralRegressionModel."""
    one = constant(1.0)
    match method:
        case "none" | "identity":
            return x
        case "logit":
            return op.reciprocal(op.add(one, op.exp(op.neg(x))))
        case "exp" | "log":
            return op.exp(x)
        case "probit":
            return cdf(x)
        case "cloglog":
            return op.sub(one, op.exp(op.neg(op.exp(x))))
        case "loglog":
            return op.exp(op.neg(op.exp(op.neg(x))))
        case "cauchit":
            return op.add(constant(0.5), op.mul(constant(1.0 / math.pi), elementary.atan(x)))
    raise AssertionError(f"the link {method} is checked before")
