"""Arrow columns to the objects Java reads, and its results back to Arrow. Missing stays missing."""

from collections.abc import Iterable, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from modelport.errors import DataError
from modelport.signature import Column, Signature


def column_values(values: pa.Array, column: Column) -> list[Any]:
    """One column as Python objects; null and NaN (PMML has no NaN among its values) are None.

    Raises:
        DataError: a missing value where the document's `missingValueTreatment` forbids one.
    """
    if pa.types.is_floating(values.type):
        values = pc.if_else(pc.is_nan(values), None, values)
    if values.null_count and not column.nullable:
        raise DataError(
            f"column {column.name!r} has a missing value, and the model takes none there", where=column.name
        )
    listed: list[Any] = values.to_pylist()
    return listed


def columns_of(batch: pa.RecordBatch, signature: Signature) -> dict[str, list[Any]]:
    """Every input column, by name."""
    pairs = zip(batch.columns, signature.inputs, strict=True)
    return {column.name: column_values(values, column) for values, column in pairs}


def output_array(values: Sequence[Any], column: Column) -> pa.Array:
    """Results in the type the signature names.

    Raises:
        DataError: a result is no value of that type.
    """
    try:
        return pa.array([None if value is None else _typed(value, column.type) for value in values], column.type)
    except (ValueError, TypeError, pa.ArrowInvalid) as error:
        raise DataError(f"the evaluator gave a result that is no {column.type}: {error}", where=column.name) from error


def _typed(value: Any, kind: pa.DataType) -> Any:
    if pa.types.is_floating(kind):
        return float(value)
    if pa.types.is_boolean(kind):
        return value if isinstance(value, bool) else {"true": True, "false": False}[str(value).lower()]
    if pa.types.is_integer(kind):
        return _whole(value)
    return value if isinstance(value, str) else str(value)


def _whole(value: Any) -> int:
    number = float(value) if isinstance(value, str) else value
    if number != int(number):
        raise ValueError(f"{value!r} is no whole number")
    return int(value) if isinstance(value, str) and value.lstrip("-").isdigit() else int(number)


def output_batch(columns: Iterable[Sequence[Any]], signature: Signature) -> pa.RecordBatch:
    """Result columns, in the signature's order, as a batch. A row that a model leaves without a result has nulls."""
    arrays = [output_array(values, column) for values, column in zip(columns, signature.outputs, strict=True)]
    fields = [pa.field(column.name, column.type, True) for column in signature.outputs]
    return pa.RecordBatch.from_arrays(arrays, schema=pa.schema(fields))


INT32 = (-(2**31), 2**31 - 1)


def check_int32(batch: pa.RecordBatch, signature: Signature) -> None:
    """Refuses what an evaluator that holds PMML's integers in 32 bits would call invalid.

    Raises:
        DataError: a whole number beyond 32 bits in an integer column.
    """
    for values, column in zip(batch.columns, signature.inputs, strict=True):
        if not pa.types.is_integer(values.type) or len(values) == values.null_count:
            continue
        ends = pc.min_max(values).as_py()
        if ends["min"] < INT32[0] or ends["max"] > INT32[1]:
            beyond = ends["max"] if ends["max"] > INT32[1] else ends["min"]
            raise DataError(
                f"column {column.name!r} has {beyond}, and this evaluator holds integers in 32 bits",
                where=column.name,
                hint="score such rows in another runtime, or declare the column double",
            )
