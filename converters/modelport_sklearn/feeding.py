"""Arrow batches as the estimator saw its training rows: a DataFrame, a matrix, or a series of texts.

Nulls become NaN in numbers. In text they become what the estimator knows missing text as: NaN, or None where its
categories or its imputer say so.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from modelport.errors import DataError
from modelport.signature import Column
from modelport_sklearn.anatomy import Takes

Array = np.ndarray[Any, np.dtype[Any]]
NAN = float("nan")


@dataclass(frozen=True, slots=True)
class Feeding:
    """How batches become an estimator's input.

    Attributes:
        takes: what it was fitted on.
        columns: its inputs.
        missing: column → what stands for missing text there (None or NaN); NaN where nothing is said.
        categories: column → the pandas categories a booster wants its column in.
    """

    takes: Takes
    columns: tuple[Column, ...]
    missing: Mapping[str, Any] = field(default_factory=dict)
    categories: Mapping[str, Any] = field(default_factory=dict)

    def rows(self, batch: pa.RecordBatch) -> Any:
        """A batch [N, C] as a DataFrame, an array [N, C] or an array of texts [N].

        Raises:
            DataError: a null where the model takes none.
        """
        return self.assembled(self.arrays(batch))

    def arrays(self, batch: pa.RecordBatch) -> list[Array]:
        """The columns of a batch as NumPy arrays; raises as `rows` does."""
        return [self._array(values, column) for values, column in zip(batch.columns, self.columns, strict=True)]

    def assembled(self, arrays: Sequence[Array]) -> Any:
        """What `rows` gives, from what `arrays` gives."""
        if self.takes is Takes.TEXTS:
            return arrays[0]
        if self.takes is Takes.MATRIX:
            return matrix(arrays)
        return self._frame(arrays)

    def _array(self, values: pa.Array, column: Column) -> Array:
        if values.null_count and not column.nullable:
            raise DataError(
                f"column {column.name!r} has a missing value, and the model takes none there",
                where=column.name,
                hint="fill it before scoring, or put an imputer before the estimator and fit again",
            )
        return column_array(values, column, self.missing.get(column.name, NAN))

    def _frame(self, arrays: Sequence[Array]) -> Any:
        import pandas as pd

        kinds = {array.dtype for array in arrays}
        if len(kinds) == 1 and not self.categories and not kinds.pop().hasobject:
            return pd.DataFrame(matrix(arrays), columns=[column.name for column in self.columns], copy=False)
        series = {
            column.name: pd.Series(array, dtype=array.dtype, copy=False)
            for column, array in zip(self.columns, arrays, strict=True)
        }
        for name, known in self.categories.items():
            series[name] = pd.Series(pd.Categorical(series[name], dtype=pd.CategoricalDtype(known)))
        return pd.DataFrame(series, copy=False)


def column_array(values: pa.Array, column: Column, missing: Any = NAN) -> Array:
    """One Arrow column as NumPy: text as objects, numbers in their own type, float64 where an integer may be missing.

    Args:
        missing: what stands for a missing text.
    """
    if pa.types.is_string(column.type):
        return _objects(values, missing)
    if pa.types.is_boolean(column.type) and values.null_count:
        return _objects(values, NAN)
    if pa.types.is_integer(column.type) and column.nullable:
        filled = pc.fill_null(_doubles(values, column), NAN)
        return np.asarray(filled.to_numpy(zero_copy_only=False), np.float64)
    return np.asarray(values.to_numpy(zero_copy_only=False))


def _doubles(values: pa.Array, column: Column) -> pa.Array:
    """Integers as float64.

    Raises:
        DataError: one that float64 cannot hold.
    """
    try:
        return values.cast(pa.float64())
    except pa.ArrowInvalid as error:
        what = f"column {column.name!r} has an integer beyond 2^53, which float64 cannot hold"
        raise DataError(what, where=column.name) from error


def _objects(values: pa.Array, missing: Any) -> Array:
    array = np.asarray(values.to_numpy(zero_copy_only=False), object)
    if values.null_count and missing is not None:
        array = array.copy()
        array[np.asarray(values.is_null())] = missing
    return array


def matrix(arrays: Sequence[Array]) -> Array:
    """Columns as one C-ordered matrix [N, C] of the type that holds them all; text makes it one of objects."""
    kinds = {array.dtype for array in arrays}
    if any(kind.hasobject for kind in kinds):
        dtype = np.dtype(object)
    else:
        dtype = kinds.pop() if len(kinds) == 1 else np.dtype(np.float64)
    filled = np.empty((len(arrays[0]), len(arrays)), dtype)
    for i, array in enumerate(arrays):
        filled[:, i] = array
    return filled
