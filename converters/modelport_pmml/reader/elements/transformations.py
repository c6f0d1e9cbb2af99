"""Expressions, derived fields and functions. https://dmg.org/pmml/v4-4-1/Transformations.html, …/Functions.html"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from modelport_pmml.reader.element import Element, Expression, attribute, compact, text
from modelport_pmml.reader.elements.dictionary import DataType, Interval, OpType, Value

Outliers = Literal["asIs", "asMissingValues", "asExtremeValues"]


@dataclass(frozen=True, kw_only=True)
class Constant(Expression):
    data_type: DataType | None = None
    missing: bool = False
    value: str = text()


@dataclass(frozen=True, kw_only=True)
class FieldRef(Expression):
    field: str
    map_missing_to: str | None = None


@dataclass(frozen=True, kw_only=True)
class LinearNorm(Element):
    orig: float
    norm: float


@dataclass(frozen=True, kw_only=True)
class NormContinuous(Expression):
    field: str
    map_missing_to: float | None = None
    outliers: Outliers = "asIs"
    norms: tuple[LinearNorm, ...] = ()


@dataclass(frozen=True, kw_only=True)
class NormDiscrete(Expression):
    field: str
    value: str
    method: Literal["indicator", "thermometer"] = "indicator"
    map_missing_to: float | None = None


@dataclass(frozen=True, kw_only=True)
class DiscretizeBin(Element):
    bin_value: str
    interval: Interval


@dataclass(frozen=True, kw_only=True)
class Discretize(Expression):
    field: str
    map_missing_to: str | None = None
    default_value: str | None = None
    data_type: DataType | None = None
    bins: tuple[DiscretizeBin, ...] = ()


@dataclass(frozen=True, kw_only=True)
class FieldColumnPair(Element):
    field: str
    column: str

    @property
    def cell(self) -> str:
        """The column as rows are keyed: without a namespace's prefix."""
        return unprefixed(self.column)


@dataclass(frozen=True, kw_only=True)
class TableLocator(Element):
    pass


@dataclass(frozen=True, kw_only=True)
class InlineTable(Element):
    """Attributes: rows: one mapping a row, column name (without namespace) → text."""

    rows: tuple[Mapping[str, str], ...] = compact(())


@dataclass(frozen=True, kw_only=True)
class MapValues(Expression):
    output_column: str
    map_missing_to: str | None = None
    default_value: str | None = None
    data_type: DataType | None = None
    pairs: tuple[FieldColumnPair, ...] = ()
    table: InlineTable | None = None
    locator: TableLocator | None = None

    @property
    def output_cell(self) -> str:
        """The output column as rows are keyed: without a namespace's prefix."""
        return unprefixed(self.output_column)


def unprefixed(column: str) -> str:
    """A column's name without the prefix of a namespace (`data:input`), as cells of an InlineTable bear one."""
    return column.rpartition(":")[2]


@dataclass(frozen=True, kw_only=True)
class Apply(Expression):
    function: str
    map_missing_to: str | None = None
    default_value: str | None = None
    invalid_value_treatment: Literal["returnInvalid", "asIs", "asMissing"] = "returnInvalid"
    arguments: tuple[Expression, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Aggregate(Expression):
    field: str
    function: str
    group_field: str | None = None
    sql_where: str | None = None


@dataclass(frozen=True, kw_only=True)
class Lag(Expression):
    field: str
    n: int = 1
    aggregate: str | None = None


@dataclass(frozen=True, kw_only=True)
class TextIndexNormalization(Element):
    in_field: str = "string"
    out_field: str = "stem"
    regex_field: str = "regex"
    recursive: bool = False
    is_case_sensitive: bool | None = None
    max_levenshtein_distance: int | None = None
    word_separator_character_re: str | None = attribute("wordSeparatorCharacterRE")
    tokenize: bool | None = None
    table: InlineTable | None = None
    locator: TableLocator | None = None


@dataclass(frozen=True, kw_only=True)
class TextIndex(Expression):
    text_field: str
    local_term_weights: Literal["termFrequency", "binary", "logarithmic", "augmentedNormalizedTermFrequency"] = (
        "termFrequency"
    )
    is_case_sensitive: bool = False
    max_levenshtein_distance: int = 0
    count_hits: Literal["allHits", "bestHits"] = "allHits"
    word_separator_character_re: str = attribute("wordSeparatorCharacterRE", r"\s+")
    word_re: str | None = attribute("x-wordRE")
    tokenize: bool = True
    normalizations: tuple[TextIndexNormalization, ...] = ()
    term: Expression | None = None


@dataclass(frozen=True, kw_only=True)
class DerivedField(Element):
    """`name` may be absent where the field stands inside the element that uses it."""

    name: str | None = None
    optype: OpType | None = None
    data_type: DataType | None = None
    display_name: str | None = None
    values: tuple[Value, ...] = ()
    intervals: tuple[Interval, ...] = ()
    expression: Expression


@dataclass(frozen=True, kw_only=True)
class ParameterField(Element):
    name: str
    optype: OpType | None = None
    data_type: DataType | None = None
    display_name: str | None = None


@dataclass(frozen=True, kw_only=True)
class DefineFunction(Element):
    name: str
    optype: OpType | None = None
    data_type: DataType | None = None
    parameters: tuple[ParameterField, ...] = ()
    expression: Expression


@dataclass(frozen=True, kw_only=True)
class TransformationDictionary(Element):
    functions: tuple[DefineFunction, ...] = ()
    fields: tuple[DerivedField, ...] = ()


@dataclass(frozen=True, kw_only=True)
class LocalTransformations(Element):
    fields: tuple[DerivedField, ...] = ()
