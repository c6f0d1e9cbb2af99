"""RuleSetModel. https://dmg.org/pmml/v4-4-1/RuleSet.html; details as in JPMML-Evaluator (1.7)."""

from dataclasses import dataclass, replace

import numpy as np
from spox import Var

from modelport_onnx.ops import op
from modelport_pmml.reader.elements.rules import CompoundRule, Rule, RuleSetModel, SimpleRule
from modelport_pmml.to_onnx.functions.statistics import beside
from modelport_pmml.to_onnx.predicates import truth
from modelport_pmml.to_onnx.prediction import Prediction
from modelport_pmml.to_onnx.scope import Scope
from modelport_pmml.to_onnx.value import Value, constant, either

AXIS = np.array([1], np.int64)


@dataclass(frozen=True, slots=True)
class Fired:
    """A simple rule, and where it and the rules around it hold, [N, 1]."""

    rule: SimpleRule
    where: Var
    invalid: Var | None


def lower(model: RuleSetModel, scope: Scope) -> Prediction:
    """Rules in order; the first selection method counts."""
    if not model.rule_set.methods:
        raise model.rule_set.bad("a RuleSet needs a RuleSelectionMethod")
    fired = _collect(model.rule_set.rules, None, None, scope)
    if not fired:
        raise model.rule_set.bad("a RuleSet needs rules")
    hits = beside([op.cast(item.where, to=np.float64) for item in fired])
    classes = _classes(model, fired)
    invalid = either(*(item.invalid for item in fired))
    any_hit = op.greater(op.reduce_max(hits, op.const(AXIS), keepdims=1), constant(0.5))
    code, sure = _winner(model, fired, hits, classes)
    return _answer(model, fired, hits, any_hit, code, sure, classes, invalid)


def _collect(rules: tuple[Rule, ...], around: Var | None, wrong: Var | None, scope: Scope) -> list[Fired]:
    found: list[Fired] = []
    for rule in rules:
        assert isinstance(rule, SimpleRule | CompoundRule), "the reader knows two kinds of rules"
        holds = truth(rule.predicate, scope)
        where = holds.true if around is None else op.and_(around, holds.true)
        lost = holds.invalid if holds.invalid is None or around is None else op.and_(around, holds.invalid)
        invalid = either(wrong, lost)
        if isinstance(rule, SimpleRule):
            found.append(Fired(rule, where, invalid))
        else:
            found += _collect(rule.rules, where, invalid, scope)
    return found


def _classes(model: RuleSetModel, fired: list[Fired]) -> tuple[str, ...]:
    names = [item.rule.score for item in fired]
    default = model.rule_set.default_score
    return tuple(dict.fromkeys([*names, default] if default is not None else names))


def _winner(model: RuleSetModel, fired: list[Fired], hits: Var, classes: tuple[str, ...]) -> tuple[Var, Var]:
    """The code of the class [N, 1], and each class's confidence [N, K]."""
    criterion = model.rule_set.methods[0].criterion
    columns = []
    for name in classes:
        mine = np.array([item.rule.score == name for item in fired], np.float64)
        own = op.mul(hits, op.const(mine[None, :]))
        columns.append(_confidence(criterion, fired, own, hits))
    scores = op.concat(columns, axis=1) if len(columns) > 1 else columns[0]
    owner = np.array([classes.index(item.rule.score) for item in fired], np.int64)
    if criterion == "firstHit":
        first = op.arg_max(hits, axis=1, keepdims=1)
        return op.gather(op.const(owner), first), scores
    return _first_best(scores, hits, owner, len(classes)), scores


def _confidence(criterion: str, fired: list[Fired], own: Var, hits: Var) -> Var:
    """One class's score [N, 1]."""
    sure = op.const(np.array([item.rule.confidence for item in fired]))
    weights = np.array([item.rule.weight for item in fired])
    none = op.less(op.reduce_max(own, op.const(AXIS), keepdims=1), constant(0.5))
    if criterion == "weightedSum":
        total = op.matmul(own, op.const(weights[:, None]))
        count = op.reduce_sum(hits, op.const(AXIS), keepdims=1)
        return op.div(total, op.where(op.equal(count, constant(0.0)), constant(1.0), count))
    if criterion == "weightedMax":
        heavy = op.where(op.greater(own, constant(0.5)), op.const(weights[None, :]), constant(float("-inf")))
        best = op.gather(sure, op.arg_max(heavy, axis=1, keepdims=1))
    else:
        best = op.gather(sure, op.arg_max(own, axis=1, keepdims=1))
    return op.where(none, constant(0.0), best)


def _first_best(scores: Var, hits: Var, owner: "np.ndarray[tuple[int], np.dtype[np.int64]]", width: int) -> Var:
    """The class of the highest score; of equals, the one whose rule fired first."""
    firsts = []
    for code in range(width):
        own = op.mul(hits, op.const((owner == code).astype(np.float64)[None, :]))
        place = op.cast(op.arg_max(own, axis=1, keepdims=1), to=np.float64)
        none = op.less(op.reduce_max(own, op.const(AXIS), keepdims=1), constant(0.5))
        firsts.append(op.where(none, constant(float("inf")), place))
    first = op.concat(firsts, axis=1)
    fired = op.where(op.isinf(first), constant(float("-inf")), scores)
    most = op.reduce_max(fired, op.const(AXIS), keepdims=1)
    return op.arg_min(op.where(op.equal(fired, most), first, constant(float("inf"))), axis=1, keepdims=1)


def _answer(
    model: RuleSetModel, fired: list[Fired], hits: Var, any_hit: Var, code: Var, sure: Var, classes: tuple[str, ...],
    invalid: Var | None,
) -> Prediction:  # fmt: skip
    """With the default score where no rule fires; without one, such a row is invalid."""
    rules, lost = model.rule_set, op.not_(any_hit)
    if rules.default_score is None:
        invalid = either(invalid, lost)
    else:
        at = classes.index(rules.default_score)
        code = op.where(any_hit, code, op.const(np.array([[at]], np.int64)))
        default = np.zeros((1, len(classes)))
        default[0, at] = rules.default_confidence or 0.0
        sure = op.where(any_hit, sure, op.const(default))
        if rules.default_confidence is None:
            invalid = either(invalid, lost)
    value = Value(code, "string", invalid is not None, invalid, classes, optype="categorical")
    found = Prediction("classification", value, classes, confidence=sure)
    ids = tuple(dict.fromkeys(item.rule.id or str(i + 1) for i, item in enumerate(fired)))
    if len(ids) < len(fired):
        return found
    place = _chosen_rule(rules.methods[0].criterion, fired, hits, code, classes)
    place = op.where(any_hit, place, op.const(np.array([[len(ids) + 1]], np.int64)))
    return replace(found, entity=Value(place, "string", True, invalid, ids, optype="categorical"))


def _chosen_rule(criterion: str, fired: list[Fired], hits: Var, code: Var, classes: tuple[str, ...]) -> Var:
    """The rule that answers: the first, or the first of the heaviest that say the winning class (JPMML 1.7)."""
    if criterion == "firstHit":
        return op.arg_max(hits, axis=1, keepdims=1)
    owner = op.const(np.array([[classes.index(item.rule.score) for item in fired]], np.int64))
    mine = op.and_(op.greater(hits, constant(0.5)), op.equal(owner, code))
    weights = op.const(np.array([[item.rule.weight for item in fired]]))
    return op.arg_max(op.where(mine, weights, constant(float("-inf"))), axis=1, keepdims=1)
