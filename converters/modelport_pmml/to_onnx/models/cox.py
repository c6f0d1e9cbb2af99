"""Cox regression: cumulative hazard. https://dmg.org/pmml/v4-4-1/GeneralRegression.html#xsdElement_BaseCumHazardTables"""

from collections.abc import Sequence

import numpy as np
import spox.opset.ai.onnx.v21 as op
from spox import Var

from modelport_pmml.reader.elements.general_regression import BaselineCell, GeneralRegressionModel, PCell
from modelport_pmml.to_onnx.predicates import compare
from modelport_pmml.to_onnx.prediction import Prediction, regressed
from modelport_pmml.to_onnx.scope import Scope
from modelport_pmml.to_onnx.value import NAN, constant, either, is_missing


def hazard(
    model: GeneralRegressionModel, scope: Scope, data: Var, cells: Sequence[PCell], invalid: Var | None
) -> Prediction:
    """`exp(r - s)` times the baseline's hazard at the end time; 0 before it begins, missing after it ends.

    Before the baseline begins, no predictor is looked at (JPMML 1.7).
    """
    if model.end_time_variable is None or model.hazard is None:
        raise model.bad("a CoxRegression needs an endTimeVariable and BaseCumHazardTables")
    time = scope.resolve(model.end_time_variable, model)
    if time.is_text:
        raise model.bad(f"the end time {model.end_time_variable!r} is text")
    waiting = invalid
    invalid = either(time.invalid, is_missing(time))
    points = {
        item.name: item.reference_point for item in (model.parameter_list.parameters if model.parameter_list else ())
    }
    if any(cell.parameter_name not in points for cell in cells):
        raise model.bad("a parameter of the CoxRegression has no reference point")
    reference = sum(cell.beta * points[cell.parameter_name] for cell in cells)
    risk = op.exp(op.sub(data, constant(reference)))
    if model.baseline_strata_variable is None:
        base = _baseline(model, model.hazard.cells, model.hazard.max_time, time.data)
        begin = constant(min((cell.time for cell in model.hazard.cells), default=0.0))
        found = _before(op.mul(risk, base), time.data, begin)
    else:
        stratum = scope.resolve(model.baseline_strata_variable, model)
        invalid = either(invalid, stratum.invalid, is_missing(stratum))
        found, begin = constant(NAN), constant(float("inf"))
        for item in model.hazard.strata:
            base = _baseline(model, item.cells, item.max_time, time.data)
            first = constant(min(cell.time for cell in item.cells))
            own = compare(stratum, "equal", item.value, item)
            found = op.where(own, _before(op.mul(risk, base), time.data, first), found)
            begin = op.where(own, first, begin)
    if waiting is not None:
        invalid = either(invalid, op.and_(waiting, op.greater_or_equal(time.data, begin)))
    return regressed(model, scope, found, nullable=True, invalid=invalid)


def _baseline(model: GeneralRegressionModel, cells: Sequence[BaselineCell], end: float | None, time: Var) -> Var:
    """The hazard of the last cell that is not later, NaN after the end."""
    if not cells or end is None:
        raise model.bad("a baseline needs cells and a maxTime")
    ordered = sorted(cells, key=lambda cell: cell.time)
    times = np.array([[cell.time for cell in ordered]])
    hazards = np.array([ordered[0].cum_hazard, *(cell.cum_hazard for cell in ordered)])
    passed = op.cast(op.greater_or_equal(time, op.const(times)), to=np.int64)
    at = op.reduce_sum(passed, op.const(np.array([1], np.int64)), keepdims=1)
    return op.where(op.greater(time, constant(end)), constant(NAN), op.gather(op.const(hazards), at))


def _before(data: Var, time: Var, begin: Var) -> Var:
    return op.where(op.less(time, begin), constant(0.0), data)
