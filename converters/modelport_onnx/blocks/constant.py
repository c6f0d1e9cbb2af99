"""Constants of a graph, by type."""

from typing import Any

import numpy as np
import spox.opset.ai.onnx.v21 as op
from spox import Var

COLUMN = 1
"""The axis of columns; axis 0 is rows."""


def double(values: Any) -> Var:
    """A float64 constant of whatever shape `values` has."""
    return op.const(np.ascontiguousarray(values, np.float64).reshape(np.shape(values)))


def ints(*values: int) -> Var:
    """An int64 constant [len(values)]: axes, shapes, bounds."""
    return op.const(np.array(values, np.int64))


def integer(value: int) -> Var:
    """An int64 scalar."""
    return op.const(np.array(value, np.int64))
