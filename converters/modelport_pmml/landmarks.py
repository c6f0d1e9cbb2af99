"""Values of the input fields at which a document's function may jump: splits, bin edges, categories, norms."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping

from lxml import etree

from modelport.errors import InputError
from modelport.runtimes import Landmarks
from modelport.signature import Category
from modelport_pmml.document import PmmlDocument
from modelport_pmml.safe_xml import child, children, local
from modelport_pmml.types import scalar

Found = Iterator[tuple[str, str]]


def landmarks(document: PmmlDocument) -> Landmarks:
    """Field → values, for input fields; a derived field that only renames or casts one counts as that one."""
    names = {name: item.get("dataType") for name, item in document.fields.items()}
    aliases = _aliases(document)
    found: dict[str, dict[Category, None]] = defaultdict(dict)
    for item in document.root.iter():
        read = _READERS.get(local(item))
        for field, text in read(item) if read else ():
            home = aliases.get(field, field)
            if home in names:
                _keep(found[home], text, names[home])
    return {field: tuple(values) for field, values in found.items()}


def _keep(values: dict[Category, None], text: str, data_type: str | None) -> None:
    try:
        values[scalar(text, "double" if data_type == "integer" else data_type)] = None
    except InputError:
        return  # a split on an integer field may be a fraction; on other types, text that is no value cannot match


def _aliases(document: PmmlDocument) -> Mapping[str, str]:
    direct: dict[str, str] = {}
    for item in document.root.iter():
        if local(item) == "DerivedField":
            inner = child(item, "FieldRef")
            if inner is not None:
                direct[item.get("name", "")] = inner.get("field", "")
    return {name: _end(name, direct) for name in direct}


def _end(name: str, direct: Mapping[str, str]) -> str:
    seen = set()
    while name in direct and name not in seen:
        seen.add(name)
        name = direct[name]
    return name


def _predicate(item: etree._Element) -> Found:
    if item.get("value") is not None:
        yield item.get("field", ""), item.get("value", "")


def _set(item: etree._Element) -> Found:
    array = child(item, "Array")
    for text in array_values(array) if array is not None else ():
        yield item.get("field", ""), text


def _discretize(item: etree._Element) -> Found:
    for bucket in children(item, "DiscretizeBin"):
        for interval in children(bucket, "Interval"):
            for margin in ("leftMargin", "rightMargin"):
                if interval.get(margin) is not None:
                    yield item.get("field", ""), interval.get(margin, "")


def _norm(item: etree._Element) -> Found:
    for point in children(item, "LinearNorm"):
        yield item.get("field", ""), point.get("orig", "")


def _indicator(item: etree._Element) -> Found:
    yield item.get("field", ""), item.get("value", "")


def _data_field(item: etree._Element) -> Found:
    for value in children(item, "Value"):
        yield item.get("name", ""), value.get("value", "")


def _categorical(item: etree._Element) -> Found:
    yield item.get("name", ""), item.get("value", "")


_READERS: Mapping[str, Callable[[etree._Element], Found]] = {
    "SimplePredicate": _predicate,
    "SimpleSetPredicate": _set,
    "Discretize": _discretize,
    "NormContinuous": _norm,
    "NormDiscrete": _indicator,
    "DataField": _data_field,
    "CategoricalPredictor": _categorical,
}


def array_values(array: etree._Element) -> list[str]:
    """Elements of an `Array`: separated by blanks, those with blanks in double quotes, `\\"` a quote inside them."""
    values, current, quoted, escaped, started = [], [], False, False, False
    for char in array.text or "":
        if escaped:
            current.append(char)
            escaped = False
        elif char == "\\" and quoted:
            escaped = True
        elif char == '"':
            quoted, started = not quoted, True
        elif char.isspace() and not quoted:
            if started:
                values.append("".join(current))
            current, started = [], False
        else:
            current.append(char)
            started = True
    return [*values, "".join(current)] if started else values
