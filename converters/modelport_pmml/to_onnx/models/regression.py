"""RegressionModel. https://dmg.org/pmml/v4-4-1/Regression.html"""

import numpy as np
import spox.opset.ai.onnx.v21 as op
from spox import Var

from modelport_pmml.reader.elements.regression import PredictorTerm, RegressionModel, RegressionTable
from modelport_pmml.to_onnx.functions.statistics import beside
from modelport_pmml.to_onnx.linkage import inverse_link
from modelport_pmml.to_onnx.predicates import compare
from modelport_pmml.to_onnx.prediction import Prediction, classified, regressed
from modelport_pmml.to_onnx.scope import Scope
from modelport_pmml.to_onnx.value import Value, any_invalid, constant, either, float32


def lower(model: RegressionModel, scope: Scope) -> Prediction:
    """A missing numeric predictor leaves no result, a missing categorical one counts nothing."""
    if not model.tables:
        raise model.bad("a RegressionModel needs a RegressionTable")
    parts = [_table(table, scope) for table in model.tables]
    invalid = either(*(part[2] for part in parts))
    nullable = any(part[1] for part in parts)
    if model.function_name == "regression":
        return _regression(model, scope, parts[0][0], nullable, invalid)
    if model.function_name != "classification":
        raise model.bad(f"a RegressionModel has no function {model.function_name!r}")
    classes = _classes(model)
    scores = _probabilities(model, scope, [part[0] for part in parts])
    return classified(model, scope, classes, scores, nullable=nullable, invalid=invalid)


def _regression(model: RegressionModel, scope: Scope, data: Var, nullable: bool, invalid: Var | None) -> Prediction:
    if len(model.tables) != 1:
        raise model.bad("a regression has one RegressionTable")
    method = model.normalization_method
    if method == "simplemax":
        raise model.bad("the normalization simplemax belongs to classification")
    data = inverse_link("logit" if method == "softmax" else method, data)
    data = float32(data) if scope.float_math else data
    return regressed(model, scope, data, nullable=nullable, invalid=invalid)


def _classes(model: RegressionModel) -> tuple[str, ...]:
    if len(model.tables) < 2:
        raise model.bad("a classification has two or more RegressionTables")
    found = [table.target_category for table in model.tables]
    if None in found or len(set(found)) < len(found):
        raise model.bad("each RegressionTable of a classification needs a targetCategory of its own")
    return tuple(item for item in found if item is not None)


def _table(table: RegressionTable, scope: Scope) -> tuple[Var, bool, Var | None]:
    """The sum [N, 1], whether it may be missing, and where it is invalid."""
    sums, fields = [], []
    numeric = [(item, scope.resolve(item.name, item)) for item in table.numeric]
    for item, value in numeric:
        if value.is_text:
            raise item.bad(f"the numeric predictor {item.name!r} is text")
    fields += [value for _, value in numeric]
    if numeric:
        powers = [_power(value.data, item.exponent) for item, value in numeric]
        weights = np.array([[item.coefficient] for item, _ in numeric])
        sums.append(op.matmul(beside(powers), op.const(weights)))
    listed = _categorical(table, scope)
    sums += [data for data, _ in listed]
    terms = [_term(item, scope) for item in table.terms]
    sums += [data for data, _ in terms]
    fields += [value for _, values in terms for value in values]
    total: Var = constant(table.intercept)
    for part in sums:
        total = op.add(total, part)
    nullable = any(value.nullable for value in fields)
    return total, nullable, either(any_invalid(fields), *(value.invalid for _, value in listed))


def _power(data: Var, exponent: int) -> Var:
    if exponent == 1:
        return data
    return op.mul(data, data) if exponent == 2 else op.pow(data, constant(float(exponent)))


def _categorical(table: RegressionTable, scope: Scope) -> list[tuple[Var, Value]]:
    """For each field, the coefficient of the first predictor that names its value."""
    groups: dict[str, list[tuple[str, float]]] = {}
    for item in table.categorical:
        groups.setdefault(item.name, []).append((item.value, item.coefficient))
    found = []
    for name, listed in groups.items():
        value = scope.resolve(name, table)
        if value.is_text and (value.raw is None or {word for word, _ in listed} <= set(value.words or ())):
            at: dict[str, float] = {}
            for word, coefficient in listed:
                at.setdefault(word, coefficient)
            cells = [*(at.get(word, 0.0) for word in value.words or ()), 0.0, 0.0]
            data = op.gather(op.const(np.array(cells, np.float64)), value.data)
        else:
            data = constant(0.0)
            for word, coefficient in reversed(listed):
                hit = compare(value, "equal", word, table)
                data = op.where(hit, constant(coefficient), data)
        found.append((data, value))
    return found


def _term(term: PredictorTerm, scope: Scope) -> tuple[Var, list[Value]]:
    """The product of several fields."""
    from modelport_pmml.to_onnx.expression import evaluate

    values = [evaluate(item, scope) for item in term.fields]
    if not values:
        raise term.bad("a PredictorTerm needs a FieldRef")
    data: Var = constant(term.coefficient)
    for value in values:
        if value.is_text:
            raise term.bad("a PredictorTerm multiplies numbers, and a field is text")
        data = op.mul(data, value.data)
    return data, values


def _probabilities(model: RegressionModel, scope: Scope, scores: list[Var]) -> Var:
    """[N, K], by the model's normalization, for categorical or ordinal targets (JPMML's RegressionModelUtil)."""
    method, optype = model.normalization_method, _optype(scope)
    if method == "exp":
        raise model.bad("the normalization exp belongs to regression")
    if optype == "ordinal":
        return _ordinal(model, scores)
    if method in ("softmax", "simplemax") or (method == "logit" and len(scores) > 2):
        if len(scores) == 2 and method == "softmax" and _is_default(model.tables[1]):
            return _binary("logit", scores)
        if method == "logit":
            raise model.refuse("evaluators do not agree on logit with more than two classes", "use softmax")
        return shares(beside(scores), method == "softmax")
    if len(scores) == 2:
        return _binary(method, scores)
    if method != "none":
        raise model.bad(f"the normalization {method} takes two classes, not {len(scores)}")
    head = beside(scores[:-1])
    last = op.sub(constant(1.0), op.reduce_sum(head, op.const(np.array([1], np.int64)), keepdims=1))
    return op.concat([head, last], axis=1)


def _optype(scope: Scope) -> str:
    mining = scope.target()
    field = scope.data_field(mining.name) if mining else None
    return (mining.optype if mining else None) or (field.optype if field else None) or "categorical"


def _is_default(table: RegressionTable) -> bool:
    return not (table.numeric or table.categorical or table.terms or table.intercept)


def _binary(method: str, scores: list[Var]) -> Var:
    """The second probability is what the first leaves."""
    first = clipped(scores[0]) if method == "none" else inverse_link(method, scores[0])
    first = op.add(first, op.mul(scores[1], constant(0.0)))
    return op.concat([first, op.sub(constant(1.0), first)], axis=1)


def clipped(data: Var) -> Var:
    low = op.where(op.less(data, constant(0.0)), constant(0.0), data)
    return op.where(op.greater(low, constant(1.0)), constant(1.0), low)


def _ordinal(model: RegressionModel, scores: list[Var]) -> Var:
    """Cumulative: a class has its own value less the one before."""
    method = model.normalization_method
    if method in ("softmax", "simplemax"):
        raise model.bad(f"the normalization {method} belongs to categorical targets")
    columns, below = [], None
    for score in scores[:-1]:
        upto = clipped(score) if method == "none" else inverse_link(method, score)
        columns.append(upto if below is None else op.sub(upto, below))
        below = upto if below is None else op.add(below, columns[-1])
    assert below is not None, "there are two classes"
    columns.append(op.sub(constant(1.0), below))
    return beside(columns)


def shares(scores: Var, exponential: bool) -> Var:
    """Each row's share of its sum, after exp for softmax (the row's maximum taken off first)."""
    axis = op.const(np.array([1], np.int64))
    if exponential:
        scores = op.exp(op.sub(scores, op.reduce_max(scores, axis, keepdims=1)))
    return op.div(scores, op.reduce_sum(scores, axis, keepdims=1))
