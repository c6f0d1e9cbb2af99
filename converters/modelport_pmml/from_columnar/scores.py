"""How a classifier's outputs come about from scores: the normalisation that PMML's regression tables have for it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from modelport.signature import Category, label_type
from modelport_columnar.expression import Expr, Kind
from modelport_pmml.from_columnar.draft import Draft
from modelport_pmml.from_columnar.regression import Sum, sum_of


@dataclass(frozen=True, slots=True)
class Scores:
    """What the tables of a classifier hold.

    Attributes:
        normalization: PMML's name of it.
        sums: one table for each class.
        native: whether normalising gives the model's own probabilities; else they are written as expressions.
        labels: whether the class of the greatest is the model's own label, ties included as far as rounding allows.
    """

    normalization: str
    sums: tuple[Sum, ...]
    native: bool
    labels: bool


def scores_of(made: Draft) -> Scores:
    """The scores of a classifier."""
    label = made.output("label")
    assert label is not None, "a classifier has a label"
    probabilities = [expr for _, expr in made.named("probability(")]
    classes = made.signature.classes
    softmax = _softmax(probabilities)
    if softmax:
        labels = label in (_first_best(made, softmax), _first_best(made, probabilities))
        return Scores("softmax", tuple(sum_of(expr) for expr in softmax), True, labels)
    logit = _logit(probabilities)
    if logit is not None:
        pair = (Sum(0.0, ()), sum_of(logit))
        return Scores("logit", pair, True, label is _positive(made, logit, classes))
    if probabilities:
        return Scores("none", tuple(Sum(0.0, ((1.0, expr),)) for expr in probabilities), False, False)
    return _decided(made, label, classes)


def _softmax(probabilities: Sequence[Expr]) -> Sequence[Expr] | None:
    if len(probabilities) < 2 or any(expr.op != "softmax_of" for expr in probabilities):
        return None
    args = probabilities[0].args
    alike = all(
        len(e.args) == len(args) and all(a is b for a, b in zip(e.args, args, strict=True)) for e in probabilities
    )
    ordered = [expr.data for expr in probabilities] == list(range(len(args)))
    return args if alike and ordered else None


def same(left: Sequence[Expr], right: Sequence[Expr]) -> bool:
    """Whether two lists hold the same expressions."""
    return len(left) == len(right) and all(a is b for a, b in zip(left, right, strict=True))


def _logit(probabilities: Sequence[Expr]) -> Expr | None:
    """z of `1 / (1 + exp(-z))` for the second of two classes, the first being the rest to 1."""
    if len(probabilities) != 2 or probabilities[0].kind is not Kind.FLOAT64:
        return None
    rest, share = probabilities
    if rest.op != "sub" or rest.args[1] is not share or not _is(rest.args[0], 1):
        return None
    return logistic_of(share)


def logistic_of(share: Expr) -> Expr | None:
    """z of `1 / (1 + exp(-z))`; None for other expressions."""
    if share.op != "div" or not _is(share.args[0], 1) or share.args[1].op != "add":
        return None
    power, one = share.args[1].args if share.args[1].args[0].op == "exp" else share.args[1].args[::-1]
    if power.op != "exp" or not _is(one, 1):
        return None
    return power.args[0].args[0] if power.args[0].op == "neg" else None


def rectified(expr: Expr) -> Expr | None:
    """z of `0 if z < 0 else z`."""
    if expr.op != "where" or expr.args[0].op != "less" or expr.args[1].op != "constant" or expr.args[1].data != 0:
        return None
    z, zero = expr.args[0].args
    return z if z is expr.args[2] and zero is expr.args[1] else None


def _is(expr: Expr, value: float) -> bool:
    return expr.op == "constant" and bool(expr.data == value)


def _labels(made: Draft) -> tuple["np.ndarray[tuple[int], np.dtype[np.generic]]", Kind]:
    classes = made.signature.classes
    array = np.array(classes, label_type(classes).to_pandas_dtype() if not isinstance(classes[0], str) else np.str_)
    return array, made.simplifier.pool.constant(array[0]).kind


def _first_best(made: Draft, scores: Sequence[Expr]) -> Expr:
    array, kind = _labels(made)
    best = made.simplifier.again("argmax", scores, Kind.INT64, "first")
    return made.simplifier.again("lookup", (best,), kind, array)


def _positive(made: Draft, z: Expr, classes: Sequence[Category]) -> Expr:
    array, kind = _labels(made)
    s = made.simplifier
    above = s.again("greater", (z, s.constant(0, z.kind)), Kind.BOOL)
    return s.again("lookup", (s.again("cast", (above,), Kind.INT64),), kind, array)


def _decided(made: Draft, label: Expr, classes: Sequence[Category]) -> Scores:
    """A classifier without probabilities: its decisions, or its label alone.

    Decisions may be so large that evaluators' exponentials overflow, so the label is always written out.
    """
    decisions = [expr for _, expr in made.named("decision(")]
    if len(decisions) == len(classes):
        return Scores("softmax", tuple(sum_of(expr) for expr in decisions), False, False)
    if len(decisions) == 1 and len(classes) == 2:
        pair = (Sum(0.0, ()), sum_of(decisions[0]))
        return Scores("logit", pair, False, False)
    shares = [_indicator(made, label, value) for value in _labels(made)[0]]
    return Scores("none", tuple(Sum(0.0, ((1.0, expr),)) for expr in shares), False, True)


def _indicator(made: Draft, label: Expr, value: object) -> Expr:
    s = made.simplifier
    here = s.again("equal", (label, s.pool.constant(value)), Kind.BOOL)
    return s.again("cast", (here,), Kind.FLOAT64)
