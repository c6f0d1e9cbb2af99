"""A model's answer under the names of the one vocabulary, and the document's own output fields under theirs."""

from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
from spox import Var

from modelport.conversion import NoteKind
from modelport.signature import Category, Column, Task, label_text, label_type
from modelport_onnx.assemble import numpy_type
from modelport_onnx.frame import cast
from modelport_onnx.ops import op
from modelport_pmml.reader.elements.model import Model
from modelport_pmml.reader.elements.results import OutputField
from modelport_pmml.to_onnx.expression import MOMENTS
from modelport_pmml.to_onnx.literal import NUMERIC, attempt
from modelport_pmml.to_onnx.moment_text import as_iso
from modelport_pmml.to_onnx.output import class_index, column
from modelport_pmml.to_onnx.prediction import Answer, Prediction
from modelport_pmml.to_onnx.scope import Graph, Scope
from modelport_pmml.to_onnx.value import NAN, Value, constant, is_missing, spelled


@dataclass(slots=True)
class Named:
    """Graph outputs [N] by name, with their columns."""

    outputs: dict[str, Var]
    columns: list[Column]
    task: Task
    classes: tuple[Category, ...] = ()

    def add(self, column_: Column, var: Var) -> None:
        self.outputs[column_.name] = var
        self.columns.append(column_)


def named(model: Model, answer: Answer, graph: Graph) -> Named:
    """Label and probabilities, prediction or cluster; then every final output field that is none of these."""
    assert answer.scope is not None, "the outermost model has a scope"
    prediction = answer.prediction
    found = (
        {"classification": _classification, "clustering": _clustering}.get(prediction.function, _regression)(
            prediction, answer.scope, graph
        )
        if not prediction.targets
        else _several(prediction, answer.scope, graph)
    )
    _output_fields(model, answer, graph, found)
    return found


def _target_type(scope: Scope, name: str | None = None) -> str:
    mining = scope.target(name)
    field = scope.data_field(mining.name) if mining else None
    return (field.data_type if field else None) or "string"


def category(word: str, kind: str) -> Category:
    """A label in its target's data type."""
    from modelport_pmml.reader.element import Element

    found = attempt(word, kind, Element()) if kind in NUMERIC | {"boolean"} else None
    if found is None:
        return word
    return bool(found) if kind == "boolean" else int(found) if kind == "integer" else found


def _classification(prediction: Prediction, scope: Scope, graph: Graph) -> Named:
    kind = _target_type(scope)
    order = _order(prediction, scope)
    classes = tuple(category(word, kind) for word in order)
    if len({type(item) for item in classes}) > 1:
        classes = order
    found = Named({}, [], Task.CLASSIFICATION, classes)
    value = prediction.value
    nullable = value.nullable or value.invalid is not None
    found.add(Column("label", label_type(classes), nullable, classes), _label(value, classes, order, graph))
    if prediction.probability is not None and (prediction.offered or asked_for(scope)):
        for word, name in zip(order, classes, strict=True):
            at = class_index(prediction.classes, word)
            data = constant(0.0) if at is None else column(prediction.probability, at)
            gone = is_missing(value)
            data = data if gone is None else op.where(gone, constant(NAN), data)
            scored = Value(data, "double", nullable, value.invalid)
            found.add(Column(f"probability({label_text(name)})", pa.float64(), nullable), numeric(scored, graph))
    return found


def asked_for(scope: Scope) -> bool:
    """Whether the document's output has probabilities."""
    model = scope.model
    return any(item.feature == "probability" for item in (model.output.fields if model and model.output else ()))


def _order(prediction: Prediction, scope: Scope) -> tuple[str, ...]:
    """Class labels: as the document's output lists their probabilities, else its dictionary, else the model itself."""
    known = list(dict.fromkeys((*prediction.classes, *(prediction.value.words or ()))))
    model = scope.model
    listed = [
        item.value for item in (model.output.fields if model and model.output else ())
        if item.feature == "probability" and item.value and item.is_final_result and item.segment_id is None
    ]  # fmt: skip
    mining = scope.target()
    field = scope.data_field(mining.name) if mining else None
    asked = listed or list(field.valid if field else ())
    asked = [known[at] if (at := class_index(tuple(known), word)) is not None else word for word in asked]
    return tuple(dict.fromkeys((*asked, *known)))


def _label(value: Value, classes: tuple[Category, ...], order: tuple[str, ...], graph: Graph) -> Var:
    """[N] in the labels' own type; float64 with NaN where labels that are numbers may be missing."""
    kind = label_type(classes)
    if pa.types.is_string(kind):
        return text(value, graph)
    cells = [float(classes[order.index(word)]) for word in value.words or ()]
    data = op.gather(op.const(np.array([*cells, NAN, NAN], np.float64)), value.data)
    nullable = value.nullable or value.invalid is not None
    shown = numeric(Value(data, "double", nullable, value.invalid), graph)
    return shown if nullable else op.cast(shown, to=kind.to_pandas_dtype())


def _regression(prediction: Prediction, scope: Scope, graph: Graph) -> Named:
    found = Named({}, [], Task.REGRESSION)
    value = prediction.value
    if value.is_text:
        raise scope.model.refuse("the model predicts a text and says it is a regression")  # type: ignore[union-attr]  # a model's scope
    nullable = value.nullable or value.invalid is not None
    found.add(Column("prediction", pa.float64(), nullable), numeric(value, graph))
    return found


def _several(prediction: Prediction, scope: Scope, graph: Graph) -> Named:
    """A label or a number for each of several targets, or for each segment of selectAll."""
    words = any(item.value.is_text for item in prediction.targets.values())
    found = Named({}, [], Task.CLASSIFICATION if words else Task.REGRESSION)
    for name, own in prediction.targets.items():
        nullable = own.value.nullable or own.value.invalid is not None
        if not own.value.is_text:
            found.add(Column(f"prediction({name})", pa.float64(), nullable), numeric(own.value, graph))
            continue
        order = own.value.words or ()
        classes = tuple(category(word, _target_type(scope, name)) for word in order)
        classes = classes if len({type(item) for item in classes}) == 1 else order
        column_ = Column(f"label({name})", label_type(classes), nullable, classes)
        found.add(column_, _label(own.value, classes, order, graph))
    return found


def _clustering(prediction: Prediction, scope: Scope, graph: Graph) -> Named:
    found = Named({}, [], Task.CLUSTERING)
    value = prediction.value
    nullable = value.nullable or value.invalid is not None
    words = value.words or ()
    if words and all(word.strip().lstrip("-").isdigit() for word in words):
        classes = tuple(int(word) for word in words)
        found.add(Column("cluster", pa.int64(), nullable), _label(value, classes, words, graph))
    else:
        found.add(Column("cluster", pa.string(), nullable), text(value, graph))
    return found


def _output_fields(model: Model, answer: Answer, graph: Graph, found: Named) -> None:
    """The document's own names come first: a field that is called like an output of the vocabulary is that output."""
    own = {item.name for item in (model.output.fields if model.output else ())}
    for name, nested in answer.prediction.nested.items():
        if name not in own:
            _add(name, nested, graph, found)
    for item in model.output.fields if model.output else ():
        if not item.is_final_result or item.name not in answer.outputs:
            continue
        if item.name not in found.outputs or item.feature not in ("predictedValue", "probability"):
            _add(item.name, answer.outputs[item.name], graph, found, item)


def _add(name: str, value: Value, graph: Graph, found: Named, where: OutputField | None = None) -> None:
    known = next((item for item in found.columns if item.name == name), None)
    value = as_iso(value) if value.type in MOMENTS else value
    if known is None and name not in graph.inputs:
        found.add(_column(name, value), shown(value, graph))
    elif known is not None and value.is_text == pa.types.is_string(known.type):
        _take(known, value, graph, found)
    else:
        other = f"output({name})"
        at = str(where.at) if where else name
        graph.context.note(NoteKind.ASSUMED, at, f"the output field {name!r} is called {other!r}")
        found.add(_column(other, value), shown(value, graph))


def _take(known: Column, value: Value, graph: Graph, found: Named) -> None:
    """A document's own field in the place of an output of the vocabulary."""
    nullable = value.nullable or value.invalid is not None
    column_ = replace(known, nullable=nullable)
    found.columns[found.columns.index(known)] = column_
    var = text(value, graph) if value.is_text else numeric(value, graph)
    found.outputs[known.name] = var if value.is_text else cast(var, numpy_type(column_))


def _column(name: str, value: Value) -> Column:
    kind = pa.string() if value.is_text else pa.float64()
    nullable = value.nullable or value.invalid is not None
    if value.type == "integer":
        kind = pa.int64()
    elif value.type == "boolean":
        kind = pa.bool_()
    return Column(name, kind, nullable)


def shown(value: Value, graph: Graph) -> Var:
    """[N] as its column travels."""
    if value.is_text:
        return text(value, graph)
    data = numeric(value, graph)
    if value.type in ("integer", "boolean") and not (value.nullable or value.invalid is not None):
        return op.cast(data, to=np.int64 if value.type == "integer" else np.bool_)
    return data


def numeric(value: Value, graph: Graph) -> Var:
    """[N] float64, NaN where missing or invalid."""
    data = value.data if value.invalid is None else op.where(value.invalid, constant(NAN), value.data)
    return _long(data, graph)


def text(value: Value, graph: Graph) -> Var:
    """[N] text, "" where missing or invalid."""
    data = spelled(value)
    if value.invalid is not None:
        data = op.where(value.invalid, op.const(np.array([[""]], np.str_)), data)
    return _long(data, graph)


def _long(data: Var, graph: Graph) -> Var:
    full = op.expand(data, op.shape(graph.rows))
    return op.reshape(full, op.const(np.array([-1], np.int64)))
