"""Constants of a graph, by type.

They are initializers, which every reader of a graph finds in one place, rather than Constant nodes.
"""

from typing import Any

import numpy as np
from spox import Var

from modelport_onnx.nodes.constants import initializer


def double(values: Any) -> Var:
    """A float64 constant of whatever shape `values` has."""
    return initializer(np.ascontiguousarray(values, np.float64).reshape(np.shape(values)))


def ints(*values: int) -> Var:
    """An int64 constant [len(values)]: axes, shapes, bounds."""
    return initializer(np.array(values, np.int64))


def integer(value: int) -> Var:
    """An int64 scalar."""
    return initializer(np.array(value, np.int64))
