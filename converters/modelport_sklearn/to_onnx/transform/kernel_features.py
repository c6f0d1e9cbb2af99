"""Nystroem and KernelPCA: a kernel against stored rows, then a matrix product.

Source: `sklearn.kernel_approximation.Nystroem.transform`, `sklearn.decomposition.KernelPCA.transform` (1.9).
"""

from typing import Any

import numpy as np
from spox import Var

from modelport_onnx.blocks.constant import double
from modelport_onnx.blocks.kernels import NAMES, pairwise
from modelport_onnx.frame import Frame
from modelport_onnx.lowering import Scope
from modelport_onnx.ops import op
from modelport_sklearn.to_onnx.transform.scale import centered
from modelport_sklearn.to_onnx.transform.values import doubles, result

PARAMETERS = ("gamma", "degree", "coef0")


def nystroem(estimator: Any, frame: Frame, scope: Scope) -> Frame:
    """`kernel(X, components_) @ normalization_.T`."""
    given = {name: getattr(estimator, name) for name in PARAMETERS if getattr(estimator, name) is not None}
    kernel = _kernel(estimator.kernel, doubles(frame, scope), estimator.components_, given, scope)
    product = op.matmul(kernel, double(np.asarray(estimator.normalization_).T))
    return result(estimator, product, len(estimator.normalization_))


def kernel_pca(estimator: Any, frame: Frame, scope: Scope) -> Frame:
    """The centred kernel against the training rows, times eigenvectors over roots of eigenvalues."""
    given = {"gamma": estimator.gamma_, "degree": estimator.degree, "coef0": estimator.coef0}
    kernel = _kernel(estimator.kernel, doubles(frame, scope), estimator.X_fit_, given, scope)
    return result(estimator, projected(estimator, kernel), estimator.eigenvectors_.shape[1])


def projected(estimator: Any, kernel: Var) -> Var:
    """A kernel against the training rows, centred and projected; eigenvalues of 0 give columns of 0."""
    values = np.asarray(estimator.eigenvalues_)
    there = np.flatnonzero(values)
    scaled = np.zeros_like(estimator.eigenvectors_)
    scaled[:, there] = estimator.eigenvectors_[:, there] / np.sqrt(values[there])
    return op.matmul(centered(kernel, estimator._centerer), double(scaled))


def _kernel(name: Any, x: Var, points: Any, given: dict[str, Any], scope: Scope) -> Var:
    if name == "precomputed":
        return x
    if name not in NAMES:
        shown = getattr(name, "__name__", name)
        raise scope.refuse(f"kernel={shown!r} is Python code, whose meaning is not known here", "use a kernel by name")
    dense = points.toarray() if hasattr(points, "toarray") else points
    return pairwise(name, x, dense, **given)
