"""Kernels of Gaussian processes, composed as their expressions are: sums, products and powers of base kernels.

Source: `sklearn.gaussian_process.kernels` (scikit-learn 1.9). Distances are those of `scipy.spatial.distance.cdist`:
the differences' squares, added from the first column to the last. Weights of a Gaussian process may be large enough
that the last digits of its kernel show.
"""

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from spox import Var

from modelport_onnx.blocks import kernels
from modelport_onnx.blocks.choose import flat
from modelport_onnx.blocks.constant import double
from modelport_onnx.blocks.distances import squared, squared_norms
from modelport_onnx.lowering import Scope
from modelport_onnx.ops import op

Kernel = Callable[[Any, Var, Any, Scope], Var]


def between(kernel: Any, matrix: Var, points: Any, scope: Scope) -> Var:
    """`kernel(X, points)`: [N, M]."""
    lowered = _KERNELS.get(type(kernel).__name__)
    if lowered is None or not type(kernel).__module__.startswith("sklearn.gaussian_process"):
        raise scope.refuse(f"the kernel {type(kernel).__name__} is Python code", "compose it of scikit-learn's kernels")
    return lowered(kernel, matrix, points, scope)


def _sum(kernel: Any, matrix: Var, points: Any, scope: Scope) -> Var:
    return op.add(between(kernel.k1, matrix, points, scope), between(kernel.k2, matrix, points, scope))


def _product(kernel: Any, matrix: Var, points: Any, scope: Scope) -> Var:
    return op.mul(between(kernel.k1, matrix, points, scope), between(kernel.k2, matrix, points, scope))


def _power(kernel: Any, matrix: Var, points: Any, scope: Scope) -> Var:
    return op.pow(between(kernel.kernel, matrix, points, scope), double(kernel.exponent))


def _constant(kernel: Any, matrix: Var, points: Any, scope: Scope) -> Var:
    rows = op.shape(matrix, start=0, end=1)
    return op.expand(double(kernel.constant_value), op.concat([rows, op.const(np.array([len(points)]))], axis=0))


def _white(kernel: Any, matrix: Var, points: Any, scope: Scope) -> Var:
    """Noise is independent from row to row: it adds nothing between a new row and a known one."""
    rows = op.shape(matrix, start=0, end=1)
    return op.expand(double(0.0), op.concat([rows, op.const(np.array([len(points)]))], axis=0))


def _squared(matrix: Var, points: Any, scale: Any) -> Var:
    """`cdist(X / scale, points / scale, "sqeuclidean")`."""
    known = np.asarray(points, np.float64) / np.squeeze(scale)
    scaled = matrix if np.all(np.asarray(scale) == 1.0) else op.div(matrix, double(np.squeeze(scale)))
    return squared(scaled, known)


def _rbf(kernel: Any, matrix: Var, points: Any, scope: Scope) -> Var:
    return op.exp(op.mul(_squared(matrix, points, kernel.length_scale), double(-0.5)))


def _matern(kernel: Any, matrix: Var, points: Any, scope: Scope) -> Var:
    if kernel.nu == np.inf:
        distance = op.sqrt(_squared(matrix, points, kernel.length_scale))
        return op.exp(op.div(op.neg(op.mul(distance, distance)), double(2.0)))
    if kernel.nu not in (0.5, 1.5, 2.5):
        raise scope.refuse(
            f"Matern(nu={kernel.nu}) needs the Bessel function K, which ONNX does not have",
            "use nu=0.5, 1.5, 2.5 or inf, which scikit-learn computes in closed form",
        )
    distance = op.sqrt(_squared(matrix, points, kernel.length_scale))
    if kernel.nu == 0.5:
        return op.exp(op.neg(distance))
    k = op.mul(distance, double(math.sqrt(2 * kernel.nu)))
    factor = op.add(double(1.0), k)
    if kernel.nu == 2.5:
        factor = op.add(factor, op.div(op.mul(k, k), double(3.0)))
    return op.mul(factor, op.exp(op.neg(k)))


def _rational(kernel: Any, matrix: Var, points: Any, scope: Scope) -> Var:
    squared = _squared(matrix, points, 1.0)
    ratio = op.div(squared, double(2 * kernel.alpha * float(np.squeeze(kernel.length_scale)) ** 2))
    return op.pow(op.add(double(1.0), ratio), double(-kernel.alpha))


def _periodic(kernel: Any, matrix: Var, points: Any, scope: Scope) -> Var:
    angle = op.mul(op.sqrt(_squared(matrix, points, 1.0)), double(np.pi / kernel.periodicity))
    wave = op.div(op.sin(angle), double(kernel.length_scale))
    return op.exp(op.mul(op.mul(wave, wave), double(-2.0)))


def _dot(kernel: Any, matrix: Var, points: Any, scope: Scope) -> Var:
    return op.add(kernels.linear(matrix, points), double(kernel.sigma_0**2))


def _options(kernel: Any, scope: Scope) -> dict[str, Any]:
    given = dict(kernel.pairwise_kernels_kwargs or {})
    if callable(kernel.metric) or kernel.metric not in kernels.NAMES or set(given) - {"degree", "coef0"}:
        raise scope.refuse(
            f"PairwiseKernel(metric={kernel.metric!r}) has no exact form with these arguments",
            f"use one of {', '.join(kernels.NAMES)}",
        )
    return {"gamma": kernel.gamma, **given}


def _pairwise(kernel: Any, matrix: Var, points: Any, scope: Scope) -> Var:
    return kernels.pairwise(kernel.metric, matrix, points, **_options(kernel, scope))


_KERNELS: Mapping[str, Kernel] = {
    "ConstantKernel": _constant,
    "DotProduct": _dot,
    "ExpSineSquared": _periodic,
    "Exponentiation": _power,
    "Matern": _matern,
    "PairwiseKernel": _pairwise,
    "Product": _product,
    "RBF": _rbf,
    "RationalQuadratic": _rational,
    "Sum": _sum,
    "WhiteKernel": _white,
}


# Variance of single rows ---------------------------------------------------------------------------


def diagonal(kernel: Any, matrix: Var, scope: Scope) -> Var:
    """`kernel.diag(X)`: [N], or a scalar where it is the same for every row."""
    name = type(kernel).__name__
    if name == "Sum":
        return op.add(diagonal(kernel.k1, matrix, scope), diagonal(kernel.k2, matrix, scope))
    if name == "Product":
        return op.mul(diagonal(kernel.k1, matrix, scope), diagonal(kernel.k2, matrix, scope))
    if name == "Exponentiation":
        return op.pow(diagonal(kernel.kernel, matrix, scope), double(kernel.exponent))
    if name == "DotProduct":
        return op.add(flat(squared_norms(matrix)), double(kernel.sigma_0**2))
    if name == "PairwiseKernel":
        return _own_similarity(kernel, matrix, scope)
    constants = {"ConstantKernel": "constant_value", "WhiteKernel": "noise_level"}
    return double(float(getattr(kernel, constants[name])) if name in constants else 1.0)


def _own_similarity(kernel: Any, matrix: Var, scope: Scope) -> Var:
    options = {"degree": 3, "coef0": 1, **_options(kernel, scope)}
    if kernel.metric in ("rbf", "laplacian", "chi2"):
        return double(1.0)
    if kernel.metric == "additive_chi2":
        return double(0.0)
    norms = flat(squared_norms(matrix))
    if kernel.metric == "linear":
        return norms
    if kernel.metric == "cosine":
        return op.cast(op.greater(norms, double(0.0)), to=np.float64)
    inner = op.add(op.mul(norms, double(kernel.gamma)), double(options["coef0"]))
    return op.tanh(inner) if kernel.metric == "sigmoid" else op.pow(inner, double(options["degree"]))
