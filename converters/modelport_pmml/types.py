"""PMML data types and Arrow's; and values in a document's text as Python scalars."""

from collections.abc import Mapping

import pyarrow as pa

from modelport.errors import InputError
from modelport.signature import Category

ARROW: Mapping[str, pa.DataType] = {
    "string": pa.string(),
    "integer": pa.int64(),
    "float": pa.float32(),
    "double": pa.float64(),
    "boolean": pa.bool_(),
}
"""PMML `dataType` → column type. Dates and times travel as the ISO 8601 text that PMML itself uses."""


def arrow_type(data_type: str | None) -> pa.DataType:
    """The column type of a PMML data type."""
    return ARROW.get(data_type or "", pa.string())


def pmml_type(kind: pa.DataType) -> str:
    """The PMML data type of a column type."""
    if pa.types.is_boolean(kind):
        return "boolean"
    if pa.types.is_integer(kind):
        return "integer"
    if pa.types.is_float32(kind):
        return "float"
    return "double" if pa.types.is_floating(kind) else "string"


def scalar(text: str, data_type: str | None) -> Category:
    """A value as it stands in an attribute, in its own type.

    Raises:
        InputError: the text is no value of that type.
    """
    try:
        if data_type == "integer":
            return int(float(text)) if "." in text or "e" in text.lower() else int(text)
        if data_type in ("double", "float"):
            return float(text)
        if data_type == "boolean":
            return {"true": True, "1": True, "false": False, "0": False}[text.strip().lower()]
    except (ValueError, KeyError) as error:
        raise InputError(f"{text!r} is no value of the PMML type {data_type}") from error
    return text
