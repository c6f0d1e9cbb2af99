"""aggregateNodes: where a predicate cannot be told, all children that may hold are scored, and their records counted.

https://dmg.org/pmml/v4-4-1/TreeModel.html#xsdType_MISSING-VALUE-STRATEGY; JPMML (1.7) refuses such rows, PMML4S (1.5)
answers them so.
"""

from dataclasses import dataclass, field, replace

import numpy as np
from spox import Var

from modelport_onnx.ops import op
from modelport_pmml.reader.element import Location, Predicate
from modelport_pmml.reader.elements.predicates import OPERATORS, False_, SimplePredicate, True_
from modelport_pmml.reader.elements.tree import TreeModel
from modelport_pmml.reader.nodes import FALSE, OTHER, TRUE, Nodes
from modelport_pmml.to_onnx.functions.statistics import beside
from modelport_pmml.to_onnx.predicates import truth
from modelport_pmml.to_onnx.prediction import Prediction
from modelport_pmml.to_onnx.scope import Scope
from modelport_pmml.to_onnx.trees import scores
from modelport_pmml.to_onnx.value import constant, either, flag

MOST = 500
"""Nodes of a tree whose rows are spread: every node is a column of the graph."""


@dataclass
class Walk:
    """Where nodes are entered [N, 1], the ends among them, and where children were chosen without knowing."""

    ends: dict[int, Var] = field(default_factory=dict)
    spread: Var | None = None
    invalid: Var | None = None


def aggregated(model: TreeModel, scope: Scope, found: Prediction) -> Prediction:
    """A tree's answer, with that of rows that several nodes answer together."""
    nodes = model.nodes
    assert nodes is not None, "checked before"
    classes = found.classes
    counts = _counts(nodes, classes)
    walk = _walked(model, nodes, scope)
    if walk.spread is None or counts is None or found.probability is None:
        return found
    ends = list(walk.ends)
    entered = beside([op.cast(walk.ends[node], to=np.float64) for node in ends])
    sums = op.matmul(entered, op.const(counts[ends]))
    total = op.reduce_sum(sums, op.const(np.array([1], np.int64)), keepdims=1)
    there = op.and_(walk.spread, op.greater(total, constant(0.0)))
    if walk.invalid is not None:
        there = op.and_(there, op.not_(walk.invalid))
    shares = op.div(sums, total)
    code = op.where(there, op.arg_max(sums, axis=1, keepdims=1), found.value.data)
    invalid = None if found.value.invalid is None else op.and_(found.value.invalid, op.not_(there))
    sure = None if found.confidence is None else op.where(there, shares, found.confidence)
    return replace(
        found, value=replace(found.value, data=code, invalid=invalid),
        probability=op.where(there, shares, found.probability), confidence=sure,
    )  # fmt: skip


def _counts(nodes: Nodes, classes: tuple[str, ...]) -> scores.Floats | None:
    """Records of each class in each node [M, K]; None where a node does not tell."""
    if np.isnan(nodes.dist_count).any() or not len(nodes.dist_value):
        return None
    owner = np.repeat(np.arange(len(nodes)), np.diff(nodes.first))
    found = np.zeros((len(nodes), len(classes)))
    found[owner, [classes.index(nodes.strings[i]) for i in nodes.dist_value]] = nodes.dist_count
    return found


def _walked(model: TreeModel, nodes: Nodes, scope: Scope) -> Walk:
    """From the root down; a node stands before its descendants."""
    children: dict[int, list[int]] = {}
    for node, parent in enumerate(nodes.parent.tolist()):
        children.setdefault(parent, []).append(node)
    walk = Walk()
    entered: dict[int, Var] = {-1: flag(True)}
    for node in range(-1, len(nodes)):
        here = entered[node]
        rest: Var = flag(True)
        spread: Var = flag(False)
        goes: list[tuple[int, Var]] = []
        for child in children.get(node, ()):
            holds = truth(_predicate(nodes, child), scope)
            unknown = flag(False) if holds.unknown is None else holds.unknown
            walk.invalid = either(walk.invalid, holds.invalid)
            spread = op.or_(spread, op.and_(rest, unknown))
            # Before a choice that could not be told, only the first that holds; after it, all that may hold.
            goes.append((child, op.or_(op.and_(rest, holds.true), op.and_(spread, op.or_(holds.true, unknown)))))
            rest = op.and_(rest, op.not_(op.or_(holds.true, unknown)))
        if goes:
            walk.spread = either(walk.spread, op.and_(here, spread))
        for child, there in goes:
            entered[child] = op.and_(here, there)
        if node >= 0 and not goes:
            walk.ends[node] = here
        elif node >= 0 and model.no_true_child_strategy == "returnLastPrediction":
            walk.ends[node] = op.and_(here, rest)
    return walk


def _predicate(nodes: Nodes, node: int) -> Predicate:
    kind, at = nodes.kind[node], Location("Node", int(nodes.line[node]), nodes.at)
    if kind == OTHER:
        other: Predicate = nodes.others[int(nodes.field[node])]
        return other
    if kind in (TRUE, FALSE):
        return True_(at=at) if kind == TRUE else False_(at=at)
    value = None if nodes.value[node] < 0 else nodes.strings[nodes.value[node]]
    operator = OPERATORS[nodes.operator[node]]
    return SimplePredicate(field=nodes.strings[nodes.field[node]], operator=operator, value=value, at=at)
