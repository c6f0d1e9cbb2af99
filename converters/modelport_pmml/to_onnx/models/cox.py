"""Cox regression: cumulative hazard. https://dmg.org/pmml/v4-4-1/GeneralRegression.html#xsdElement_BaseCumHazardTables"""

from collections.abc import Sequence

import numpy as np
from spox import Var

from modelport_onnx.ops import op
from modelport_pmml.reader.elements.general_regression import BaselineCell, GeneralRegressionModel, PCell
from modelport_pmml.to_onnx.predicates import compare
from modelport_pmml.to_onnx.prediction import Prediction, regressed
from modelport_pmml.to_onnx.scope import Scope
from modelport_pmml.to_onnx.value import NAN, Value, constant, either, flag, is_missing


def hazard(
    model: GeneralRegressionModel, scope: Scope, data: Var, cells: Sequence[PCell], invalid: Var | None
) -> Prediction:
    """`exp(r - s)` times the baseline's hazard at the end time; 0 before it begins, missing after it ends.

    The stratum is looked at first, then the end time, then the predictors, each only where the row gets there
    (JPMML 1.7): a stratum that is not listed and a time outside the baseline leave nothing to look at.
    """
    if model.end_time_variable is None or model.hazard is None:
        raise model.bad("a CoxRegression needs an endTimeVariable and BaseCumHazardTables")
    time = scope.resolve(model.end_time_variable, model)
    if time.is_text:
        raise model.bad(f"the end time {model.end_time_variable!r} is text")
    risk = op.exp(op.sub(data, constant(_reference(model, cells))))
    if model.baseline_strata_variable is None:
        begin, end = _span(model, model.hazard.cells, model.hazard.max_time)
        found, wrong, listed = _during(model, model.hazard.cells, time.data, risk), None, flag(True)
    else:
        found, begin, end, wrong, listed = _by_stratum(model, scope, time, risk, model.baseline_strata_variable)
    within = op.and_(op.greater_or_equal(time.data, begin), op.less_or_equal(time.data, end))
    found = op.where(op.less(time.data, begin), constant(0.0), op.where(within, found, constant(NAN)))
    late = either(time.invalid, is_missing(time))
    late = None if late is None else op.and_(late, listed)
    waiting = None if invalid is None else op.and_(invalid, op.and_(within, listed))
    return regressed(model, scope, found, nullable=True, invalid=either(wrong, late, waiting))


def _reference(model: GeneralRegressionModel, cells: Sequence[PCell]) -> float:
    points = {
        item.name: item.reference_point for item in (model.parameter_list.parameters if model.parameter_list else ())
    }
    if any(cell.parameter_name not in points for cell in cells):
        raise model.bad("a parameter of the CoxRegression has no reference point")
    return sum(cell.beta * points[cell.parameter_name] for cell in cells)


def _by_stratum(
    model: GeneralRegressionModel, scope: Scope, time: Value, risk: Var, name: str
) -> tuple[Var, Var, Var, Var | None, Var]:
    """The hazard, where its baseline begins and ends (NaN for none), where the stratum is no value, where listed."""
    assert model.hazard is not None, "checked by the caller"
    stratum = scope.resolve(name, model)
    found, begin, end, listed = constant(NAN), constant(NAN), constant(NAN), flag(False)
    for item in model.hazard.strata:
        first, last = _span(model, item.cells, item.max_time)
        own = compare(stratum, "equal", item.value, item)
        found = op.where(own, _during(model, item.cells, time.data, risk), found)
        begin, end = op.where(own, first, begin), op.where(own, last, end)
        listed = op.or_(listed, own)
    return found, begin, end, either(stratum.invalid, is_missing(stratum)), listed


def _span(model: GeneralRegressionModel, cells: Sequence[BaselineCell], end: float | None) -> tuple[Var, Var]:
    if not cells or end is None:
        raise model.bad("a baseline needs cells and a maxTime")
    return constant(min(cell.time for cell in cells)), constant(end)


def _during(model: GeneralRegressionModel, cells: Sequence[BaselineCell], time: Var, risk: Var) -> Var:
    """The risk times the hazard of the last cell that is not later."""
    ordered = sorted(cells, key=lambda cell: cell.time)
    times = np.array([[cell.time for cell in ordered]])
    hazards = np.array([ordered[0].cum_hazard, *(cell.cum_hazard for cell in ordered)])
    passed = op.cast(op.greater_or_equal(time, op.const(times)), to=np.int64)
    at = op.reduce_sum(passed, op.const(np.array([1], np.int64)), keepdims=1)
    return op.mul(risk, op.gather(op.const(hazards), at))
