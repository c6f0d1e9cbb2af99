"""Regular trees at once: two children a split, one the complement of the other, numbers that are never invalid.

Most forests are made of these. They become arrays by arithmetic on arrays; the emitter, node by node, does the rest.
Each split that may be unknown has a test for missing values before it, whose answer is the strategy's.
"""

import numpy as np
from numpy.typing import NDArray

from modelport_onnx.blocks.trees import LEQ, LT, Trees, binary_tree
from modelport_pmml.reader.elements.predicates import OPERATORS
from modelport_pmml.reader.nodes import SIMPLE, TRUE
from modelport_pmml.to_onnx.literal import parse
from modelport_pmml.to_onnx.trees.emit import Emitter

Ints = NDArray[np.int64]
_LT, _LE, _GT, _GE = (OPERATORS.index(name) for name in ("lessThan", "lessOrEqual", "greaterThan", "greaterOrEqual"))
_OTHER = {_LT: _GE, _LE: _GT, _GT: _LE, _GE: _LT}
_COMPLEMENT = np.array([_OTHER.get(i, -1) for i in range(len(OPERATORS))])


def regular(emitter: Emitter) -> Trees | None:
    """The tree, its leaves as the emitter numbers them; None where it is not regular."""
    nodes, model = emitter.nodes, emitter.model
    size = len(nodes)
    children = np.bincount(nodes.parent[1:], minlength=size)
    splits = np.flatnonzero(children)
    strategy = model.missing_value_strategy
    if not len(splits) or (children[splits] != 2).any() or strategy in ("weightedConfidence", "aggregateNodes"):
        return None
    if nodes.kind[0] != TRUE or (nodes.kind[1:] != SIMPLE).any() or (nodes.score[children == 0] < 0).any():
        return None
    first, last = splits + 1, np.zeros(size, np.int64)
    last[nodes.parent[1:]] = np.arange(1, size)
    second = last[splits]
    same = (nodes.field[first] == nodes.field[second]) & (nodes.value[first] == nodes.value[second])
    if not (same & (_COMPLEMENT[nodes.operator[first]] == nodes.operator[second])).all():
        return None
    tested = _tests(emitter, nodes.field[first], nodes.value[first])
    if tested is None:
        return None
    feature, threshold, nullable = tested
    return _laid_out(emitter, splits, first, second, feature, threshold, nullable)


def _tests(
    emitter: Emitter, field: NDArray[np.int32], value: NDArray[np.int32]
) -> tuple[Ints, NDArray[np.float64], NDArray[np.bool_]] | None:
    """Column, threshold and whether it may be missing, of each split; None where a field is text or may be invalid."""
    feature = np.zeros(len(field), np.int64)
    threshold, nullable = np.zeros(len(field)), np.zeros(len(field), np.bool_)
    if (value < 0).any():
        return None
    for name in np.unique(field):
        found = emitter._field(int(name))
        if found is None or found[0].invalid >= 0:
            return None
        mine = field == name
        kind = "double" if found[1] == "integer" else found[1]
        used, place = np.unique(value[mine], return_inverse=True)
        threshold[mine] = np.array([parse(emitter.strings[i], kind, emitter.model) for i in used])[place]
        feature[mine], nullable[mine] = found[0].at, found[0].nullable
    return feature, threshold, nullable


def _unknown(emitter: Emitter, splits: Ints) -> Ints:
    """The leaf of rows whose test is unknown."""
    nodes, model = emitter.nodes, emitter.model
    scored = nodes.score[splits] >= 0
    if model.missing_value_strategy == "lastPrediction":
        return np.where(scored, splits, emitter.error)
    if model.missing_value_strategy == "none" and model.no_true_child_strategy == "returnLastPrediction":
        return np.where(scored, splits, emitter.null)
    return np.full(len(splits), emitter.null)


def _laid_out(
    emitter: Emitter, splits: Ints, first: Ints, second: Ints, feature: Ints, threshold: NDArray[np.float64],
    nullable: NDArray[np.bool_],
) -> Trees | None:  # fmt: skip
    nodes = emitter.nodes
    missing_first = np.zeros(len(splits), np.bool_)
    guarded = nullable
    if emitter.model.missing_value_strategy == "defaultChild":
        wanted = nodes.default[splits]
        missing_first = nodes.ident[first] == wanted
        if (nullable & ((wanted < 0) | ~(missing_first | (nodes.ident[second] == wanted)))).any():
            return None
        guarded = np.zeros_like(nullable)
    width = np.ones(len(nodes), np.int64)
    width[splits] += 2 * guarded
    start = np.cumsum(width) - width
    total = int(width.sum())
    at = start[splits] + guarded
    flipped = np.isin(nodes.operator[first], (_GT, _GE))
    true, false, leaf = np.full(total, -1), np.full(total, -1), np.zeros(total, np.int64)
    leaf[start[nodes_without(splits, len(nodes))]] = nodes_without(splits, len(nodes))
    true[at] = np.where(flipped, start[second], start[first])
    false[at] = np.where(flipped, start[first], start[second])
    features, thresholds = np.zeros(total, np.int64), np.zeros(total)
    features[at], thresholds[at] = feature, threshold
    mode = np.full(total, LEQ, np.uint8)
    mode[at] = np.where(np.isin(nodes.operator[first], (_LT, _GE)), LT, LEQ)
    missing = np.zeros(total, np.bool_)
    missing[at] = missing_first != flipped
    ahead = start[splits][guarded]
    features[ahead], thresholds[ahead] = feature[guarded], np.inf
    true[ahead], false[ahead] = ahead + 1, ahead + 2
    leaf[ahead + 2] = _unknown(emitter, splits)[guarded]
    ends = leaf[true < 0]
    emitter.can_miss |= bool((ends == emitter.null).any())
    emitter.can_fail |= bool((ends == emitter.error).any())
    return binary_tree(features, thresholds, true, false, leaf, missing_true=missing, mode=mode)


def nodes_without(splits: Ints, size: int) -> Ints:
    """Positions of the nodes that are no splits."""
    keep = np.ones(size, np.bool_)
    keep[splits] = False
    return np.flatnonzero(keep)
