"""Targets, Output and ModelVerification. https://dmg.org/pmml/v4-4-1/Targets.html, …/Output.html"""

from dataclasses import dataclass
from typing import Literal

from modelport_pmml.reader.element import Element, Expression
from modelport_pmml.reader.elements.dictionary import DataType, OpType
from modelport_pmml.reader.elements.transformations import InlineTable


@dataclass(frozen=True, kw_only=True)
class TargetValue(Element):
    value: str | None = None
    display_value: str | None = None
    prior_probability: float | None = None
    default_value: float | None = None


@dataclass(frozen=True, kw_only=True)
class Target(Element):
    field: str | None = None
    optype: OpType | None = None
    cast_integer: Literal["round", "ceiling", "floor"] | None = None
    min: float | None = None
    max: float | None = None
    rescale_constant: float = 0.0
    rescale_factor: float = 1.0
    values: tuple[TargetValue, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Targets(Element):
    targets: tuple[Target, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Decision(Element):
    value: str
    display_value: str | None = None
    description: str | None = None


@dataclass(frozen=True, kw_only=True)
class Decisions(Element):
    business_problem: str | None = None
    description: str | None = None
    decisions: tuple[Decision, ...] = ()


@dataclass(frozen=True, kw_only=True)
class OutputField(Element):
    name: str
    display_name: str | None = None
    optype: OpType | None = None
    data_type: DataType | None = None
    target_field: str | None = None
    feature: str = "predictedValue"
    value: str | None = None
    rule_feature: str | None = None
    algorithm: str | None = None
    rank: int = 1
    rank_basis: str | None = None
    rank_order: str | None = None
    is_multi_valued: str | None = None
    segment_id: str | None = None
    is_final_result: bool = True
    report_field: str | None = None
    decisions: Decisions | None = None
    expression: Expression | None = None


@dataclass(frozen=True, kw_only=True)
class Output(Element):
    fields: tuple[OutputField, ...] = ()


@dataclass(frozen=True, kw_only=True)
class VerificationField(Element):
    field: str
    column: str | None = None
    precision: float = 1e-6
    zero_threshold: float = 1e-16


@dataclass(frozen=True, kw_only=True)
class VerificationFields(Element):
    fields: tuple[VerificationField, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ModelVerification(Element):
    record_count: int | None = None
    field_count: int | None = None
    fields: VerificationFields | None = None
    table: InlineTable | None = None
