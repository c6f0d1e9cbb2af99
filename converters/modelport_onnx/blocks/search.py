"""Binary search in fixed sorted tables, for all columns together and without a loop."""

from typing import Any

import numpy as np
from spox import Tensor, Var

from modelport_onnx.blocks.constant import integer
from modelport_onnx.ops import op

Array = np.ndarray[Any, np.dtype[np.float64]]


class Tables:
    """One sorted table for each column, padded to a common power of two.

    Args:
        tables: a sorted array for each of the C columns; they may differ in length, and may be empty.
        like: the tensor that will be searched for; its element type decides the tables'. float32 tables are rounded
            up, which leaves every float32 value on its side of `table <= x`.
    """

    def __init__(self, tables: list[Array], like: Var) -> None:
        kind = like.type
        assert isinstance(kind, Tensor), "a tensor is searched for"
        self.sizes = np.array([len(table) for table in tables], np.int64)
        self.span = 1 << max(int(self.sizes.max(initial=0)), 1).bit_length()
        padded = np.full((len(tables), self.span), np.inf)
        for row, table in zip(padded, tables, strict=True):
            row[: len(table)] = table
        self.flat = op.const(_rounded_up(padded, np.dtype(kind.dtype)).reshape(-1))
        self.base = op.const(np.arange(len(tables), dtype=np.int64) * self.span)

    def at(self, position: Var) -> Var:
        """The entry of each column's table at each position, [N, C]."""
        return op.gather(self.flat, op.add(position, self.base))

    def count(self, x: Var, *, equal: bool) -> Var:
        """How many entries of its column's table lie below each cell, [N, C] int64; with `equal`, or at it.

        `numpy.searchsorted` with side "right" (`equal`) or "left". A NaN has 0.
        """
        found = op.expand(integer(0), op.shape(x))
        step = self.span // 2
        while step:
            tried = self.at(op.add(found, integer(step - 1)))
            below = op.less_or_equal(tried, x) if equal else op.less(tried, x)
            found = op.where(below, op.add(found, integer(step)), found)
            step //= 2
        return op.min([found, op.const(self.sizes)])


def _rounded_up(values: Array, dtype: np.dtype[Any]) -> np.ndarray[Any, np.dtype[Any]]:
    if dtype == np.float64:
        return values
    near = values.astype(dtype)
    return np.where(near < values, np.nextafter(near, dtype.type(np.inf)), near).astype(dtype)
