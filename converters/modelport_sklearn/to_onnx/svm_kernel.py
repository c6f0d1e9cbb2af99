"""Kernels as libsvm computes them: from the differences themselves, powers by squaring.

Source: `Kernel::k_function` in scikit-learn's `sklearn/svm/src/libsvm/svm.cpp` (1.9).
"""

from typing import Any

import numpy as np
from spox import Var

from modelport_onnx.blocks import distances
from modelport_onnx.blocks.constant import double
from modelport_onnx.frame import Frame
from modelport_onnx.lowering import Scope
from modelport_onnx.ops import op
from modelport_sklearn.to_onnx.linear import dense
from modelport_sklearn.to_onnx.numeric import numeric

_SAFE = 1e4
"""gamma times squared reach up to which distances by products keep 11 digits of the kernel."""


def support(estimator: Any) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Support vectors [M, C]."""
    return dense(estimator.support_vectors_)


def kernel(estimator: Any, frame: Frame, scope: Scope) -> Var:
    """Kernel values of every row with every support vector: [N, M]."""
    name = estimator.kernel
    if callable(name):
        raise scope.refuse("kernel=<a function> is Python code", "use a kernel by name: linear, poly, rbf, sigmoid")
    if name == "precomputed":
        return op.gather(numeric(frame, scope, widens=True), op.const(np.asarray(estimator.support_, np.int64)), axis=1)
    if name == "rbf":
        return _rbf(numeric(frame, scope, widens=True), support(estimator), float(estimator._gamma))
    product = op.matmul(numeric(frame, scope, widens=True), double(support(estimator).T))
    if name == "linear":
        return product
    inner = op.add(op.mul(product, double(estimator._gamma)), double(estimator.coef0))
    return op.tanh(inner) if name == "sigmoid" else _power(inner, int(estimator.degree))


def _rbf(matrix: Var, points: np.ndarray[Any, np.dtype[np.float64]], gamma: float) -> Var:
    squared = distances.squared_from_centre if gamma * distances.reach(points) < _SAFE else distances.squared
    return op.exp(op.mul(squared(matrix, points), double(-gamma)))


def _power(base: Var, times: int) -> Var:
    """libsvm's `powi`: squaring and multiplying."""
    result: Var | None = None
    while times:
        if times % 2:
            result = base if result is None else op.mul(result, base)
        times //= 2
        base = op.mul(base, base) if times else base
    return result if result is not None else op.add(op.mul(base, double(0.0)), double(1.0))
