"""Prepared: a session's way from batches to tensors and back, worked out once, for calls of single rows."""

from collections.abc import Container, Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from modelport.signature import Column, Signature
from modelport_onnx.convention import Array, feeds, to_batch, to_numpy

Inputs = Sequence[tuple[str, int | None]]


class Prepared:
    """The same as `convention.feeds` and `to_batch`, with what does not depend on the rows done before."""

    def __init__(self, signature: Signature, inputs: Inputs, narrow: Container[str] = ()) -> None:
        self._signature, self._inputs, self._narrow = signature, tuple(inputs), narrow
        self._schema = signature.output_schema
        self._strict = [(i, column) for i, column in enumerate(signature.inputs) if not column.nullable]
        self._single = all(width in (None, 1) for _, width in inputs)
        self._flat = bool(signature.inputs) and self._single and not any(name in narrow for name, _ in inputs)
        self._doubles = self._flat and all(column.type == pa.float64() for column in signature.inputs)
        self._outputs = [_reader(column) for column in signature.outputs]

    def feeds(self, batch: pa.RecordBatch) -> dict[str, Array]:
        """See `convention.feeds`."""
        if self._doubles and batch.num_columns == len(self._inputs):
            return self._all_doubles(batch)
        if self._flat:
            return {
                name: _shaped(to_numpy(batch.column(i), column), width)
                for i, ((name, width), column) in enumerate(zip(self._inputs, self._signature.inputs, strict=True))
            }
        return feeds(batch, self._signature, self._inputs, self._narrow)

    def _all_doubles(self, batch: pa.RecordBatch) -> dict[str, Array]:
        for i, column in self._strict:
            if batch.column(i).null_count:
                to_numpy(batch.column(i), column)  # says that this column takes no missing value
        table = batch.to_tensor(null_to_nan=True, row_major=False).to_numpy()
        return {
            name: table[:, i] if width is None else table[:, i : i + 1] for i, (name, width) in enumerate(self._inputs)
        }

    def batch(self, results: Mapping[str, Any]) -> pa.RecordBatch:
        """See `convention.to_batch`."""
        values = list(results.values())
        if len(values) != len(self._outputs) or any(getattr(value, "ndim", 0) != 1 for value in values):
            return to_batch(results, self._signature)
        arrays = [read(value) for read, value in zip(self._outputs, values, strict=True)]
        return pa.RecordBatch.from_arrays(arrays, schema=self._schema)


def _shaped(array: Array, width: int | None) -> Array:
    return array if width is None else array.reshape(-1, 1)


def _reader(column: Column) -> Any:
    """What makes an Arrow array of a column's tensor."""
    if pa.types.is_string(column.type):
        nullable = column.nullable
        return lambda array: pa.array([str(item) if item or not nullable else None for item in array], pa.string())
    kind = column.type

    def read(array: Array) -> pa.Array:
        if column.nullable and array.dtype.kind == "f":
            found = pa.array(np.ascontiguousarray(array), from_pandas=True)
            return found if found.type == kind else found.cast(kind)
        return pa.array(np.ascontiguousarray(array), kind, from_pandas=False)

    return read
