"""RegressionModel. https://dmg.org/pmml/v4-4-1/Regression.html"""

from dataclasses import dataclass
from typing import Literal

from modelport_pmml.reader.element import Element, attribute
from modelport_pmml.reader.elements.model import Model
from modelport_pmml.reader.elements.transformations import FieldRef

Normalization = Literal["none", "simplemax", "softmax", "logit", "probit", "cloglog", "exp", "loglog", "cauchit"]


@dataclass(frozen=True, kw_only=True)
class NumericPredictor(Element):
    name: str
    exponent: int = 1
    coefficient: float


@dataclass(frozen=True, kw_only=True)
class CategoricalPredictor(Element):
    name: str
    value: str
    coefficient: float


@dataclass(frozen=True, kw_only=True)
class PredictorTerm(Element):
    name: str | None = None
    coefficient: float
    fields: tuple[FieldRef, ...] = ()


@dataclass(frozen=True, kw_only=True)
class RegressionTable(Element):
    intercept: float = 0.0
    target_category: str | None = None
    target_field: str | None = attribute("x-targetField")
    numeric: tuple[NumericPredictor, ...] = ()
    categorical: tuple[CategoricalPredictor, ...] = ()
    terms: tuple[PredictorTerm, ...] = ()


@dataclass(frozen=True, kw_only=True)
class RegressionModel(Model):
    model_type: str | None = None
    target_field_name: str | None = None
    normalization_method: Normalization = "none"
    tables: tuple[RegressionTable, ...] = ()
