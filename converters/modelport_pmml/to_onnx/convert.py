"""PMML → ONNX."""

import onnx
import pyarrow as pa
import spox.opset.ai.onnx.v21 as op
from spox import Var

from modelport.conversion import Context
from modelport.signature import Column, Signature
from modelport_onnx.assemble import arguments, finish
from modelport_pmml.reader.document import Pmml
from modelport_pmml.reader.read import read
from modelport_pmml.to_onnx.literals import literals
from modelport_pmml.to_onnx.model import compile_model
from modelport_pmml.to_onnx.naming import Named, named
from modelport_pmml.to_onnx.scope import Graph
from modelport_pmml.to_onnx.value import constant

_ARROW = {"string": pa.string(), "integer": pa.int64(), "float": pa.float32(), "double": pa.float64(),
          "boolean": pa.bool_()}  # fmt: skip


def convert(document: object, context: Context) -> onnx.ModelProto:
    """A PMML document (`modelport_pmml.document.PmmlDocument`) as an ONNX file.

    Raises:
        InputError: the document contradicts the specification; the line is named.
        CannotConvert: an element has no exact form; it is named with its line.
    """
    data: bytes = document.data  # type: ignore[attr-defined]  # the format's live model holds its bytes
    return compile_document(read(data), context)


def compile_document(document: Pmml, context: Context) -> onnx.ModelProto:
    """A typed document as an ONNX file; inputs are typed by `context.signature` where it has them."""
    model = document.model
    declared = input_columns(document)
    columns = context.signature.inputs or declared
    signature = Signature(tuple(columns))
    inputs, frame = arguments(signature)
    if not columns:
        raise model.refuse("the model has no active fields, so the number of rows is not known")
    raw: dict[str, Var] = {name: frame.column(i).var for i, name in enumerate(frame.names)}
    graph = Graph(document, context, _rows(frame.column(0).var), raw, literals(document))
    transformations = document.transformations
    graph.functions = {item.name: item for item in (transformations.functions if transformations else ())}
    answer = compile_model(model, graph)
    found = in_order(named(model, answer, graph), context.signature)
    full = signature.with_outputs(found.columns, found.task, found.classes)
    return finish(inputs, found.outputs, full, context)


def in_order(found: Named, wanted: Signature) -> Named:
    """Columns that the document's signature names come first, in its order."""
    at = {column.name: i for i, column in enumerate(wanted.outputs)}
    columns = sorted(found.columns, key=lambda column: at.get(column.name, len(at)))
    return Named({column.name: found.outputs[column.name] for column in columns}, columns, found.task, found.classes)


def input_columns(document: Pmml) -> tuple[Column, ...]:
    """The active fields of the model, as they arrive."""
    found = []
    for item in document.model.mining_schema.fields:
        if item.usage_type != "active":
            continue
        field = document.fields.get(item.name)
        if field is None:
            raise item.bad(f"the mining schema names {item.name!r}, which the data dictionary does not declare")
        found.append(Column(item.name, _ARROW.get(field.data_type or "", pa.string()), nullable=True))
    return tuple(found)


def _rows(var: Var) -> Var:
    """[N, 1] zeros."""
    return op.expand(constant(0.0), op.shape(var))


