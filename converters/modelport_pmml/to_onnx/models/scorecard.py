"""Scorecard. https://dmg.org/pmml/v4-4-1/Scorecard.html; details as in JPMML-Evaluator (1.7)."""

from dataclasses import dataclass, replace

import numpy as np
from spox import Var

from modelport_onnx.ops import op
from modelport_pmml.reader.elements.scorecard import Attribute, Characteristic, Scorecard
from modelport_pmml.to_onnx.expression import evaluate
from modelport_pmml.to_onnx.functions.statistics import beside
from modelport_pmml.to_onnx.predicates import truth
from modelport_pmml.to_onnx.prediction import Prediction, regressed
from modelport_pmml.to_onnx.scope import Scope
from modelport_pmml.to_onnx.value import NAN, Value, constant, either, flag


@dataclass(frozen=True, slots=True)
class Scored:
    """What one characteristic gives: its partial score [N, 1] (NaN where missing) and points for each reason code."""

    score: Var
    nullable: bool
    invalid: Var | None
    points: dict[str, Var]


def lower(model: Scorecard, scope: Scope) -> Prediction:
    """The first attribute that holds scores; a characteristic without one makes the row invalid."""
    if model.function_name != "regression" or not model.characteristics.items:
        raise model.bad("a Scorecard is a regression with characteristics")
    parts = [_characteristic(item, model, scope) for item in model.characteristics.items]
    total: Var = constant(model.initial_score)
    for part in parts:
        total = op.add(total, part.score)
    invalid = either(*(part.invalid for part in parts))
    nullable = any(part.nullable for part in parts) or invalid is not None
    found = regressed(model, scope, total, nullable=nullable, invalid=invalid)
    return replace(found, reasons=_reasons(parts, scope)) if model.use_reason_codes else found


def _characteristic(item: Characteristic, model: Scorecard, scope: Scope) -> Scored:
    baseline = item.baseline_score if item.baseline_score is not None else model.baseline_score
    score: Var = constant(NAN)
    points: dict[str, Var] = {}
    invalid: Var | None = None
    nullable = False
    before: Var = flag(False)
    hits: list[tuple[Attribute, Var, Var]] = []
    for attribute in item.attributes:
        holds = truth(attribute.predicate, scope)
        first = op.and_(holds.true, op.not_(before))
        wrong = None if holds.invalid is None else op.and_(holds.invalid, op.not_(before))
        data, may_miss, lost = _partial(attribute, scope)
        invalid = either(invalid, wrong, None if lost is None else op.and_(first, lost))
        nullable |= may_miss
        hits.append((attribute, first, data))
        score = op.where(first, data, score)
        before = op.or_(before, holds.true)
    invalid = either(invalid, op.not_(before))
    if model.use_reason_codes:
        for attribute, first, data in hits:
            _add_points(attribute, item, model, baseline, first, data, points)
    return Scored(score, nullable, invalid, points)


def _partial(attribute: Attribute, scope: Scope) -> tuple[Var, bool, Var | None]:
    if attribute.complex is not None:
        value = evaluate(attribute.complex.expression, scope)
        if value.is_text:
            raise attribute.bad("a ComplexPartialScore is a number")
        return value.data, value.nullable, value.invalid
    if attribute.partial_score is None:
        raise attribute.bad("an Attribute needs a partialScore")
    return constant(attribute.partial_score), False, None


def _add_points(
    attribute: Attribute, item: Characteristic, model: Scorecard, baseline: float | None, first: Var, data: Var,
    points: dict[str, Var],
) -> None:  # fmt: skip
    """The distance to the baseline, for the reason code of the attribute that holds."""
    code = attribute.reason_code or item.reason_code
    if baseline is None or code is None:
        raise attribute.bad("reason codes need a reasonCode and a baselineScore")
    base = constant(baseline)
    above = model.reason_code_algorithm == "pointsAbove"
    difference = op.sub(data, base) if above else op.sub(base, data)
    own = op.where(first, difference, constant(NAN))
    if code in points:
        own = op.where(op.isnan(own), points[code], own)
    points[code] = own


def _reasons(parts: list[Scored], scope: Scope) -> tuple[Value, ...]:
    """Reason codes by their points, most first; those below zero are left out.

    Codes of equal points stand in the order in which the row's characteristics give them.
    """
    names = list(dict.fromkeys(code for part in parts for code in part.points))
    columns = [_points(parts, name) for name in names]
    long = op.concat([op.slice(op.shape(scope.graph.rows), *_ints(0, 1)), *_ints(len(names))], axis=0)
    points, places = (op.expand(beside(list(item)), long) for item in zip(*columns, strict=True))
    count = op.const(np.array([len(names)], np.int64))
    _, order = op.top_k(places, count, axis=1, largest=0, sorted=1)
    best, found = op.top_k(op.gather_elements(points, order, axis=1), count, axis=1, largest=1, sorted=1)
    none = op.const(np.array(len(names) + 1, np.int64))
    codes = op.where(op.equal(best, constant(-np.inf)), none, op.gather_elements(order, found, axis=1))
    ranks = [op.slice(codes, *_ints(rank, rank + 1, 1)) for rank in range(len(names))]
    return tuple(Value(code, "string", True, None, tuple(names), optype="categorical") for code in ranks)


def _points(parts: list[Scored], name: str) -> tuple[Var, Var]:
    """A code's points, and the first characteristic that gives it, each [N, 1]; -inf points where none counts."""
    summed: Var = constant(0.0)
    place: Var = constant(float(len(parts)))
    for i, part in reversed(list(enumerate(parts))):
        own = part.points.get(name)
        if own is None:
            continue
        known = op.not_(op.isnan(own))
        summed = op.add(op.where(known, own, constant(0.0)), summed)
        place = op.where(known, constant(float(i)), place)
    counts = op.and_(op.less(place, constant(float(len(parts)))), op.greater_or_equal(summed, constant(0.0)))
    return op.where(counts, summed, constant(-np.inf)), place


def _ints(*values: int) -> tuple[Var, ...]:
    return tuple(op.const(np.array([value], np.int64)) for value in values)
