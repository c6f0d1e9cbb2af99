"""GaussianProcessModel. https://dmg.org/pmml/v4-4-1/GaussianProcess.html"""

import numpy as np
from numpy.typing import NDArray
from spox import Var

from modelport_onnx.ops import op
from modelport_pmml.reader.elements.gaussian import (
    AbsoluteExponentialKernel,
    ARDSquaredExponentialKernel,
    GaussianProcessModel,
    GeneralizedExponentialKernel,
    ProcessKernel,
    RadialBasisKernel,
)
from modelport_pmml.to_onnx.arrays import reals
from modelport_pmml.to_onnx.functions.statistics import beside
from modelport_pmml.to_onnx.literal import parse
from modelport_pmml.to_onnx.models.nearest_neighbor import table
from modelport_pmml.to_onnx.prediction import Prediction, regressed
from modelport_pmml.to_onnx.scope import Scope
from modelport_pmml.to_onnx.value import any_invalid, any_missing, constant, either

Floats = NDArray[np.float64]
MAX_ROWS = 5000
"""Training rows: converting solves a linear system of this size."""


def lower(model: GaussianProcessModel, scope: Scope) -> Prediction:
    """The mean of the process: `k(x, X) (K + noise I)^-1 y`, the system solved while converting."""
    mining = scope.target()
    if mining is None or model.function_name != "regression":
        raise model.bad("a GaussianProcessModel is a regression with a target")
    columns = table(model.training)
    if mining.name not in columns:
        raise model.bad(f"the training table has no column for the target {mining.name!r}")
    inputs = [name for name in columns if name != mining.name]
    numbers = {
        name: np.array([parse(cell, "double", model.training) for cell in cells]) for name, cells in columns.items()
    }
    points = np.stack([numbers[name] for name in inputs], axis=1)
    if len(points) > MAX_ROWS:
        raise model.refuse(f"a Gaussian process over more than {MAX_ROWS} training rows")
    values = [scope.resolve(name, model.training) for name in inputs]
    if any(value.is_text for value in values):
        raise model.refuse("a Gaussian process over text")
    scales = _scales(model.kernel, len(inputs))
    gram = _gram(model.kernel, points, scales) + np.eye(len(points)) * model.kernel.noise_variance
    weights = np.linalg.solve(gram, numbers[mining.name])
    covariance = _covariance(model.kernel, beside([value.data for value in values]), points, scales)
    invalid = either(any_invalid(values), any_missing(values))
    data = op.matmul(covariance, op.const(weights[:, None]))
    return regressed(model, scope, data, nullable=invalid is not None, invalid=invalid)


def _scales(kernel: ProcessKernel, width: int) -> Floats:
    if isinstance(kernel, RadialBasisKernel):
        found = [reals(item.array) for item in kernel.lambdas] or [np.array([kernel.lambda_])]
    else:
        found = [reals(item.array) for item in kernel.lambdas]
    scales = np.concatenate(found) if found else np.ones(1)
    if len(scales) == 1:
        return np.full(width, scales[0])
    if len(scales) != width:
        raise kernel.bad(f"there are {len(scales)} lambdas for {width} fields")
    return scales


def _powers(kernel: ProcessKernel) -> tuple[float, float]:
    """Power of the scaled differences, and the divisor of their sum."""
    match kernel:
        case RadialBasisKernel() | ARDSquaredExponentialKernel():
            return 2.0, 2.0
        case AbsoluteExponentialKernel():
            return 1.0, 1.0
        case GeneralizedExponentialKernel():
            return kernel.degree, 1.0
    raise kernel.refuse(f"the kernel <{kernel.tag()}> is not known here")


def _gram(kernel: ProcessKernel, points: Floats, scales: Floats) -> Floats:
    power, divisor = _powers(kernel)
    gaps = np.abs(points[:, None, :] - points[None, :, :]) / scales
    found: Floats = kernel.gamma * np.exp(-(gaps**power).sum(axis=2) / divisor)
    return found


def _covariance(kernel: ProcessKernel, x: Var, points: Floats, scales: Floats) -> Var:
    power, divisor = _powers(kernel)
    total: Var = constant(0.0)
    for j in range(points.shape[1]):
        column = op.slice(x, *(op.const(np.array([i], np.int64)) for i in (j, j + 1, 1)))
        gap = op.div(op.abs(op.sub(column, op.const(points[None, :, j].copy()))), constant(float(scales[j])))
        total = op.add(total, op.pow(gap, constant(power)))
    return op.mul(constant(kernel.gamma), op.exp(op.div(op.neg(total), constant(divisor))))
