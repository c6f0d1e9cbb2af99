"""What sklearn2pmml wrote, in modelport's vocabulary and without what differs from run to run.

The time stamp goes; every input of the model is declared, also those it does not use; results get the names of the
one vocabulary, at the top, where every evaluator gives them.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from lxml import etree

from modelport.conversion import Context, NoteKind
from modelport.errors import CannotConvert
from modelport.signature import Column
from modelport_pmml.document import MODELS, PmmlDocument, document
from modelport_pmml.outputs import Result, augmented, plan, targets
from modelport_pmml.safe_xml import child, children, local
from modelport_pmml.types import pmml_type

RENAMED = {"decisionFunction": "score", "predict(outlier)": "label"}
ESSENTIAL = ("label", "prediction", "cluster")


def tidy(data: bytes, estimator: Any, context: Context) -> PmmlDocument:
    """The document that sklearn2pmml wrote for an estimator, tidied.

    Raises:
        CannotConvert: an output of the model is not in the document, or it holds no model at all.
    """
    root = etree.fromstring(document(data).data, etree.XMLParser(remove_blank_text=True, huge_tree=True))
    model = next((item for item in root if local(item) in MODELS), None)
    if model is None:
        raise CannotConvert(
            "sklearn2pmml writes no model for steps that only transform", hint="add a predictor as the last step"
        )
    _undated(root)
    _declare(root, model, context.signature.inputs)
    _rename_outliers(model)
    _keep_label_type(root, model, getattr(estimator, "classes_", ()))
    plain = document(_bytes(root))
    scored = hasattr(estimator, "predict_proba")
    missing = (result for result in plan(plain).results if result.inner is None and (scored or not _scores(result)))
    return _checked(document(_pretty(augmented(plain, missing))), context)


def _undated(root: etree._Element) -> None:
    header = child(root, "Header")
    for item in children(header, "Timestamp") if header is not None else ():
        item.getparent().remove(item)  # type: ignore[union-attr]  # it was found in its parent


def _declare(root: etree._Element, model: etree._Element, columns: Iterable[Column]) -> None:
    """Data and mining fields for every input, in the signature's order, before the target."""
    dictionary, schema = child(root, "DataDictionary"), child(model, "MiningSchema")
    assert dictionary is not None, "sklearn2pmml writes a dictionary"
    assert schema is not None, "sklearn2pmml writes a mining schema"
    for at, column in enumerate(columns):
        known = next((item for item in children(dictionary, "DataField") if item.get("name") == column.name), None)
        used = next((item for item in children(schema, "MiningField") if item.get("name") == column.name), None)
        dictionary.insert(at, _data_field(dictionary, column) if known is None else known)
        schema.insert(at, _element(schema, "MiningField", {"name": column.name}) if used is None else used)


def _data_field(parent: etree._Element, column: Column) -> etree._Element:
    data_type = pmml_type(column.type)
    kind = "categorical" if data_type in ("string", "boolean") else "continuous"
    return _element(parent, "DataField", {"name": column.name, "optype": kind, "dataType": data_type})


def _element(like: etree._Element, name: str, attributes: dict[str, str]) -> etree._Element:
    return etree.Element(like.tag.replace(local(like), name), attributes)


def _rename_outliers(model: etree._Element) -> None:
    output = child(model, "Output")
    names = {item.get("name") for item in output} if output is not None else set()
    if output is None or not set(RENAMED) <= names:
        return
    for item in output.iter():
        for attribute in ("name", "field"):
            if item.get(attribute) in RENAMED:
                item.set(attribute, RENAMED[item.get(attribute, "")])
    for item in list(output):
        if item.get("name") == "outlier":
            item.set("isFinalResult", "false")


def _keep_label_type(root: etree._Element, model: etree._Element, classes: Sequence[object]) -> None:
    """Text that looks like numbers stays text: sklearn2pmml makes an integer of a label such as "1"."""
    name = next(iter(targets(model)), None)
    if not any(isinstance(label, str) for label in classes):
        return
    for item in root.iter():
        if local(item) == "DataField" and item.get("name") == name:
            item.set("dataType", "string")


def _scores(result: Result) -> bool:
    return result.column.name.startswith("probability(")


def _checked(found: PmmlDocument, context: Context) -> PmmlDocument:
    have = {column.name for column in plan(found).columns}
    for column in context.signature.outputs:
        if column.name in have:
            continue
        if column.name.startswith(ESSENTIAL):
            raise CannotConvert(f"sklearn2pmml leaves out {column.name!r}", where=column.name)
        context.note(NoteKind.LOST, column.name, "sklearn2pmml writes no such output for this estimator")
    return found


def _bytes(root: etree._Element) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _pretty(data: bytes) -> bytes:
    root = etree.fromstring(data, etree.XMLParser(remove_blank_text=True, huge_tree=True))
    etree.indent(root, " ")
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8") + b"\n"
