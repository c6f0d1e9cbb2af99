"""Signatures of ONNX models that modelport did not write, from what their graphs say and nothing more."""

from collections.abc import Iterator, Sequence

import onnx
import pyarrow as pa
from onnx import TensorProto

from modelport.errors import CannotConvert, DataError
from modelport.signature import (
    Category,
    Column,
    Signature,
    Task,
    classifier_outputs,
    matrix_inputs,
    regression_outputs,
)

ARROW: dict[int, pa.DataType] = {
    TensorProto.DOUBLE: pa.float64(),
    TensorProto.FLOAT: pa.float32(),
    TensorProto.INT64: pa.int64(),
    TensorProto.INT32: pa.int32(),
    TensorProto.BOOL: pa.bool_(),
    TensorProto.STRING: pa.string(),
}


def foreign_signature(model: onnx.ModelProto, sample: pa.RecordBatch | None = None) -> Signature:
    """Inputs from the graph's value infos; outputs in the one vocabulary where the graph makes that certain.

    A single float output is a prediction. An integer or text output of rank 1 beside a float one is a classifier,
    if a node lists as many class labels as there are scores. Everything else keeps the graph's own names.

    Raises:
        CannotConvert: an input that is no table of rows.
        DataError: the width of an input is not in the graph and no sample tells it.
    """
    initialised = {tensor.name for tensor in model.graph.initializer}
    inputs = [value for value in model.graph.input if value.name not in initialised]
    columns = _single(inputs[0], sample) if len(inputs) == 1 else tuple(_several(inputs))
    return _with_outputs(without_zipmap(model), Signature(columns))


def _single(value: onnx.ValueInfoProto, sample: pa.RecordBatch | None) -> tuple[Column, ...]:
    width = tensor_width(value)
    if width is None:
        return (_column(value, value.name),)
    if width == 0:
        if sample is None:
            raise DataError("the graph does not say how many columns it takes", where=value.name, hint="pass --data")
        width = sample.num_columns
    return matrix_inputs(width, arrow_type(value), nullable=pa.types.is_floating(arrow_type(value)))


def _several(inputs: Sequence[onnx.ValueInfoProto]) -> Iterator[Column]:
    for value in inputs:
        width = tensor_width(value)
        if width == 0:
            raise CannotConvert("the graph does not say how many columns this input takes", where=value.name)
        if width is None or width == 1:
            yield _column(value, value.name)
        else:
            yield from (_column(value, f"{value.name}_{i}") for i in range(width))


def _column(value: onnx.ValueInfoProto, name: str) -> Column:
    kind = arrow_type(value)
    return Column(name, kind, nullable=pa.types.is_floating(kind) or pa.types.is_string(kind))


def arrow_type(value: onnx.ValueInfoProto) -> pa.DataType:
    """The Arrow type of a tensor.

    Raises:
        CannotConvert: a type no table column has.
    """
    found = ARROW.get(value.type.tensor_type.elem_type)
    if found is None:
        raise CannotConvert(
            "this input or output has a type that no table column has",
            where=value.name,
            hint="modelport converts models of tables, not of images or sequences",
        )
    return found


def tensor_width(value: onnx.ValueInfoProto) -> int | None:
    """Columns of a tensor [N, C]: C, 0 where the graph leaves it open, None for rank 1.

    Raises:
        CannotConvert: a rank that no table has.
    """
    dims = value.type.tensor_type.shape.dim
    if not value.type.tensor_type.HasField("shape"):
        return 0
    if len(dims) == 1:
        return None
    if len(dims) != 2:
        raise CannotConvert(f"a tensor of rank {len(dims)} is no table of rows", where=value.name)
    return int(dims[1].dim_value)


def _with_outputs(model: onnx.ModelProto, signature: Signature) -> Signature:
    outputs = list(model.graph.output)
    kinds = [arrow_type(value) for value in outputs]
    widths = [_output_width(model, value) for value in outputs]
    if len(outputs) == 1 and pa.types.is_floating(kinds[0]):
        return signature.with_outputs(regression_outputs([f"y{i}" for i in range(widths[0])]), Task.REGRESSION)
    if len(outputs) == 2 and not pa.types.is_floating(kinds[0]) and pa.types.is_floating(kinds[1]):
        classes = class_labels(model, widths[1])
        if classes:
            return signature.with_outputs(classifier_outputs(classes), Task.CLASSIFICATION, classes)
    return signature.with_outputs(_own_names(outputs, kinds, widths), Task.TRANSFORM)


def _own_names(
    outputs: Sequence[onnx.ValueInfoProto], kinds: Sequence[pa.DataType], widths: Sequence[int]
) -> Iterator[Column]:
    for value, kind, width in zip(outputs, kinds, widths, strict=True):
        if width == 1:
            yield Column(value.name, kind, nullable=True)
        else:
            yield from (Column(f"{value.name}[{i}]", kind, nullable=True) for i in range(width))


def _output_width(model: onnx.ModelProto, value: onnx.ValueInfoProto) -> int:
    width = tensor_width(value)
    if width is None:
        return 1
    if width:
        return width
    for node in model.graph.node:
        labels = _labels(node)
        if labels and value.name in node.output:
            return len(labels)
    if any(node.op_type.startswith("TreeEnsembleRegressor") for node in model.graph.node):
        return 1
    raise CannotConvert(
        "the graph does not say how many columns this output has",
        where=value.name,
        hint="run onnx.shape_inference on the model, or fix the output's shape",
    )


def class_labels(model: onnx.ModelProto, count: int) -> tuple[Category, ...]:
    """Class labels that some node lists, if there are `count` of them."""
    found = (_labels(node) for node in model.graph.node)
    return next((labels for labels in found if labels and len(labels) == count), ())


def _labels(node: onnx.NodeProto) -> tuple[Category, ...]:
    for attribute in node.attribute:
        if attribute.name in ("classlabels_int64s", "classlabels_ints") and attribute.ints:
            return tuple(int(label) for label in attribute.ints)
        if attribute.name == "classlabels_strings" and attribute.strings:
            return tuple(label.decode() for label in attribute.strings)
    return ()


def without_zipmap(model: onnx.ModelProto) -> onnx.ModelProto:
    """The model with the scores that its ZipMap nodes turn into dictionaries as plain tensors [N, K]."""
    zipmaps = {node.output[0]: node for node in model.graph.node if node.op_type == "ZipMap"}
    if not zipmaps:
        return model
    plain = onnx.ModelProto()
    plain.CopyFrom(model)
    kept = [node for node in plain.graph.node if node.op_type != "ZipMap"]
    del plain.graph.node[:]
    plain.graph.node.extend(kept)
    for i, value in enumerate(plain.graph.output):
        if value.name in zipmaps:
            node = zipmaps[value.name]
            width = len(_labels(node))
            plain.graph.output[i].CopyFrom(
                onnx.helper.make_tensor_value_info(node.input[0], TensorProto.FLOAT, ["N", width])
            )
    return plain
