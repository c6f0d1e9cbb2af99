"""How Arrow batches travel through ONNX tensors, and back: null is NaN in numbers and the empty string in text."""

from collections.abc import Container, Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from modelport.errors import DataError
from modelport.signature import Column, Signature
from modelport_onnx.assemble import numpy_type

Array = np.ndarray[Any, np.dtype[Any]]

EXACT_INTEGER = 2**53
"""Integers up to this size are exact in float64."""


def to_numpy(values: pa.Array, column: Column) -> Array:
    """One Arrow column as the one-dimensional array its tensor holds.

    Raises:
        DataError: a null where the column allows none, or an integer that float64 cannot hold.
    """
    if values.null_count and not column.nullable:
        raise DataError(
            f"column {column.name!r} has a missing value, and the model takes none there", where=column.name
        )
    dtype = numpy_type(column)
    if dtype is np.str_:
        return np.asarray(pc.fill_null(values, "").to_numpy(zero_copy_only=False), object)
    if dtype is np.float64 and pa.types.is_integer(column.type):
        _check_exact(values, column)
    if values.null_count:
        return np.asarray(pc.fill_null(values.cast(pa.float64()), float("nan")).to_numpy(zero_copy_only=False), dtype)
    return np.asarray(values.to_numpy(zero_copy_only=False), dtype)


def _check_exact(values: pa.Array, column: Column) -> None:
    bounds = pc.min_max(values).as_py()
    extremes = [abs(bound) for bound in (bounds["min"], bounds["max"]) if bound is not None]
    if extremes and max(extremes) > EXACT_INTEGER:
        raise DataError(
            f"column {column.name!r} has an integer beyond 2^53, which float64 cannot hold", where=column.name
        )


def feeds(
    batch: pa.RecordBatch,
    signature: Signature,
    inputs: Sequence[tuple[str, int | None]],
    narrow: Container[str] = (),
) -> dict[str, Array]:
    """Graph inputs for a batch.

    Args:
        inputs: name and width of each graph input, in order; width None is a tensor of rank 1.
        narrow: inputs that the graph declares float32 (a portable graph: integers that may be missing too).
    """
    fed: dict[str, Array] = {}
    at = 0
    for name, width in inputs:
        columns = signature.inputs[at : at + (width or 1)]
        arrays = [to_numpy(batch.column(at + i), column) for i, column in enumerate(columns)]
        at += width or 1
        if width is None:
            fed[name] = arrays[0]
        elif width == 1:
            fed[name] = arrays[0].reshape(-1, 1)
        else:
            fed[name] = _matrix(arrays)
        if name in narrow:
            fed[name] = fed[name].astype(np.float32, copy=False)
    return fed


def narrow_inputs(model: Any) -> set[str]:
    """Inputs that an `onnx.ModelProto` declares float32."""
    return {value.name for value in model.graph.input if value.type.tensor_type.elem_type == 1}


def _matrix(arrays: Sequence[Array]) -> Array:
    """Columns as one C-ordered matrix, filled column by column (half the memory traffic of `np.stack`)."""
    matrix = np.empty((len(arrays[0]), len(arrays)), arrays[0].dtype)
    for i, array in enumerate(arrays):
        matrix[:, i] = array
    return matrix


def to_batch(results: Mapping[str, Any], signature: Signature) -> pa.RecordBatch:
    """Graph outputs, in order, as a batch of the signature's output columns."""
    columns: list[Array] = []
    for value in results.values():
        array = np.asarray(value)
        columns += [array] if array.ndim == 1 else [array[:, i] for i in range(array.shape[1])]
    if len(columns) != len(signature.outputs):
        raise DataError(f"the model gave {len(columns)} output columns, its signature names {len(signature.outputs)}")
    arrays = [_from_numpy(array, column) for array, column in zip(columns, signature.outputs, strict=True)]
    return pa.RecordBatch.from_arrays(arrays, schema=signature.output_schema)


def _from_numpy(array: Array, column: Column) -> pa.Array:
    if pa.types.is_string(column.type):
        return pa.array([str(item) if item or not column.nullable else None for item in array], pa.string())
    if column.nullable and array.dtype.kind == "f":
        return pa.array(np.ascontiguousarray(array), from_pandas=True).cast(column.type)
    return pa.array(np.ascontiguousarray(array), column.type, from_pandas=False)
