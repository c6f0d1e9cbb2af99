"""Decompositions and projections whose transform is one matrix product.

Source (1.9): `_BasePCA._transform`, `TruncatedSVD.transform`, `FastICA.transform`, `FactorAnalysis.transform`,
`_BaseSparsePCA.transform`, `BaseRandomProjection` and its two classes, `BernoulliRBM._mean_hiddens`.
"""

from typing import Any

import numpy as np
from spox import Var

from modelport_onnx.frame import Frame
from modelport_onnx.lowering import Scope
from modelport_onnx.ops import op
from modelport_sklearn.to_onnx.transform.values import in_place, like, numbers, own_numbers, promoted, result


def pca(estimator: Any, frame: Frame, scope: Scope) -> Frame:
    """`X @ components_.T - mean_ @ components_.T`, divided by the standard deviations where `whiten`."""
    axes = np.asarray(estimator.components_)
    x = _wide_enough(frame, scope, axes)
    x = op.sub(op.matmul(x, like(x, axes.T)), like(x, np.reshape(estimator.mean_, (1, -1)) @ axes.T))
    if estimator.whiten:
        deviation = np.sqrt(estimator.explained_variance_)
        x = op.div(x, like(x, np.maximum(deviation, np.finfo(deviation.dtype).eps)))
    return result(estimator, x, len(axes))


def projection(estimator: Any, frame: Frame, scope: Scope) -> Frame:
    """`X @ components_.T` (TruncatedSVD, random projections). A sparse random matrix stays sparse on sparse input."""
    axes = estimator.components_
    sparse = frame.sparse and hasattr(axes, "toarray") and not getattr(estimator, "dense_output", True)
    dense = axes.toarray() if hasattr(axes, "toarray") else np.asarray(axes)
    x = _product(_wide_enough(frame, scope, dense), dense)
    return result(estimator, x, axes.shape[0], sparse=bool(sparse))


def _wide_enough(frame: Frame, scope: Scope, axes: Any) -> Var:
    """The columns in the type of their product with the axes: float32 where both are."""
    x = own_numbers(frame, scope)
    return x if scope.portable else promoted(x, axes)


def _product(x: Var, axes: Any) -> Var:
    dense = axes.toarray() if hasattr(axes, "toarray") else np.asarray(axes)
    return op.matmul(x, like(x, dense.T))


def fast_ica(estimator: Any, frame: Frame, scope: Scope) -> Frame:
    """`(X - mean_) @ components_.T`; nothing is subtracted where nothing was whitened."""
    x = own_numbers(frame, scope)
    if estimator.whiten:
        x = in_place(op.sub, x, estimator.mean_)
    x = x if scope.portable else promoted(x, estimator.components_)
    return result(estimator, _product(x, estimator.components_), len(estimator.components_))


def factor_analysis(estimator: Any, frame: Frame, scope: Scope) -> Frame:
    """`(X - mean_) @ Wpsi.T @ inv(I + Wpsi @ components_.T)` with `Wpsi = components_ / noise_variance_`."""
    x = numbers(frame, scope)
    loadings = np.asarray(estimator.components_)
    weighted = loadings / estimator.noise_variance_
    covariance = np.linalg.inv(np.eye(len(loadings)) + weighted @ loadings.T)
    x = op.matmul(op.sub(x, like(x, estimator.mean_)), like(x, weighted.T))
    return result(estimator, op.matmul(x, like(x, covariance)), len(loadings))


def sparse_pca(estimator: Any, frame: Frame, scope: Scope) -> Frame:
    """Ridge regression of the centred rows on the components, which is linear in the row.

    `ridge_regression(components_.T, X.T, ridge_alpha, solver="cholesky")` solves `(C C' + alpha I) u = C x`.
    """
    x = numbers(frame, scope)
    axes = np.asarray(estimator.components_, np.float64)
    gram = axes @ axes.T + estimator.ridge_alpha * np.eye(len(axes))
    solved = np.linalg.solve(gram, axes)
    return result(estimator, op.matmul(op.sub(x, like(x, estimator.mean_)), like(x, solved.T)), len(axes))


def bernoulli_rbm(estimator: Any, frame: Frame, scope: Scope) -> Frame:
    """`expit(X @ components_.T + intercept_hidden_)`."""
    x = _wide_enough(frame, scope, estimator.components_)
    x = op.add(_product(x, estimator.components_), like(x, estimator.intercept_hidden_))
    x = op.reciprocal(op.add(op.exp(op.neg(x)), like(x, 1.0)))
    return result(estimator, x, len(estimator.components_))
