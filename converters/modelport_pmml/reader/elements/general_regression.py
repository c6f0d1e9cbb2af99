"""GeneralRegressionModel. https://dmg.org/pmml/v4-4-1/GeneralRegression.html"""

from dataclasses import dataclass
from typing import Literal

from modelport_pmml.reader.element import Element, attribute
from modelport_pmml.reader.elements.arrays import Matrix
from modelport_pmml.reader.elements.model import Model
from modelport_pmml.reader.elements.predicates import Array

Link = Literal["cloglog", "identity", "log", "logc", "logit", "loglog", "negbin", "oddspower", "power", "probit"]
CumulativeLink = Literal["logit", "probit", "cloglog", "loglog", "cauchit"]


@dataclass(frozen=True, kw_only=True)
class Parameter(Element):
    name: str
    label: str | None = None
    reference_point: float = 0.0


@dataclass(frozen=True, kw_only=True)
class ParameterList(Element):
    parameters: tuple[Parameter, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Categories(Element):
    categories: tuple["Category", ...] = ()


@dataclass(frozen=True, kw_only=True)
class Category(Element):
    value: str


@dataclass(frozen=True, kw_only=True)
class Predictor(Element):
    name: str
    contrast_matrix_type: str | None = None
    categories: Categories | None = None
    matrix: Matrix | None = None


@dataclass(frozen=True, kw_only=True)
class FactorList(Element):
    predictors: tuple[Predictor, ...] = ()


@dataclass(frozen=True, kw_only=True)
class CovariateList(Element):
    predictors: tuple[Predictor, ...] = ()


@dataclass(frozen=True, kw_only=True)
class PPCell(Element):
    value: str
    predictor_name: str
    parameter_name: str
    target_category: str | None = None


@dataclass(frozen=True, kw_only=True)
class PPMatrix(Element):
    cells: tuple[PPCell, ...] = ()


@dataclass(frozen=True, kw_only=True)
class PCovCell(Element):
    pass


@dataclass(frozen=True, kw_only=True)
class PCovMatrix(Element):
    """Covariances of the parameters; no answer depends on them."""

    cells: tuple[PCovCell, ...] = ()


@dataclass(frozen=True, kw_only=True)
class PCell(Element):
    target_category: str | None = None
    parameter_name: str
    beta: float
    df: float | None = None


@dataclass(frozen=True, kw_only=True)
class ParamMatrix(Element):
    cells: tuple[PCell, ...] = ()


@dataclass(frozen=True, kw_only=True)
class EventValues(Element):
    array: Array | None = None


@dataclass(frozen=True, kw_only=True)
class BaselineCell(Element):
    time: float
    cum_hazard: float


@dataclass(frozen=True, kw_only=True)
class BaselineStratum(Element):
    value: str
    label: str | None = None
    max_time: float
    cells: tuple[BaselineCell, ...] = ()


@dataclass(frozen=True, kw_only=True)
class BaseCumHazardTables(Element):
    max_time: float | None = None
    strata: tuple[BaselineStratum, ...] = ()
    cells: tuple[BaselineCell, ...] = ()


@dataclass(frozen=True, kw_only=True)
class GeneralRegressionModel(Model):
    target_variable_name: str | None = None
    model_type: Literal[
        "regression", "generalLinear", "multinomialLogistic", "ordinalMultinomial", "generalizedLinear", "CoxRegression"
    ]
    target_reference_category: str | None = None
    cumulative_link: CumulativeLink | None = None
    link_function: Link | None = None
    link_parameter: float | None = None
    trials_variable: str | None = None
    trials_value: float | None = None
    distribution: str | None = None
    dist_parameter: float | None = None
    offset_variable: str | None = None
    offset_value: float | None = None
    model_df: float | None = attribute("modelDF")
    end_time_variable: str | None = None
    start_time_variable: str | None = None
    subject_id_variable: str | None = attribute("subjectIDVariable")
    status_variable: str | None = None
    baseline_strata_variable: str | None = None
    parameter_list: ParameterList | None = None
    factor_list: FactorList | None = None
    covariate_list: CovariateList | None = None
    pp_matrix: PPMatrix | None = None
    p_cov_matrix: PCovMatrix | None = None
    param_matrix: ParamMatrix | None = None
    event_values: EventValues | None = None
    hazard: BaseCumHazardTables | None = None
