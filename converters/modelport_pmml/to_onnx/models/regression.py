"""RegressionModel. https://dmg.org/pmml/v4-4-1/Regression.html"""

import itertools

import numpy as np
from spox import Var

from modelport_onnx.ops import op
from modelport_pmml.reader.elements.regression import PredictorTerm, RegressionModel, RegressionTable
from modelport_pmml.to_onnx import single
from modelport_pmml.to_onnx.functions.statistics import beside
from modelport_pmml.to_onnx.linkage import inverse_link
from modelport_pmml.to_onnx.predicates import compare
from modelport_pmml.to_onnx.prediction import Prediction, classified, regressed
from modelport_pmml.to_onnx.scope import Scope
from modelport_pmml.to_onnx.value import Value, constant, either, float32, in_turn


def lower(model: RegressionModel, scope: Scope) -> Prediction:
    """A missing numeric predictor leaves no result, a missing categorical one counts nothing."""
    if not model.tables:
        raise model.bad("a RegressionModel needs a RegressionTable")
    if any(table.target_field is not None for table in model.tables):
        raise model.refuse("regression tables of several targets (x-targetField)", "convert one target at a time")
    parts = [_table(table, scope) for table in model.tables]
    gone, invalid = in_turn(item for part in parts for item in part[1])
    if model.function_name == "regression":
        return _regression(model, scope, parts[0][0], gone, invalid)
    if model.function_name != "classification":
        raise model.bad(f"a RegressionModel has no function {model.function_name!r}")
    classes = _classes(model)
    scores, undefined = _probabilities(model, scope, [part[0] for part in parts])
    if undefined is not None and gone is not None:
        undefined = op.and_(undefined, op.not_(gone))
    return classified(model, scope, classes, scores, gone=gone, invalid=either(invalid, undefined))


def _regression(model: RegressionModel, scope: Scope, data: Var, gone: Var | None, invalid: Var | None) -> Prediction:
    if len(model.tables) != 1:
        raise model.bad("a regression has one RegressionTable")
    method = model.normalization_method
    if method == "simplemax":
        raise model.bad("the normalization simplemax belongs to classification")
    data = _linked("logit" if method == "softmax" else method, data, model, scope)
    return regressed(model, scope, data, nullable=gone is not None, invalid=invalid, gone=gone)


def _classes(model: RegressionModel) -> tuple[str, ...]:
    if len(model.tables) < 2:
        raise model.bad("a classification has two or more RegressionTables")
    found = [table.target_category for table in model.tables]
    if None in found or len(set(found)) < len(found):
        raise model.bad("each RegressionTable of a classification needs a targetCategory of its own")
    return tuple(item for item in found if item is not None)


def _linked(method: str, data: Var, model: RegressionModel, scope: Scope) -> Var:
    """The inverse link, in the model's arithmetic."""
    if not scope.float_math:
        return inverse_link(method, data)
    found = single.inverse_link(method, data)
    if found is None:
        raise model.refuse(f"the normalization {method} in float arithmetic, which evaluators do not have")
    return found


def _table(table: RegressionTable, scope: Scope) -> tuple[Var, list[tuple[Value, bool]]]:
    """The sum [N, 1], and the fields it looks at in turn, with whether a missing one leaves no result."""
    sums = []
    numeric = [(item, scope.resolve(item.name, item)) for item in table.numeric]
    for item, value in numeric:
        if value.is_text:
            raise item.bad(f"the numeric predictor {item.name!r} is text")
    fields = [(value, True) for _, value in numeric]
    narrow = scope.float_math
    if numeric and narrow:
        sums += [
            single.product(single.single(item.coefficient), float32(_power(float32(value.data), item.exponent)))
            for item, value in numeric
        ]
    elif numeric:
        powers = [_power(value.data, item.exponent) for item, value in numeric]
        # Only where classes may tie does the last digit of a sum decide anything.
        few = len(numeric) <= FEW and table.target_category is not None
        sums += _weighted(powers, [item.coefficient for item, _ in numeric], one_by_one=few)
    listed = _categorical(table, scope)
    sums += [float32(data) if narrow else data for data, _ in listed]
    terms = [_term(item, scope) for item in table.terms]
    sums += [data for data, _ in terms]
    fields += [(value, False) for _, value in listed]
    fields += [(value, True) for _, values in terms for value in values]
    if narrow:
        total = single.in_order([*sums, single.single(table.intercept)])
    else:  # the intercept last, as JPMML does: probabilities that are equal depend on it
        total = sums[0] if sums else constant(table.intercept)
        for part in [*sums[1:], constant(table.intercept)] if sums else ():
            total = op.add(total, part)
    return total, fields


FEW = 16
"""Predictors of a class that are added one by one; the sum of more is a product of matrices, in no fixed order."""


def _weighted(columns: list[Var], weights: list[float], one_by_one: bool) -> list[Var]:
    """What adds up to the weighted sum of columns."""
    if one_by_one:
        return [op.mul(column, constant(weight)) for column, weight in zip(columns, weights, strict=True)]
    return [op.matmul(beside(columns), op.const(np.array(weights)[:, None]))]


def _power(data: Var, exponent: int) -> Var:
    if exponent == 1:
        return data
    return op.mul(data, data) if exponent == 2 else op.pow(data, constant(float(exponent)))


def _categorical(table: RegressionTable, scope: Scope) -> list[tuple[Var, Value]]:
    """For each run of predictors of one field, the coefficient of the first that names its value."""
    found = []
    for name, run in itertools.groupby(table.categorical, lambda item: item.name):
        listed = [(item.value, item.coefficient) for item in run]
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
    narrow = scope.float_math
    data: Var = single.single(term.coefficient) if narrow else constant(term.coefficient)
    for value in values:
        if value.is_text:
            raise term.bad("a PredictorTerm multiplies numbers, and a field is text")
        data = single.product(data, float32(value.data)) if narrow else op.mul(data, value.data)
    return data, values


def _probabilities(model: RegressionModel, scope: Scope, scores: list[Var]) -> tuple[Var, Var | None]:
    """[N, K], by the model's normalization, for categorical or ordinal targets (JPMML's RegressionModelUtil); and the
    rows whose scores add up to 0, of which no share is defined.
    """
    method, optype = model.normalization_method, _optype(scope)
    if method == "exp":
        raise model.bad("the normalization exp belongs to regression")
    if optype == "ordinal":
        return _ordinal(model, scope, scores), None
    if len(scores) == 2 and (method not in ("softmax", "simplemax") or _is_logistic(model)):
        return _binary("logit" if method == "softmax" else method, model, scope, scores), None
    if method == "logit":
        scores = [_linked("logit", score, model, scope) for score in scores]
    if method in ("softmax", "simplemax", "logit"):
        many = single.shares(scores, method == "softmax") if scope.float_math else None
        found = shares(beside(scores), method == "softmax") if many is None else many
        return found, None if method == "softmax" else nothing(scores, scope.float_math)
    if method != "none":
        raise model.bad(f"the normalization {method} takes two classes, not {len(scores)}")
    return beside([*scores[:-1], _rest(scores[:-1], scope)]), None


def nothing(scores: list[Var], narrow: bool = False) -> Var:
    """[N, 1] boolean: the scores add up to 0."""
    total = single.in_order(scores) if narrow else op.sum(scores)
    return op.equal(total, constant(0.0))


def _rest(scores: list[Var], scope: Scope) -> Var:
    """What other probabilities leave of 1, [N, 1]."""
    total = scores[0]
    for score in scores[1:]:
        total = op.add(total, score)
        total = float32(total) if scope.float_math else total
    rest = op.sub(constant(1.0), total)
    return float32(rest) if scope.float_math else rest


def _optype(scope: Scope) -> str:
    mining = scope.target()
    field = scope.data_field(mining.name) if mining else None
    return (mining.optype if mining else None) or (field.optype if field else None) or "categorical"


def _is_logistic(model: RegressionModel) -> bool:
    """Whether a softmax of two classes has a second table that is zero."""
    table = model.tables[1]
    zero = not (table.numeric or table.categorical or table.terms or table.intercept)
    return zero and model.normalization_method == "softmax"


def _binary(method: str, model: RegressionModel, scope: Scope, scores: list[Var]) -> Var:
    """The second probability is what the first leaves."""
    first = clipped(scores[0]) if method == "none" else _linked(method, scores[0], model, scope)
    return beside([first, _rest([first], scope)])


def clipped(data: Var) -> Var:
    low = op.where(op.less(data, constant(0.0)), constant(0.0), data)
    return op.where(op.greater(low, constant(1.0)), constant(1.0), low)


def _ordinal(model: RegressionModel, scope: Scope, scores: list[Var]) -> Var:
    """Cumulative: a class has its own value less the one before."""
    method = model.normalization_method
    if method in ("softmax", "simplemax"):
        raise model.bad(f"the normalization {method} belongs to categorical targets")
    columns, below = [], None
    for score in scores[:-1]:
        upto = clipped(score) if method == "none" else _linked(method, score, model, scope)
        own = upto if below is None else op.sub(upto, below)
        own = float32(own) if scope.float_math else own
        columns.append(own)
        below = own if below is None else op.add(below, own)
        below = float32(below) if scope.float_math else below
    assert below is not None, "there are two classes"
    columns.append(_rest([below], scope))
    return beside(columns)


def shares(scores: Var, exponential: bool) -> Var:
    """Each row's share of its sum, after exp for softmax (the row's maximum taken off first)."""
    axis = op.const(np.array([1], np.int64))
    if exponential:
        scores = op.exp(op.sub(scores, op.reduce_max(scores, axis, keepdims=1)))
    return op.div(scores, whole(scores))


def whole(cells: Var) -> Var:
    """The sum of each row from its first cell to its last, [N, 1]: a sum in no fixed order varies with the batch."""
    sums = op.cumsum(cells, op.const(np.array(1, np.int64)))
    return op.gather(sums, op.const(np.array([-1], np.int64)), axis=1)
