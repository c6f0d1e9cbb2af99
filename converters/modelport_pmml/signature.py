"""The signature of a PMML document: its data dictionary, mining schema and output."""

import pyarrow as pa
from lxml import etree

from modelport.errors import InputError
from modelport.signature import Column, Signature
from modelport_pmml.document import PmmlDocument
from modelport_pmml.outputs import declared, plan
from modelport_pmml.safe_xml import child, children, local
from modelport_pmml.types import arrow_type


def signature(model: PmmlDocument, sample: pa.RecordBatch | None = None) -> Signature:
    """What goes in and comes out. A PMML document says its own types; `sample` is not needed.

    Raises:
        InputError: no model, or an active field that the data dictionary lacks.
    """
    wanted = plan(model)
    return Signature(inputs(model), wanted.columns, wanted.task, wanted.classes)


def inputs(model: PmmlDocument) -> tuple[Column, ...]:
    """The model's active fields, and supplementary ones that it looks at, in the order of its mining schema."""
    schema = child(model.model, "MiningSchema")
    items = [] if schema is None else children(schema, "MiningField")
    extra = {item.get("name", "") for item in items if item.get("usageType") == "supplementary"}
    extra &= _mentioned(model) if extra else set()
    return tuple(
        _input(model, item) for item in items
        if item.get("usageType", "active") == "active" or item.get("name", "") in extra
    )  # fmt: skip


def _mentioned(model: PmmlDocument) -> set[str]:
    """Every text that an attribute of the document holds, where it is not the schema's or the dictionary's."""
    items = (item for item in model.root.iter() if local(item) not in ("MiningField", "DataField"))
    return {str(value) for item in items for value in item.attrib.values()}


def _input(model: PmmlDocument, item: etree._Element) -> Column:
    name = item.get("name", "")
    found = model.fields.get(name)
    if found is None:
        place = f"line {item.sourceline}, MiningSchema/MiningField"
        raise InputError(f"the mining schema names {name!r}, which the data dictionary lacks", where=place)
    data_type = found.get("dataType")
    nullable = item.get("missingValueTreatment") != "returnInvalid"
    known = declared(model, name, data_type) if found.get("optype") != "continuous" else ()
    return Column(name, arrow_type(data_type), nullable, known or None)
