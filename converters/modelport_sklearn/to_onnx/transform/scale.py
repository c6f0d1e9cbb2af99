"""Scalers and other arithmetic on single columns or rows, in the order of operations scikit-learn has.

Source: `transform` of StandardScaler, MinMaxScaler, MaxAbsScaler, RobustScaler, Normalizer, Binarizer and
KernelCenterer in `sklearn.preprocessing._data` (1.9).
"""

from typing import Any

import numpy as np
from spox import Var

from modelport_onnx.frame import Frame, cast
from modelport_onnx.lowering import Scope
from modelport_onnx.ops import op
from modelport_sklearn.to_onnx.transform.values import (
    dtype_of,
    in_place,
    ints,
    like,
    nullable,
    numbers,
    own_numbers,
    result,
)


def standard(estimator: Any, frame: Frame, scope: Scope) -> Frame:
    """`(X - mean_) / scale_`, each part where it was asked for; both rounded to the type of X first."""
    x = own_numbers(frame, scope)
    if estimator.with_mean:
        x = op.sub(x, like(x, estimator.mean_))
    if estimator.with_std:
        x = op.div(x, like(x, estimator.scale_))
    return _same(estimator, frame, x)


def robust(estimator: Any, frame: Frame, scope: Scope) -> Frame:
    """`(X - center_) / scale_` (`RobustScaler.transform`)."""
    x = own_numbers(frame, scope)
    if estimator.with_centering:
        x = in_place(op.sub, x, estimator.center_)
    if estimator.with_scaling:
        x = in_place(op.div, x, estimator.scale_)
    return _same(estimator, frame, x)


def min_max(estimator: Any, frame: Frame, scope: Scope) -> Frame:
    """`X * scale_ + min_`, clipped to `feature_range` where asked (`MinMaxScaler.transform`)."""
    x = own_numbers(frame, scope)
    x = in_place(op.add, in_place(op.mul, x, estimator.scale_), estimator.min_)
    if estimator.clip:
        low, high = estimator.feature_range
        x = clip(x, like(x, low), like(x, high))
    return _same(estimator, frame, x)


def max_abs(estimator: Any, frame: Frame, scope: Scope) -> Frame:
    """`X / scale_`, clipped to [-1, 1] where asked (`MaxAbsScaler.transform`)."""
    x = in_place(op.div, own_numbers(frame, scope), estimator.scale_)
    if getattr(estimator, "clip", False):
        x = clip(x, like(x, -1.0), like(x, 1.0))
    return _same(estimator, frame, x)


def clip(x: Var, low: Var, high: Var) -> Var:
    """`np.clip`: a NaN stays a NaN, which ONNX's own Clip and Min leave to the runtime."""
    raised = op.where(op.less(x, low), low, x)
    return op.where(op.greater(raised, high), high, raised)


def binarizer(estimator: Any, frame: Frame, scope: Scope) -> Frame:
    """1 where `X > threshold`, else 0, in the type of the columns (`binarize`).

    float32 columns are compared with the threshold rounded to float32, whole numbers with it as float64
    (`_find_matching_floating_dtype`).
    """
    numbers(frame, scope)
    kind = np.result_type(*(block.dtype for block in frame.blocks))
    x = frame.matrix(np.float32 if kind == np.float32 else np.float64)
    return _same(estimator, frame, cast(op.greater(x, like(x, estimator.threshold)), kind))


def normalizer(estimator: Any, frame: Frame, scope: Scope) -> Frame:
    """Each row divided by its norm (`normalize`).

    A dense row whose norm is under ten machine epsilons stays as it is (`_handle_zeros_in_scale`); a sparse row
    does so only where its norm is 0 (`inplace_csr_row_normalize_l1`, `_l2`).
    """
    x = own_numbers(frame, scope)
    norm = _norm(x, estimator.norm)
    tiny = op.equal(norm, like(norm, 0)) if frame.sparse else op.less(norm, like(norm, 10 * _epsilon(x)))
    return _same(estimator, frame, op.div(x, op.where(tiny, like(norm, 1), norm)))


def _epsilon(x: Var) -> float:
    return float(np.finfo(dtype_of(x)).eps)


def _norm(x: Var, kind: str) -> Var:
    match kind:
        case "l1":
            return op.reduce_sum(op.abs(x), ints(1))
        case "l2":
            return op.sqrt(op.reduce_sum(op.mul(x, x), ints(1)))
        case _:
            return op.reduce_max(op.abs(x), ints(1))


def kernel_centerer(estimator: Any, frame: Frame, scope: Scope) -> Frame:
    """`K - K_fit_rows_ - mean of the row + K_fit_all_` (`KernelCenterer.transform`)."""
    kernel = numbers(frame, scope)
    return _same(estimator, frame, centered(kernel, estimator))


def centered(kernel: Var, centerer: Any) -> Var:
    """A kernel matrix [N, M] against the M training rows, centred in feature space."""
    rows = centerer.K_fit_rows_
    mean = op.div(op.reduce_sum(kernel, ints(1)), like(kernel, rows.shape[0]))
    return op.add(op.sub(op.sub(kernel, like(kernel, rows)), mean), like(kernel, centerer.K_fit_all_))


def _same(estimator: Any, frame: Frame, x: Var) -> Frame:
    return result(estimator, x, frame.width, nullable=nullable(frame), sparse=frame.sparse)
