"""Grid: rows whose numbers can be moved about by their place among all floats (or integers) of their column."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from modelport.data import relaxed
from modelport.parity.floats import Array, from_ordinal, ordinal
from modelport.signature import Column, Signature


def is_scale(column: Column) -> bool:
    """Whether a column's values can be bisected: floats and integers."""
    return bool(pa.types.is_floating(column.type) or pa.types.is_integer(column.type))


def places(values: Array, column: Column) -> Array:
    """The place of each value on its column's scale, int64; neighbours differ by 1.

    Args:
        values: of the column's own type, no NaN.
    """
    if pa.types.is_integer(column.type):
        return values.astype(np.int64)
    return ordinal(values)


def at_places(where: Array, column: Column) -> Array:
    """The value at each place, in the column's own type."""
    dtype = column.type.to_pandas_dtype()
    if pa.types.is_integer(column.type):
        limits = np.iinfo(dtype)
        return np.asarray(np.clip(where, limits.min, limits.max).astype(dtype))
    return from_ordinal(where, dtype)


@dataclass(frozen=True, slots=True)
class Grid:
    """Rows, of which one column each is to be varied.

    Attributes:
        signature: whose inputs these are.
        base: [N] rows.
        column: [N] position of the input that varies in each row.
    """

    signature: Signature
    base: pa.RecordBatch
    column: Array

    def at(self, where: Array) -> pa.RecordBatch:
        """The rows with their varying input at the given places [N]."""
        arrays = [self._column(i, where) for i in range(len(self.signature.inputs))]
        return pa.RecordBatch.from_arrays(arrays, schema=relaxed(self.signature))

    def _column(self, index: int, where: Array) -> pa.Array:
        own, column = self.column == index, self.signature.inputs[index]
        if not own.any():
            return self.base.column(index)
        values = self.base.column(index)
        filled = np.array(values.fill_null(0).to_numpy(zero_copy_only=False))
        filled[own] = at_places(where[own], column)
        mask = np.asarray(values.is_null().to_numpy(zero_copy_only=False)) & ~own
        return pa.array(filled, column.type, mask=mask if mask.any() else None)

    def take(self, rows: Array) -> "Grid":
        """Some of the rows."""
        return Grid(self.signature, self.base.take(pa.array(rows)), self.column[rows])

    def places(self, batch: pa.RecordBatch) -> tuple[Array, Array]:
        """Where another batch's rows have the varying input: places [N], and whether they have one at all [N]."""
        found, known = np.zeros(len(self.column), np.int64), np.zeros(len(self.column), bool)
        for index in np.unique(self.column):
            own, column = self.column == index, self.signature.inputs[index]
            values = batch.column(int(index))
            there = ~np.asarray(values.is_null().to_numpy(zero_copy_only=False))
            filled = np.array(values.fill_null(0).to_numpy(zero_copy_only=False))
            if pa.types.is_floating(column.type):
                there &= ~np.isnan(filled)
                filled = np.where(there, filled, 0).astype(filled.dtype)
            found[own], known[own] = places(filled, column)[own], there[own]
        return found, known


def concat(batches: Sequence[pa.RecordBatch]) -> pa.RecordBatch:
    """Batches of one schema as one."""
    return pa.concat_batches(list(batches))
