"""Which of a document's results are its outputs, in the one vocabulary, and under which field evaluators give them.

A document names its results in `Output` as it likes, or not at all. A `Plan` ties each column of the vocabulary to an
output field; columns that no field gives yet (the predicted label of most documents) are fields to be added before
an evaluator sees the document (`augmented`). Both evaluators and the signature are made from one plan.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import pyarrow as pa
from lxml import etree

from modelport.signature import Category, Column, Task, label_text, label_type
from modelport_pmml.document import MODELS, PmmlDocument
from modelport_pmml.safe_xml import child, children, every, local
from modelport_pmml.types import arrow_type, pmml_type, scalar

NAMED = frozenset(("DataField", "DerivedField", "OutputField", "MiningField"))
TARGETS = ("target", "predicted")


@dataclass(frozen=True, slots=True)
class Result:
    """One output column.

    Attributes:
        column: its name and type in the vocabulary.
        field: the model's own output field that holds it.
        add: attributes of the `OutputField` that must be added for it, or None if the model has it.
        inner: the name it has in the last model of a chain, where the document has it there. JPMML hands that on,
            and gives 0 for an added probability of a chain whose target is an integer (1.7.7); PMML4S does not.
    """

    column: Column
    field: str
    add: tuple[tuple[str, str], ...] | None = None
    inner: str | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """Every output of a document."""

    results: tuple[Result, ...]
    task: Task | None
    classes: tuple[Category, ...] = ()

    @property
    def columns(self) -> tuple[Column, ...]:
        return tuple(result.column for result in self.results)


FURTHER = {
    "predictedValue": None, "predictedDisplayValue": "string", "transformedValue": "double", "decision": "string",
    "probability": "double", "confidence": "double", "entityId": "string", "clusterId": "string",
    "affinity": "double", "entityAffinity": "double", "clusterAffinity": "double", "reasonCode": "string",
}  # fmt: skip
"""Features whose output fields are outputs under their own names, and their type where the field states none."""


def plan(document: PmmlDocument) -> Plan:
    """The outputs of a document: the vocabulary's, then its further output fields under their own names.

    Raises:
        InputError: there is no model in it.
    """
    found = _vocabulary(document)
    taken = {result.column.name for result in found.results}
    taken |= {result.field for result in found.results if result.field.startswith("probability(")}
    further = []
    for item in output_fields(document.model):
        name, feature = item.get("name", ""), item.get("feature", "predictedValue")
        if feature in FURTHER and not {name, f"out({name})"} & taken:
            first = pmml_type(found.results[0].column.type) if found.results else "double"
            kind = arrow_type(item.get("dataType") or FURTHER[feature] or first)
            further.append(Result(Column(shown_name(document, name), kind, nullable=True), name))
    return replace(found, results=(*found.results, *further))


def shown_name(document: PmmlDocument, name: str) -> str:
    """The column of an output field: its name, set apart where an input has it."""
    return f"output({name})" if name in document.fields else name


def _vocabulary(document: PmmlDocument) -> Plan:
    """What the one vocabulary names, and where the document has it."""
    model = document.model
    fields = {item.get("name", ""): item for item in output_fields(model)}
    inner = [item for item in nested_fields(model) if item.get("name") not in fields]
    told = _told(model, fields, inner)
    if told is not None:
        return told
    several = _several(document, model, fields)
    if several is not None:
        return several
    function = model.get("functionName", "")
    if function == "classification":
        return _classification(document, model, fields, inner)
    if function == "clustering":
        return _clustering(model, fields)
    return _regression(document, model, fields)


CHAINS = ("multiModelChain", "x-multiModelChain")
"""Methods whose segments predict a target each."""


def _several(document: PmmlDocument, model: etree._Element, fields: dict[str, etree._Element]) -> Plan | None:
    """The plan of a model that gives several results: one a target, or one a segment of selectAll; None for others."""
    segmentation = child(model, "Segmentation")
    method = "" if segmentation is None else segmentation.get("multipleModelMethod", "")
    names = targets(model)
    if segmentation is not None and method == "selectAll":
        segments = children(segmentation, "Segment")
        told = {item.get("id") or str(place + 1): names[:1] for place, item in enumerate(segments)}
        how = "segmentId"
    elif len(names) > 1 and (method in CHAINS or local(model) in ("NeuralNetwork", "NearestNeighborModel")):
        told, how = {name: (name,) for name in names}, "targetField"
    else:
        return None
    results = []
    for name, target in told.items():
        column = _one_of_several(document, name, target)
        field = _predicted(fields, column.name, name) if how == "targetField" else None
        add = {"optype": "categorical" if column.categories else "continuous", "dataType": pmml_type(column.type)}
        results.append(_result(column, field, {**add, "feature": "predictedValue", how: name}, model))
    labels = any(result.column.name.startswith("label(") for result in results)
    return Plan(tuple(results), Task.CLASSIFICATION if labels else Task.REGRESSION)


def _one_of_several(document: PmmlDocument, name: str, target: tuple[str, ...]) -> Column:
    field = document.fields.get(target[0]) if target else None
    if field is None or field.get("optype") == "continuous":
        return Column(f"prediction({name})", pa.float64(), nullable=True)
    data_type = field.get("dataType")
    classes = tuple(declared(document, target[0], data_type))
    kind = label_type(classes) if classes else arrow_type(data_type)
    return Column(f"label({name})", kind, nullable=True, categories=classes or None)


VOCABULARY = re.compile(
    r"(label|prediction|cluster|score|(label|probability|decision|prediction|out)\(.*\))", re.DOTALL
)
"""Names of outputs in the one vocabulary."""

NATIVE = {"label": "predictedValue", "prediction": "predictedValue", "cluster": "predictedValue"}


def _told(model: etree._Element, fields: dict[str, etree._Element], inner: list[etree._Element]) -> Plan | None:
    """The plan of a document whose output fields bear the vocabulary's own names; None for any other.

    Those of the last model of a chain count too. A classifier's label may still be missing: that is for others to add.
    """
    below = {item.get("name", ""): item for item in inner}
    found = {name: item for name, item in {**fields, **below}.items() if VOCABULARY.fullmatch(name)}
    classifies = model.get("functionName") == "classification"
    if set(found) <= {"score"} or (classifies and not any(name.startswith("label") for name in found)):
        return None  # a score alone is any document's name for its result
    if not classifies and set(found) <= {"label", "cluster"} and model.get("functionName") == "clustering":
        return None
    classes = _told_classes(model, found)
    results = [_told_result(name, item, name in fields, classes, model) for name, item in _ordered(found)]
    return Plan(tuple(results), _told_task(found, classifies), classes)


def _ordered(found: dict[str, etree._Element]) -> list[tuple[str, etree._Element]]:
    """The label first, everything else in the order of the document."""
    return sorted(found.items(), key=lambda pair: pair[0] not in ("label", "prediction", "cluster"))


def _told_classes(model: etree._Element, found: dict[str, etree._Element]) -> tuple[Category, ...]:
    label = found.get("label")
    dictionary = child(model.getroottree().getroot(), "DataDictionary")
    items = [] if dictionary is None else children(dictionary, "DataField")
    target = next((item for item in items if item.get("name") in targets(model)), None)
    if label is None or target is None:
        return ()
    data_type = target.get("dataType")
    return tuple(scalar(item.get("value", ""), data_type) for item in children(target, "Value"))


def _told_task(found: dict[str, etree._Element], classifies: bool) -> Task | None:
    if classifies or any(name.startswith("label(") for name in found):
        return Task.CLASSIFICATION
    if "label" in found and "score" in found:
        return Task.OUTLIERS
    if "cluster" in found:
        return Task.CLUSTERING
    if all(name.startswith("out(") for name in found):
        return Task.TRANSFORM
    return Task.OUTLIERS if "label" in found else Task.REGRESSION


def _told_result(
    name: str, item: etree._Element, top: bool, classes: tuple[Category, ...], model: etree._Element
) -> Result:
    kind = item.get("dataType", "double")
    if name == "label" and classes:
        column = Column(name, label_type(classes), categories=classes)
    elif name == "label" and arrow_type(kind) == pa.int64():
        column = Column(name, pa.int64(), categories=(-1, 1))
    elif name == "cluster":
        column = Column(name, pa.int64() if _numbered(model) else pa.string())
    else:
        column = Column(name, arrow_type(kind), nullable=name.startswith("out("))
    if top or (name not in NATIVE and not name.startswith("probability(")):
        return Result(column, name, inner=None if top else name)
    add = {"optype": item.get("optype", "continuous"), "dataType": kind, **_native(name, item, classes)}
    return replace(_result(column, None, add, model), inner=name)


def _native(name: str, item: etree._Element, classes: tuple[Category, ...]) -> dict[str, str]:
    """How a chain gives as its own what its last model computes; the rest cannot be added."""
    if name.startswith("probability("):
        match = next((value for value in classes if f"probability({label_text(value)})" == name), None)
        if match is not None:
            text = str(match).lower() if isinstance(match, bool) else label_text(match)
            return {"feature": "probability", "value": text}
    return {"feature": NATIVE.get(name, "predictedValue")}


def output_fields(model: etree._Element) -> Iterator[etree._Element]:
    """Final output fields of a model itself."""
    found = child(model, "Output")
    items = [] if found is None else children(found, "OutputField")
    return (item for item in items if item.get("isFinalResult", "true") == "true")


def nested_fields(model: etree._Element) -> Iterator[etree._Element]:
    """Output fields of the last model of a chain, whose result is the chain's. JPMML hands them on, PMML4S does not."""
    segmentation = child(model, "Segmentation")
    if segmentation is None or segmentation.get("multipleModelMethod") != "modelChain":
        return
    segments = [item for segment in children(segmentation, "Segment") for item in segment if local(item) in MODELS]
    for inner in segments[-1:]:
        yield from output_fields(inner)
        yield from nested_fields(inner)


def targets(model: etree._Element) -> tuple[str, ...]:
    """Names of the model's target fields."""
    schema = child(model, "MiningSchema")
    items = [] if schema is None else children(schema, "MiningField")
    return tuple(item.get("name", "") for item in items if item.get("usageType") in TARGETS)


def _named(name: str, item: etree._Element) -> Result:
    return Result(Column(name, arrow_type(item.get("dataType", "double")), nullable=True), name)


def _predicted(fields: dict[str, etree._Element], name: str, target: str | None) -> str | None:
    """The field that holds the prediction: by our own name for it, else by its feature."""
    if name in fields:
        return name
    for field, item in fields.items():
        if item.get("feature", "predictedValue") == "predictedValue" and item.get("targetField") in (None, target):
            return field
    return None


def _result(column: Column, field: str | None, add: dict[str, str], model: etree._Element) -> Result:
    """A result, its field added under a name that nothing else in the document has."""
    if field is not None:
        return Result(column, field)
    taken = {item.get("name") for item in every(model.getroottree().getroot(), *NAMED)}
    name = column.name
    while name in taken:
        name += "_"
    return Result(column, name, tuple({"name": name, **add}.items()))


def _classification(
    document: PmmlDocument, model: etree._Element, fields: dict[str, etree._Element], inner: list[etree._Element]
) -> Plan:
    target = next(iter(targets(model)), None)
    data_type = _target_type(document, target, fields)
    top, below = _scores(fields.values(), data_type), _scores(inner, data_type)
    known = list(top or below) or list(declared(document, target, data_type))
    classes = tuple(dict.fromkeys(known or (scalar(text, data_type) for text in _scored(model))))
    label = Column("label", label_type(classes) if classes else arrow_type(data_type), categories=classes or None)
    add = {"optype": "categorical", "dataType": pmml_type(label.type), "feature": "predictedValue"}
    results = [_result(label, _predicted(fields, "label", target), add, model)]
    named = [name for name in fields if name.startswith(("probability(", "decision("))]
    if top:
        results += [Result(Column(f"probability({label_text(value)})", pa.float64()), top[value]) for value in classes]
    elif named:
        results += [Result(Column(name, pa.float64()), name) for name in named]
    elif below or ("label" not in fields and gives_probabilities(model)):
        results += [_added_probability(value, model, below.get(value)) for value in classes]
    return Plan(tuple(results), Task.CLASSIFICATION, classes)


def _scores(items: Iterable[etree._Element], data_type: str) -> dict[Category, str]:
    """Class → the output field of its probability."""
    asked = (item for item in items if item.get("feature") == "probability" and item.get("value"))
    return {scalar(item.get("value", ""), data_type): item.get("name", "") for item in asked}


def _added_probability(value: Category, model: etree._Element, inner: str | None) -> Result:
    text = str(value).lower() if isinstance(value, bool) else label_text(value)
    column = Column(f"probability({label_text(value)})", pa.float64())
    add = {"optype": "continuous", "dataType": "double", "feature": "probability", "value": text}
    return replace(_result(column, None, add, model), inner=inner)


def _target_type(document: PmmlDocument, target: str | None, fields: dict[str, etree._Element]) -> str:
    found = document.fields.get(target or "")
    if found is None:
        found = fields.get("label")
    return "string" if found is None else found.get("dataType", "string")


def declared(document: PmmlDocument, name: str | None, data_type: str | None) -> tuple[Category, ...]:
    """The valid values a data field lists."""
    found = document.fields.get(name or "")
    items = [] if found is None else children(found, "Value")
    return tuple(scalar(item.get("value", ""), data_type) for item in items if item.get("property", "valid") == "valid")


def _scored(model: etree._Element) -> list[str]:
    """Class labels that the model's own elements name, where the dictionary lists none."""
    found: dict[str, None] = {}
    for item in every(model, "RegressionTable", "ScoreDistribution", "Node"):
        name = {"RegressionTable": "targetCategory", "ScoreDistribution": "value", "Node": "score"}.get(local(item))
        value = item.get(name) if name else None
        if value is not None:
            found[value] = None
    return list(found)


def gives_probabilities(model: etree._Element) -> bool:
    """Whether the classifier gives a probability for each class without being asked in `Output`."""
    kind = local(model)
    if kind in ("RegressionModel", "GeneralRegressionModel", "NaiveBayesModel", "NeuralNetwork"):
        return True
    if kind == "TreeModel":
        return any(True for _ in every(model, "ScoreDistribution"))
    segmentation = child(model, "Segmentation") if kind == "MiningModel" else None
    if segmentation is None:
        return False
    method = segmentation.get("multipleModelMethod", "")
    if method in ("majorityVote", "weightedMajorityVote"):
        return True
    last = [item for segment in children(segmentation, "Segment") for item in segment if local(item) in MODELS]
    inner = {"average": last[:1], "weightedAverage": last[:1], "modelChain": last[-1:]}.get(method, [])
    return bool(inner) and all(gives_probabilities(item) for item in inner)


def _clustering(model: etree._Element, fields: dict[str, etree._Element]) -> Plan:
    column = Column("cluster", pa.int64() if _numbered(model) else pa.string())
    field = "cluster" if "cluster" in fields else _predicted(fields, "cluster", None)
    add = {"optype": "categorical", "dataType": "string", "feature": "predictedValue"}
    return Plan((_result(column, field, add, model),), Task.CLUSTERING)


def _numbered(model: etree._Element) -> bool:
    """Whether clusters are called by whole numbers; without an `id` a cluster is called by its place, from 1."""
    names = [item.get("id") for item in model.iter() if local(item) == "Cluster"]
    return all(name is None or name.strip().lstrip("-").isdigit() for name in names)


def _regression(document: PmmlDocument, model: etree._Element, fields: dict[str, etree._Element]) -> Plan:
    names = targets(model)
    results = []
    for name in names if len(names) > 1 else (None,):
        column = Column(f"prediction({name})" if name else "prediction", pa.float64())
        add = {"optype": "continuous", "dataType": "double", "feature": "predictedValue"}
        add |= {"targetField": name} if name else {}
        results.append(_result(column, _predicted(fields, column.name, name), add, model))
    used = {result.field for result in results}
    extra = [item for name, item in fields.items() if name not in used and item.get("feature") == "transformedValue"]
    return Plan((*results, *(_extra(item) for item in extra)), Task.REGRESSION)


def _extra(item: etree._Element) -> Result:
    name = item.get("name", "")
    return Result(Column(f"out({name})", arrow_type(item.get("dataType", "double")), nullable=True), name)


def augmented(document: PmmlDocument, results: Iterable[Result]) -> bytes:
    """The document with the output fields that these results add; its own bytes if there are none."""
    additions = [result for result in results if result.add is not None]
    if not additions:
        return document.data
    root = etree.fromstring(etree.tostring(document.root))
    model = next(item for item in root if local(item) in MODELS and item.get("isScorable", "true") == "true")
    output = child(model, "Output")
    if output is None:
        schema = child(model, "MiningSchema")
        output = etree.Element(model.tag.replace(local(model), "Output"))
        model.insert(0 if schema is None else model.index(schema) + 1, output)
    for result in additions:
        etree.SubElement(output, model.tag.replace(local(model), "OutputField"), dict(result.add or ()))
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")
