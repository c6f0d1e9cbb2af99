"""PMML → ONNX."""

from dataclasses import replace

import onnx
import pyarrow as pa
from spox import Var

from modelport.conversion import Context, NoteKind
from modelport.signature import Column, Signature
from modelport_onnx.assemble import arguments, finish, numpy_type
from modelport_onnx.frame import cast
from modelport_onnx.ops import op
from modelport_pmml.reader.document import Pmml
from modelport_pmml.reader.elements.dictionary import DataField, MiningField
from modelport_pmml.reader.nodes import Nodes
from modelport_pmml.reader.read import read
from modelport_pmml.to_onnx.literals import literals
from modelport_pmml.to_onnx.model import compile_model
from modelport_pmml.to_onnx.naming import Named, named
from modelport_pmml.to_onnx.scope import Graph
from modelport_pmml.to_onnx.value import constant, forget
from modelport_pmml.to_onnx.verification import verify

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
    """A typed document as an ONNX file; inputs are typed by `context.signature` where it has them.

    Raises:
        InputError, CannotConvert: as `convert`.
    """
    forget()
    try:
        return _compiled(document, context)
    except RecursionError:
        # From None: a thousand frames that repeat themselves tell nobody more.
        raise document.model.refuse(
            "models inside models, or functions that call functions, are nested deeper than this can follow"
        ) from None
    finally:
        forget()


def _compiled(document: Pmml, context: Context) -> onnx.ModelProto:
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
    found = planned(named(model, answer, graph), context.signature, context)
    full = signature.with_outputs(found.columns, found.task, found.classes)
    proto = finish(inputs, found.outputs, full, context)
    verify(model, proto)
    return proto


def planned(found: Named, wanted: Signature, context: Context) -> Named:
    """The columns that the document's signature names, in its order and types; all columns where it names none."""
    if not wanted.outputs:
        return found
    columns, outputs = [], {}
    for column in wanted.outputs:
        name = next((item for item in (column.name, _inner(column.name)) if item in found.outputs), None)
        own = next((item for item in found.columns if item.name == name), None)
        if name is None or own is None or pa.types.is_string(own.type) != pa.types.is_string(column.type):
            context.note(NoteKind.LOST, column.name, "this output of the document has no exact form")
            continue
        nullable = own.nullable or column.nullable
        outputs[column.name] = _as(found.outputs[name], replace(column, nullable=nullable))
        columns.append(replace(column, nullable=nullable))
    return Named(outputs, columns, wanted.task or found.task, wanted.classes or found.classes)


def _inner(name: str) -> str:
    """`out(<field>)` is the field's own output."""
    return name[4:-1] if name.startswith("out(") and name.endswith(")") else name


def _as(var: Var, column: Column) -> Var:
    """As the column's type travels: whole numbers and booleans that may be missing are float64."""
    kind = numpy_type(column)
    return var if pa.types.is_string(column.type) else cast(var, kind)


def input_columns(document: Pmml) -> tuple[Column, ...]:
    """The active fields of the model, and supplementary ones that it looks at, as they arrive."""
    found = []
    schema = document.model.mining_schema.fields
    extra = {item.name for item in schema if item.usage_type == "supplementary"}
    extra &= mentioned(document) if extra else set()
    for item in schema:
        if item.usage_type != "active" and item.name not in extra:
            continue
        field = document.fields.get(item.name)
        if field is None:
            raise item.bad(f"the mining schema names {item.name!r}, which the data dictionary does not declare")
        found.append(Column(item.name, _ARROW.get(field.data_type or "", pa.string()), nullable=True))
    return tuple(found)


def mentioned(document: Pmml) -> set[str]:
    """Every text that an attribute of the document holds, where it is not the schema's or the dictionary's."""
    found: set[str] = set()
    for element in document.walk():
        if isinstance(element, Nodes):
            found |= set(element.strings)
        elif not isinstance(element, MiningField | DataField):
            found |= {value for value in vars(element).values() if isinstance(value, str)}
    return found


def _rows(var: Var) -> Var:
    """[N, 1] zeros."""
    return op.expand(constant(0.0), op.shape(var))
