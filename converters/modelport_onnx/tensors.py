"""The tensors of an ONNX model, and the rows they stand for."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import onnx
import pyarrow as pa

from modelport.errors import CannotConvert
from modelport.signature import Column, Signature
from modelport.tensors import Tensor
from modelport_onnx.convention import feeds, narrow_inputs, to_batch
from modelport_onnx.file import signature as signature_of

DTYPES: dict[int, str] = {
    onnx.TensorProto.DOUBLE: "float64",
    onnx.TensorProto.FLOAT: "float32",
    onnx.TensorProto.INT64: "int64",
    onnx.TensorProto.INT32: "int32",
    onnx.TensorProto.BOOL: "bool",
    onnx.TensorProto.STRING: "string",
}


@dataclass(frozen=True, slots=True)
class OnnxTensors:
    """See `modelport.tensors.Tensors`; `narrow` names the inputs that the graph declares float32."""

    signature: Signature
    inputs: tuple[Tensor, ...]
    outputs: tuple[Tensor, ...]
    narrow: frozenset[str]

    def feed(self, batch: pa.RecordBatch) -> Mapping[str, Any]:
        widths = [(item.name, item.shape[1] if len(item.shape) > 1 else None) for item in self.inputs]
        return feeds(batch, self.signature, widths, self.narrow)

    def rows(self, results: Mapping[str, Any]) -> pa.RecordBatch:
        return to_batch(results, self.signature)


def tensors(model: onnx.ModelProto) -> OnnxTensors:
    """The tensors of a model.

    Raises:
        CannotConvert: a tensor of another kind than rows of numbers, booleans or text.
    """
    known = signature_of(model)
    weights = {item.name for item in model.graph.initializer}
    inputs = [value for value in model.graph.input if value.name not in weights]
    return OnnxTensors(
        known,
        _placed(inputs, known.inputs),
        _placed(model.graph.output, known.outputs),
        frozenset(narrow_inputs(model)),
    )


def _placed(values: Any, columns: tuple[Column, ...]) -> tuple[Tensor, ...]:
    found, at = [], 0
    for value in values:
        shape = _shape(value)
        width = shape[1] if len(shape) > 1 else 1
        found.append(Tensor(value.name, _dtype(value), shape, tuple(c.name for c in columns[at : at + (width or 1)])))
        at += width or 1
    return tuple(found)


def _dtype(value: onnx.ValueInfoProto) -> str:
    found = DTYPES.get(value.type.tensor_type.elem_type)
    if found is None:
        raise CannotConvert("this tensor is of a type that rows cannot have", where=value.name)
    return found


def _shape(value: onnx.ValueInfoProto) -> tuple[int | None, ...]:
    """None for the number of rows, then the width, which must be known."""
    dims = [dim.dim_value if dim.HasField("dim_value") else None for dim in value.type.tensor_type.shape.dim]
    if not 1 <= len(dims) <= 2 or (len(dims) == 2 and not dims[1]):
        raise CannotConvert("this tensor is not one of rows, of a known width", where=value.name)
    return (None, *dims[1:])
