"""TreeModel. https://dmg.org/pmml/v4-4-1/TreeModel.html"""

from dataclasses import replace

import numpy as np
from spox import Var

from modelport.conversion import NoteKind
from modelport_onnx.blocks.tree_ensemble import reached
from modelport_onnx.lowering import Scope as Lowering
from modelport_onnx.ops import op
from modelport_pmml.reader.elements.tree import TreeModel
from modelport_pmml.to_onnx.prediction import Prediction, classified, regressed, supposed
from modelport_pmml.to_onnx.scope import Scope
from modelport_pmml.to_onnx.trees import scores
from modelport_pmml.to_onnx.trees.aggregate import MOST, aggregated
from modelport_pmml.to_onnx.trees.emit import Emitter
from modelport_pmml.to_onnx.trees.features import Features
from modelport_pmml.to_onnx.value import NAN, Value, float32

SPREAD = ("weightedConfidence", "aggregateNodes")
"""Strategies that score several nodes at once. JPMML (1.7) refuses the rows that need them."""


def lower(model: TreeModel, scope: Scope) -> Prediction:
    """The node that is reached, looked up in what the nodes say."""
    check(model)
    spreads = _spreads(model)
    if model.missing_value_strategy in SPREAD and not spreads:
        scope.graph.context.note(
            NoteKind.LOST, str(model.at),
            f"rows that the strategy {model.missing_value_strategy} would spread over several nodes have no result",
        )  # fmt: skip
    features = Features()
    emitter = Emitter(model, scope, features)
    trees = emitter.trees()
    leaves = trees.value[trees.is_leaf, 0].astype(np.int64)
    place = reached(features.matrix(), trees, Lowering(scope.graph.context))
    node = op.gather(op.const(leaves), place)
    found = answer(model, scope, node, emitter)
    return aggregated(model, scope, found) if spreads else found


def _spreads(model: TreeModel) -> bool:
    """Whether rows that several nodes answer together get their answer."""
    assert model.nodes is not None, "checked before"
    counted = bool(len(model.nodes.dist_value)) and not np.isnan(model.nodes.dist_count).any()
    told = model.missing_value_strategy == "aggregateNodes" and model.function_name == "classification"
    return told and counted and len(model.nodes) <= MOST


def check(model: TreeModel) -> None:
    """Raises where the model has no tree, or a strategy that is another kind of scoring."""
    if model.nodes is None:
        raise model.bad("a TreeModel needs a Node")
    for item in model.nodes.unknown:
        raise model.refuse(f"a tree node at line {item.at.line} holds <{item.name}>, which is not known here")


def answer(model: TreeModel, scope: Scope, node: Var, emitter: Emitter) -> Prediction:
    """What a tree answers where it reaches a node, [N, 1] int64 (see `Emitter` for no result and an invalid one)."""
    assert model.nodes is not None, "checked before"
    invalid = op.equal(node, op.const(np.array(emitter.error, np.int64))) if emitter.can_fail else None
    if model.function_name == "regression":
        data = pick(scores.numeric(model, model.nodes), node)
        data = float32(data) if scope.float_math else data
        nullable = emitter.can_miss or emitter.can_fail
        found = regressed(model, scope, data, nullable=nullable, invalid=invalid)
    else:
        found = _classified(model, scope, node, emitter, invalid)
    return replace(found, entity=entity(model, node, emitter))


def _classified(model: TreeModel, scope: Scope, node: Var, emitter: Emitter, invalid: Var | None) -> Prediction:
    assert model.nodes is not None, "checked before"
    classes = scores.classes(model.nodes)
    if not classes:
        raise model.bad("no node of the tree has a score")
    shares = scores.distribution(model, model.nodes, classes)
    codes = scores.labels_of(model.nodes, classes)
    codes = np.append(np.where(codes < 0, len(classes) + 1, codes), [len(classes) + 1] * 2)
    nullable = emitter.can_miss or emitter.can_fail
    label = Value(op.gather(op.const(codes), node), "string", nullable, invalid, classes, optype="categorical")
    if shares is None:
        return supposed(model, scope, Prediction("classification", label, classes))
    found = classified(model, scope, classes, rows(shares[0], node), invalid=invalid, label=label)
    # Only rows that go on to a default child are penalised (JPMML 1.7), once for each.
    unsure = model.missing_value_penalty != 1.0 and model.missing_value_strategy == "defaultChild"
    return replace(found, confidence=None if unsure else rows(shares[1], node), unsure=unsure)


def pick(table: scores.Floats, node: Var) -> Var:
    """[N, 1], NaN where no node is reached."""
    return op.gather(op.const(np.append(table, [NAN, NAN])), node)


def rows(table: scores.Floats, node: Var) -> Var:
    """[N, K], NaN where no node is reached."""
    full = np.vstack([table, np.full((2, table.shape[1]), np.nan)])
    return op.reshape(op.gather(op.const(full), node, axis=0), op.const(np.array([-1, table.shape[1]], np.int64)))


def entity(model: TreeModel, node: Var, emitter: Emitter) -> Value:
    """The id of the reached node."""
    assert model.nodes is not None, "checked before"
    words = scores.ids(model.nodes)
    unique = tuple(dict.fromkeys(words))
    at = {word: i for i, word in enumerate(unique)}
    codes = np.array([*(at[word] for word in words), len(unique) + 1, len(unique) + 1], np.int64)
    nullable = emitter.can_miss or emitter.can_fail
    return Value(op.gather(op.const(codes), node), "string", nullable, None, unique, optype="categorical")
