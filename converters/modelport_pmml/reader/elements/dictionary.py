"""Data dictionary and mining schema. https://dmg.org/pmml/v4-4-1/DataDictionary.html, …/MiningSchema.html"""

from dataclasses import dataclass
from typing import Literal

from modelport_pmml.reader.element import Element

OpType = Literal["categorical", "ordinal", "continuous"]
DataType = Literal[
    "string", "integer", "float", "double", "boolean", "date", "time", "dateTime",
    "dateDaysSince[0]", "dateDaysSince[1960]", "dateDaysSince[1970]", "dateDaysSince[1980]",
    "timeSeconds", "dateTimeSecondsSince[0]", "dateTimeSecondsSince[1960]", "dateTimeSecondsSince[1970]",
    "dateTimeSecondsSince[1980]",
]  # fmt: skip
Closure = Literal["openClosed", "openOpen", "closedOpen", "closedClosed"]


@dataclass(frozen=True, kw_only=True)
class Interval(Element):
    closure: Closure
    left_margin: float | None = None
    right_margin: float | None = None


@dataclass(frozen=True, kw_only=True)
class Value(Element):
    value: str
    display_value: str | None = None
    property: Literal["valid", "invalid", "missing"] = "valid"


@dataclass(frozen=True, kw_only=True)
class DataField(Element):
    name: str
    optype: OpType | None = None
    data_type: DataType | None = None
    display_name: str | None = None
    is_cyclic: str | None = None
    taxonomy: str | None = None
    intervals: tuple[Interval, ...] = ()
    values: tuple[Value, ...] = ()

    @property
    def valid(self) -> tuple[str, ...]:
        """The listed valid values, in order; empty where any value is valid."""
        return tuple(item.value for item in self.values if item.property == "valid")


@dataclass(frozen=True, kw_only=True)
class DataDictionary(Element):
    number_of_fields: int | None = None
    fields: tuple[DataField, ...] = ()


@dataclass(frozen=True, kw_only=True)
class MiningField(Element):
    name: str
    usage_type: Literal[
        "active", "predicted", "target", "supplementary", "group", "order", "frequencyWeight", "analysisWeight"
    ] = "active"
    optype: OpType | None = None
    importance: float | None = None
    outliers: Literal["asIs", "asMissingValues", "asExtremeValues"] = "asIs"
    low_value: float | None = None
    high_value: float | None = None
    missing_value_replacement: str | None = None
    missing_value_treatment: (
        Literal["asIs", "asMean", "asMode", "asMedian", "asValue", "returnInvalid", "returnUnknown"] | None
    ) = None
    invalid_value_treatment: Literal["returnInvalid", "asIs", "asMissing", "asValue"] = "returnInvalid"
    invalid_value_replacement: str | None = None


@dataclass(frozen=True, kw_only=True)
class MiningSchema(Element):
    fields: tuple[MiningField, ...] = ()
