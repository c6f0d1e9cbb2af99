"""The elements every document has: dictionary, mining schemas, output fields."""

from collections.abc import Container, Iterable, Sequence

from modelport._version import __version__
from modelport.signature import Category, Column, label_text
from modelport_pmml.from_columnar.markup import NAMESPACE, Piece, number, tag
from modelport_pmml.types import pmml_type

Target = tuple[str, str, Sequence[Category]]
"""Name, data type and classes (none for a number) of a target."""


def document(dictionary: str, model: Sequence[Piece], golden: str) -> list[Piece]:
    """A whole document in pieces, the golden rows as the last child of its model."""
    header = tag("Header", (), tag("Application", [("name", "modelport"), ("version", __version__)]))
    opened = f'<?xml version="1.0" encoding="UTF-8"?>\n<PMML xmlns="{NAMESPACE}" version="4.4">\n'
    *before, last = model
    last = last if isinstance(last, str) else last()
    end = last.rindex("</")
    return [f"{opened}{header}\n{dictionary}\n", *before, f"{last[:end]}{golden}{last[end:]}\n</PMML>\n"]


def data_dictionary(columns: Iterable[Column], target: Target | None) -> str:
    """Fields of the inputs and of the target, with the values they are known to take."""
    fields = [data_field(column.name, pmml_type(column.type), column.categories or ()) for column in columns]
    if target is not None:
        name, data_type, classes = target
        fields.append(data_field(name, data_type, classes))
    return tag("DataDictionary", [("numberOfFields", len(fields))], fields)


def data_field(name: str, data_type: str, values: Sequence[Category]) -> str:
    categorical = bool(values) or data_type in ("string", "boolean")
    attributes = [("name", name), ("optype", "categorical" if categorical else "continuous"), ("dataType", data_type)]
    return tag("DataField", attributes, [tag("Value", [("value", value_text(value))]) for value in values])


def value_text(value: Category) -> str:
    """A class or category as attributes hold it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return number(value) if isinstance(value, float) else label_text(value)


def mining_schema(columns: Iterable[Column], target: str | None, strict: Container[str] = ()) -> str:
    """Every input, used or not; what must not be missing is said to.

    Values that are not listed are taken as they are, but for those of `strict` inputs, which the original refuses.
    """
    fields = []
    for column in columns:
        treatment = None if column.nullable else "returnInvalid"
        unknown = "asIs" if column.categories and column.name not in strict else None
        fields.append(
            tag(
                "MiningField",
                [("name", column.name), ("invalidValueTreatment", unknown), ("missingValueTreatment", treatment)],
            )
        )
    if target is not None:
        fields.append(tag("MiningField", [("name", target), ("usageType", "target")]))
    return tag("MiningSchema", (), fields)


def inner_schema(names: Iterable[str], target: str | None = None) -> str:
    """The mining schema of a segment."""
    fields = [tag("MiningField", [("name", name)]) for name in names]
    if target is not None:
        fields.append(tag("MiningField", [("name", target), ("usageType", "target")]))
    return tag("MiningSchema", (), fields)


def local_fields(fields: Iterable[str]) -> str:
    """Derived fields of a model; nothing where there are none."""
    joined = "".join(fields)
    return tag("LocalTransformations", (), joined) if joined else ""


def output_field(
    name: str, data_type: str, feature: str, *, value: str | None = None, written: str = "", final: bool = True
) -> str:
    """One output field; `written` is the expression of a transformed value."""
    kind = "continuous" if data_type in ("double", "float") else "categorical"
    attributes = [("name", name), ("optype", kind), ("dataType", data_type), ("feature", feature), ("value", value)]
    return tag("OutputField", [*attributes, ("isFinalResult", None if final else "false")], written)
