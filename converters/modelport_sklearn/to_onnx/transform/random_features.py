"""Random and explicit features of kernels.

Source: `transform` of RBFSampler, SkewedChi2Sampler, AdditiveChi2Sampler (`_transform_dense`) and
PolynomialCountSketch in `sklearn.kernel_approximation` (1.9).
"""

from typing import Any

import numpy as np
from spox import Var

from modelport_onnx.blocks.guard import fail_where
from modelport_onnx.frame import Frame
from modelport_onnx.lowering import Scope
from modelport_onnx.ops import op
from modelport_sklearn.to_onnx.transform.values import like, numbers, own_numbers, promoted, result

INTERVALS = {1: 0.8, 2: 0.5, 3: 0.4}
"""`AdditiveChi2Sampler.sample_interval` where it is not given, by `sample_steps`."""


def rbf_sampler(estimator: Any, frame: Frame, scope: Scope) -> Frame:
    """`cos(X @ random_weights_ + random_offset_) * sqrt(2 / n_components)`."""
    x = own_numbers(frame, scope)
    x = x if scope.portable else promoted(x, estimator.random_weights_)
    x = _cosines(estimator, x, (2.0 / estimator.n_components) ** 0.5)
    return result(estimator, x, estimator.n_components)


def _cosines(estimator: Any, x: Var, factor: float) -> Var:
    angle = op.add(op.matmul(x, like(x, estimator.random_weights_)), like(x, estimator.random_offset_))
    return op.mul(op.cos(angle), like(x, factor))


def skewed_chi2(estimator: Any, frame: Frame, scope: Scope) -> Frame:
    """The same of `log(X + skewedness)`; a value of `-skewedness` or less fails, as scikit-learn raises."""
    x = numbers(frame, scope)
    x = fail_where(op.less_or_equal(x, like(x, -estimator.skewedness)), x)
    x = op.log(op.add(x, like(x, estimator.skewedness)))
    x = _cosines(estimator, x, np.sqrt(2.0) / np.sqrt(estimator.n_components))
    return result(estimator, x, estimator.n_components)


def additive_chi2(estimator: Any, frame: Frame, scope: Scope) -> Frame:
    """`sqrt(x L)`, then `sqrt(2 x L / cosh(π j L))` times cos and sin of `j L log(x)`; 0 stays 0.

    A negative value fails, as scikit-learn raises.
    """
    x = numbers(frame, scope)
    x = fail_where(op.less(x, like(x, 0)), x)
    interval = float(estimator.sample_interval or INTERVALS[estimator.sample_steps])
    zero = op.equal(x, like(x, 0))
    safe = op.where(zero, like(x, 1), x)
    phase = op.mul(like(x, interval), op.log(safe))
    double = op.mul(op.mul(like(x, 2.0), safe), like(x, interval))
    parts = [op.sqrt(op.mul(x, like(x, interval)))]
    for j in range(1, estimator.sample_steps):
        factor = op.sqrt(op.div(double, like(x, np.cosh(np.pi * j * interval))))
        angle = op.mul(like(x, float(j)), phase)
        parts += [op.where(zero, x, op.mul(factor, wave)) for wave in (op.cos(angle), op.sin(angle))]
    made = parts[0] if len(parts) == 1 else op.concat(parts, axis=1)
    return result(estimator, made, frame.width * len(parts), sparse=frame.sparse)


def count_sketch(estimator: Any, frame: Frame, scope: Scope) -> Frame:
    """Count sketches, convolved: a product of discrete Fourier transforms, each a product with a fixed matrix."""
    x = numbers(frame, scope)
    size = int(estimator.n_components)
    turns = np.outer(np.arange(size), np.arange(size)) % size * (2 * np.pi / size)
    re, im = like(x, 1.0), like(x, 0.0)
    for sketch, offset in (_sketch(estimator, d, frame.width) for d in range(estimator.degree)):
        a = op.add(op.matmul(x, like(x, sketch @ np.cos(turns))), like(x, offset @ np.cos(turns)))
        b = op.sub(like(x, -offset @ np.sin(turns)), op.matmul(x, like(x, sketch @ np.sin(turns))))
        re, im = op.sub(op.mul(re, a), op.mul(im, b)), op.add(op.mul(re, b), op.mul(im, a))
    back = op.sub(op.matmul(re, like(x, np.cos(turns) / size)), op.matmul(im, like(x, np.sin(turns) / size)))
    return result(estimator, back, size)


def _sketch(estimator: Any, d: int, width: int) -> tuple[Any, Any]:
    """The d-th sketch as a matrix [C, n], and what the constant column adds, [n]."""
    matrix = np.zeros((estimator.indexHash_.shape[1], estimator.n_components))
    columns = np.arange(len(matrix))
    matrix[columns, estimator.indexHash_[d]] = estimator.bitHash_[d]
    matrix[:width] *= np.sqrt(estimator.gamma)
    constant = matrix[width:].sum(axis=0) * np.sqrt(abs(estimator.coef0))
    return matrix[:width], constant
