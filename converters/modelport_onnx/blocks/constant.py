"""Constants of a graph, by type.

They are initializers rather than Constant nodes: spox checks the type of every node it makes, which for a constant
takes longer than for the operator that reads it.
"""

from typing import Any

import numpy as np
from spox import Var
from spox._future import initializer


def double(values: Any) -> Var:
    """A float64 constant of whatever shape `values` has."""
    return initializer(np.ascontiguousarray(values, np.float64).reshape(np.shape(values)))


def ints(*values: int) -> Var:
    """An int64 constant [len(values)]: axes, shapes, bounds."""
    return initializer(np.array(values, np.int64))


def integer(value: int) -> Var:
    """An int64 scalar."""
    return initializer(np.array(value, np.int64))
