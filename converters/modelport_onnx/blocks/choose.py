"""Choosing one of several columns, with NumPy's rule for ties: the first one wins."""

import numpy as np
from spox import Var

from modelport_onnx.blocks.constant import double, ints
from modelport_onnx.ops import op


def first_largest(scores: Var) -> Var:
    """`numpy.argmax(scores, axis=1)`: [N, K] → [N] int64."""
    return op.arg_max(scores, axis=1, keepdims=0)


def first_smallest(scores: Var) -> Var:
    """`numpy.argmin(scores, axis=1)`: [N, K] → [N] int64."""
    return op.arg_min(scores, axis=1, keepdims=0)


def positive(scores: Var) -> Var:
    """`scores > 0` of one column as a position: [N, 1] → [N] int64, 1 where positive."""
    return flat(op.cast(op.greater(scores, double(0.0)), to=np.int64))


def flat(column: Var) -> Var:
    """[N, 1] → [N]."""
    return op.reshape(column, ints(-1))


def zeros(matrix: Var) -> Var:
    """[N] int64 zeros, one for each row of `matrix`."""
    rows = op.shape(matrix, start=0, end=1)
    return op.expand(op.const(np.array([0], np.int64)), rows)
