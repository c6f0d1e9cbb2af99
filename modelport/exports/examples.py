"""Examples for exports: golden rows as tensors, and as documents."""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa

from modelport.exports.source import Source

ROWS = 3


def plain_rows(source: Source) -> list[int]:
    """Places of the first golden rows that every protocol can say: nothing missing or infinite, in or out."""
    model = source.onnx
    columns = [*model.inputs.columns, *model.outputs.columns]
    fine = [i for i in range(model.inputs.num_rows) if all(_plain(column[i].as_py()) for column in columns)]
    return fine[:ROWS]


def _plain(value: Any) -> bool:
    return value is not None and not (isinstance(value, float) and not math.isfinite(value))


def fed(source: Source, rows: list[int]) -> Mapping[str, Any]:
    """Input tensors of some golden rows."""
    return source.onnx.tensors.feed(source.onnx.inputs.take(pa.array(rows, pa.int64())))


def answered(source: Source, rows: list[int]) -> dict[str, Any]:
    """Output tensors of some golden rows, as they were recorded."""
    model = source.onnx
    outputs = model.outputs.take(pa.array(rows, pa.int64()))
    found = {}
    for tensor in model.tensors.outputs:
        columns = [np.asarray(outputs.column(name).to_pylist()) for name in tensor.columns]
        found[tensor.name] = columns[0] if len(tensor.shape) == 1 else np.stack(columns, axis=1)
    return found


def listed(values: Any) -> Any:
    """A tensor as nested lists of what JSON knows; float32 with no more digits than it has."""
    array = np.asarray(values)
    if array.dtype == np.float32:
        return [float(str(item)) for item in array] if array.ndim == 1 else [listed(row) for row in array]
    return array.tolist()
