"""NaiveBayesModel. https://dmg.org/pmml/v4-4-1/NaiveBayes.html; details as in JPMML-Evaluator (1.7)."""

import math

import numpy as np
from numpy.typing import NDArray
from spox import Var

from modelport_onnx.ops import op
from modelport_pmml.reader.elements.bayes import (
    BayesInput,
    Distribution,
    GaussianDistribution,
    NaiveBayesModel,
    PoissonDistribution,
)
from modelport_pmml.to_onnx.expression import derived
from modelport_pmml.to_onnx.expressions.map_values import positions
from modelport_pmml.to_onnx.functions.statistics import beside
from modelport_pmml.to_onnx.inputs import emptied
from modelport_pmml.to_onnx.models.regression import shares
from modelport_pmml.to_onnx.prediction import Prediction, classified
from modelport_pmml.to_onnx.scope import Scope
from modelport_pmml.to_onnx.value import Value, any_invalid, constant, is_missing

Floats = NDArray[np.float64]
MAX_MEAN = 1e4
"""The largest mean of a Poisson distribution whose probabilities are tabled."""


def lower(model: NaiveBayesModel, scope: Scope) -> Prediction:
    """Log-probabilities are summed; missing fields and unknown categories count nothing."""
    prior = {item.value: item.count for item in model.bayes_output.counts.counts}
    if not prior:
        raise model.bad("a NaiveBayesModel needs counts of its target's values")
    classes = tuple(prior)
    with np.errstate(divide="ignore"):
        scores: Var = op.const(np.log(np.array([list(prior.values())])))
    values = []
    for item in model.bayes_inputs.inputs:
        value = _value(item, scope)
        values.append(value)
        scores = op.add(scores, _evidence(model, item, value, classes))
    return classified(model, scope, classes, shares(scores, True), invalid=any_invalid(values))


def _value(item: BayesInput, scope: Scope) -> Value:
    """The field, discretized where the input says how; a missing field stays missing (JPMML 1.7)."""
    value = scope.resolve(item.field_name, item)
    if item.stats is not None or item.field is None:
        return value if value.is_text else _whole(item, value)
    found, gone = derived(item.field, scope), is_missing(value)
    return found if gone is None else emptied(found, gone)


def _evidence(model: NaiveBayesModel, item: BayesInput, value: Value, classes: tuple[str, ...]) -> Var:
    """[N, K] log-probabilities that one field adds."""
    if item.stats is not None:
        if value.is_text:
            raise item.bad(f"{item.field_name!r} has distributions of numbers, and is text")
        by_class = {stat.value: stat.distribution for stat in item.stats.stats}
        columns = [_density(model, by_class.get(name), value.data) for name in classes]
        found = beside(columns)
        gone = is_missing(value)
        return found if gone is None else op.where(gone, constant(0.0), found)
    table = _table(model, item, classes)
    place = positions(value, tuple(pair.value for pair in item.pairs), item)
    width = op.const(np.array([-1, len(classes)], np.int64))
    return op.reshape(op.gather(op.const(table), place, axis=0), width)


def _table(model: NaiveBayesModel, item: BayesInput, classes: tuple[str, ...]) -> Floats:
    """[categories + 1, K]; a count of zero becomes the threshold."""
    counts = [{one.value: one.count for one in pair.counts.counts} for pair in item.pairs]
    totals = {name: sum(one.get(name, 0.0) for one in counts) for name in classes}
    table = np.zeros((len(counts) + 1, len(classes)))
    for i, one in enumerate(counts):
        for k, name in enumerate(classes):
            if name in one:
                share = one[name] / totals[name] if abs(one[name]) > 2**-53 else model.threshold
                table[i, k] = math.log(share) if share > 0 else -math.inf
    return table


def _whole(item: BayesInput, value: Value) -> Value:
    """A field with Poisson distributions is a whole number (JPMML 1.7)."""
    stats = item.stats.stats if item.stats else ()
    if not any(isinstance(stat.distribution, PoissonDistribution) for stat in stats):
        return value
    broken = op.not_(op.equal(op.floor(value.data), value.data))
    gone = is_missing(value)
    return value.with_invalid(broken if gone is None else op.and_(broken, op.not_(gone)))


def _poisson(found: PoissonDistribution, x: Var) -> Var:
    """The probability of each count, from a table that ends where it is 0 in float64; 0 below 0."""
    if not 0 < found.mean <= MAX_MEAN:
        raise found.bad(f"the mean {found.mean} of a Poisson distribution is not within 0 and {MAX_MEAN}")
    count = int(found.mean + 60 * math.sqrt(found.mean) + 300)
    masses = [math.exp(k * math.log(found.mean) - found.mean - math.lgamma(k + 1)) for k in range(count)]
    known = op.where(op.isnan(x), constant(-1.0), x)
    place = op.max([op.min([op.add(known, constant(1.0)), constant(count + 1.0)]), constant(0.0)])
    return op.gather(op.const(np.array([0.0, *masses, 0.0])), op.cast(place, to=np.int64))


def _density(model: NaiveBayesModel, found: Distribution | None, x: Var) -> Var:
    """The logarithm of the density, not below that of the threshold; 0 where there is no distribution."""
    match found:
        case None:
            return op.mul(x, constant(0.0))
        case GaussianDistribution():
            if found.variance == 0 and found.mean == 0:
                return op.mul(x, constant(0.0))
            if found.variance <= 0:
                raise found.bad(f"the variance {found.variance} is not positive")
            gap = op.sub(x, constant(found.mean))
            exponent = op.div(op.mul(gap, gap), constant(-2.0 * found.variance))
            density = op.mul(op.exp(exponent), constant(1.0 / math.sqrt(2.0 * math.pi * found.variance)))
        case PoissonDistribution():
            density = _poisson(found, x)
        case _:
            raise found.refuse(f"<{found.tag()}> is no distribution of a NaiveBayesModel")
    floor = constant(model.threshold)
    return op.log(op.where(op.less(density, floor), floor, density))
