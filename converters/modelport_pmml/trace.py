"""Trace: what the derived fields and the segments of a document give, for bisection to the step.

They are asked for as PMML itself lets one ask, by output fields: `transformedValue` for a field, `predictedValue` and
`probability` of a segment (https://dmg.org/pmml/v4-4-1/Output.html). The fields are asked of a copy of the document
whose model always answers, for without an answer there are no output fields; the segments of one in which they are a
chain, so that each answers for itself.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from lxml import etree

from modelport.conversion import Context
from modelport.errors import ModelportError
from modelport.parity.steps import Traced
from modelport_onnx.ort import OrtSession
from modelport_pmml.document import PmmlDocument, document
from modelport_pmml.safe_xml import child, children, local
from modelport_pmml.signature import signature

_PREFIX = "modelport step "
_MOST, _MOST_SEGMENTS = 256, 64
"""Derived fields and segments that are shown; of a document with more, the first ones."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """A step, and the attributes of the output fields that ask for it, by the names of its columns."""

    step: str
    fields: dict[str, dict[str, str]]
    inputs: tuple[str, ...] = ()

    def output(self, column: str) -> str:
        return f"{_PREFIX}{self.step} {column}"


def trace(shown: PmmlDocument, batch: pa.RecordBatch) -> list[Traced]:
    """Derived fields in the order of the document, then segments; the model last, without values.

    Where the compiler cannot show the segments, there are none.
    """
    fields = list(_fields(shown))[:_MOST]
    before = (fields[-1].step,) if fields else ()
    segments = list(_segments(shown, before))[:_MOST_SEGMENTS]
    first = _shown(shown, fields, batch)
    later = _shown(shown, segments, batch)
    ends = tuple(item.step for item in later)
    return [*first, *later, Traced(local(shown.model), inputs=ends or before)]


def _shown(shown: PmmlDocument, asked: Sequence[_Asked], batch: pa.RecordBatch) -> list[Traced]:
    """What some steps give; none where the compiler cannot show them."""
    session = _opened(shown, asked) if asked else None
    return [] if session is None else _read(session, asked, batch)


def _fields(shown: PmmlDocument) -> Iterator[_Asked]:
    for home in (child(shown.root, "TransformationDictionary"), child(shown.model, "LocalTransformations")):
        for item in () if home is None else children(home, "DerivedField"):
            if name := item.get("name"):
                told = {key: str(item.get(key)) for key in ("optype", "dataType") if item.get(key)}
                yield _Asked(f"DerivedField {name}", {name: {"feature": "transformedValue", "field": name, **told}})


def _segments(shown: PmmlDocument, before: tuple[str, ...]) -> Iterator[_Asked]:
    segmentation = child(shown.model, "Segmentation")
    classes = _classes(shown)
    for place, item in enumerate(() if segmentation is None else children(segmentation, "Segment")):
        name = item.get("id") or str(place + 1)
        wanted = {"prediction": {"feature": "predictedValue", "segmentId": name}}
        for text in classes:
            wanted[f"probability({text})"] = {"feature": "probability", "value": text, "segmentId": name}
        yield _Asked(f"Segment {name}", wanted, before)


def _classes(shown: PmmlDocument) -> list[str]:
    """The values of a classifier's target."""
    schema, dictionary = child(shown.model, "MiningSchema"), child(shown.root, "DataDictionary")
    if shown.model.get("functionName") != "classification" or schema is None or dictionary is None:
        return []
    targets = {item.get("name") for item in children(schema, "MiningField") if item.get("usageType") in _TARGETS}
    fields = [item for item in children(dictionary, "DataField") if item.get("name") in targets]
    return [str(value.get("value")) for item in fields for value in children(item, "Value") if value.get("value")]


_TARGETS = ("target", "predicted")


def _opened(shown: PmmlDocument, asked: Sequence[_Asked]) -> OrtSession | None:
    """The document with its steps as outputs, in onnxruntime; None if the compiler refuses it."""
    from modelport_pmml.to_onnx.convert import convert

    try:
        exposed = _exposed(shown, asked)
        return OrtSession(convert(exposed, Context(signature(exposed))))
    except ModelportError:
        return None


def _exposed(shown: PmmlDocument, asked: Sequence[_Asked]) -> PmmlDocument:
    root = etree.fromstring(shown.data)
    model = root[shown.root.index(shown.model)]
    chain = any(item.step.startswith("Segment ") for item in asked)
    output = _chained(model) if chain else _answering(model)
    for item in asked:
        for column, told in item.fields.items():
            _ask(output, item.output(column), dict(told))
    return document(etree.tostring(root))


def _chained(model: Any) -> Any:
    """Makes a chain of the segments; the model's output, to be added to."""
    for known in children(model, "ModelVerification"):
        model.remove(known)  # its rows are of another model now
    segmentation, output = child(model, "Segmentation"), child(model, "Output")
    assert segmentation is not None, "it has segments"
    segmentation.set("multipleModelMethod", "modelChain")
    return _after(model, "MiningSchema", "Output") if output is None else output


def _answering(model: Any) -> Any:
    """Puts a model that always answers 0 in the place of one; its output, to be added to."""
    made = etree.Element(_named(model, "RegressionModel"), {"functionName": "regression"})
    for item in [*children(model, "MiningSchema"), *children(model, "LocalTransformations")]:
        made.append(item)
    etree.SubElement(made, _named(model, "RegressionTable"), {"intercept": "0"})
    model.getparent().replace(model, made)
    return _after(made, "MiningSchema", "Output")


def _after(model: Any, place: str, name: str) -> Any:
    made = etree.Element(_named(model, name))
    found = child(model, place)
    assert found is not None, "a model that was compiled has a mining schema"
    found.addnext(made)
    return made


def _named(model: Any, name: str) -> Any:
    return etree.QName(etree.QName(model).namespace, name)


def _ask(output: Any, name: str, told: dict[str, str]) -> None:
    namespace = etree.QName(output).namespace
    field = told.pop("field", None)
    made = etree.SubElement(output, etree.QName(namespace, "OutputField"), {"name": name, **told})
    if field is not None:
        etree.SubElement(made, etree.QName(namespace, "FieldRef")).set("field", field)


def _read(session: OrtSession, asked: Sequence[_Asked], batch: pa.RecordBatch) -> list[Traced]:
    outputs = session.score(batch.select([column.name for column in session.signature.inputs]))
    there = {name: i for i, name in enumerate(outputs.schema.names)}
    steps = []
    for item in asked:
        found = {
            column: there.get(item.output(column), there.get(f"out({item.output(column)})")) for column in item.fields
        }
        columns = tuple(column for column, place in found.items() if place is not None)
        values = tuple(_values(outputs.column(place)) for place in found.values() if place is not None)
        if columns:
            steps.append(Traced(item.step, columns, values, item.inputs))
    return steps


def _values(values: pa.Array) -> Any:
    if pa.types.is_string(values.type):
        return np.asarray(values.to_numpy(zero_copy_only=False), object)
    return np.asarray(values.cast(pa.float64()).to_numpy(zero_copy_only=False), np.float64)
