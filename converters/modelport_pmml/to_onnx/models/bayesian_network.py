"""BayesianNetworkModel of discrete nodes. https://dmg.org/pmml/v4-4-1/BayesianNetwork.html

The answer is the exact conditional distribution of the target given the fields that are there: the probabilities of all
assignments of the network are tabled while converting, and those that agree with a row are added up. No evaluator
computes it; the rule is the specification's and the definition of a Bayesian network (Pearl 1988).
"""

import itertools
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from spox import Var

from modelport_onnx.ops import op
from modelport_pmml.reader.elements.bayesian_network import (
    BayesianNetworkModel,
    DiscreteConditionalProbability,
    DiscreteNode,
)
from modelport_pmml.to_onnx.expression import derived
from modelport_pmml.to_onnx.expressions.map_values import positions
from modelport_pmml.to_onnx.prediction import Prediction, classified
from modelport_pmml.to_onnx.scope import Scope
from modelport_pmml.to_onnx.value import Value, any_invalid, constant, either, is_missing

Floats = NDArray[np.float64]
MAX_ASSIGNMENTS = 1 << 12
"""Assignments of all nodes that are tabled: a row of the batch holds a number for each."""


def lower(model: BayesianNetworkModel, scope: Scope) -> Prediction:
    """A value that no node lists, and evidence that cannot be, leave an invalid row."""
    nodes = {node.name: node for node in model.network_nodes.discrete}
    mining = scope.target()
    if mining is None or mining.name not in nodes or model.function_name != "classification":
        raise model.bad("a BayesianNetworkModel is a classification whose target is one of its discrete nodes")
    if model.inference_method == "MCMC":
        raise model.refuse("inference by sampling (MCMC)", 'the exact answer is had with inferenceMethod="Exact"')
    words = {name: _values(node) for name, node in nodes.items()}
    count = int(np.prod([float(len(item)) for item in words.values()]))
    if count > MAX_ASSIGNMENTS:
        raise model.refuse(f"a network with {count} assignments of its nodes")
    cells = list(itertools.product(*(range(len(item)) for item in words.values())))
    joint = _joint(nodes, words, np.array(cells))
    agree: Var = op.const(joint[None, :])
    values = []
    for i, (name, node) in enumerate(nodes.items()):
        value = None if name == mining.name else _evidence(node, scope)
        if value is not None:
            own, value = _agreement(node, value, words[name], np.array(cells)[:, i])
            agree = op.mul(agree, own)
            values.append(value)
    place = list(nodes).index(mining.name)
    classes = words[mining.name]
    onto = np.equal.outer(np.array(cells)[:, place], np.arange(len(classes))).astype(np.float64)
    masses = op.matmul(agree, op.const(onto))
    total = op.reduce_sum(masses, op.const(np.array([1], np.int64)), keepdims=1)
    never = op.equal(total, constant(0.0))
    invalid = either(any_invalid(values), never)
    return classified(model, scope, classes, op.div(masses, total), invalid=invalid)


def _values(node: DiscreteNode) -> tuple[str, ...]:
    found = [item.value for item in node.probabilities]
    for part in node.conditional:
        found += [item.value for item in part.probabilities]
    if not found:
        raise node.bad(f"the node {node.name!r} has no probabilities")
    return tuple(dict.fromkeys(found))


def _joint(nodes: Mapping[str, DiscreteNode], words: Mapping[str, tuple[str, ...]], cells: NDArray[np.int64]) -> Floats:
    """The probability of each assignment [J], the product of the nodes' given their parents."""
    names = list(nodes)
    found = np.ones(len(cells))
    for i, (name, node) in enumerate(nodes.items()):
        own = np.zeros(len(cells))
        if not node.conditional:
            shares = {item.value: item.probability for item in node.probabilities}
            own = np.array([shares.get(word, 0.0) for word in words[name]])[cells[:, i]]
        for part in node.conditional:
            shares = {item.value: item.probability for item in part.probabilities}
            table = np.array([shares.get(word, 0.0) for word in words[name]])
            own = np.where(_given(part, names, words, cells), table[cells[:, i]], own)
        found *= own
    return found


def _given(
    part: DiscreteConditionalProbability, names: list[str], words: Mapping[str, tuple[str, ...]],
    cells: NDArray[np.int64],
) -> NDArray[np.bool_]:  # fmt: skip
    """Which assignments have these values of the parents, [J]."""
    holds = np.ones(len(cells), np.bool_)
    for parent in part.parents:
        if parent.parent not in names:
            raise parent.bad(f"there is no node {parent.parent!r}")
        if parent.value not in words[parent.parent]:
            raise parent.bad(f"the node {parent.parent!r} has no value {parent.value!r}")
        holds &= cells[:, names.index(parent.parent)] == words[parent.parent].index(parent.value)
    return holds


def _evidence(node: DiscreteNode, scope: Scope) -> Value | None:
    """The field of a node; None for a node that no field tells of."""
    if node.derived:
        if len(node.derived) > 1:
            raise node.refuse(f"the node {node.name!r} with several derived fields")
        return derived(node.derived[0], scope)
    known = node.name in scope.mining or node.name in scope.local or node.name in scope.shared
    return scope.resolve(node.name, node) if known else None


def _agreement(node: DiscreteNode, value: Value, words: tuple[str, ...], own: NDArray[np.int64]) -> tuple[Var, Value]:
    """Which assignments agree with a row's value [N, J], all where it is missing; and the value, invalid if unknown."""
    place = positions(value, words, node)
    gone = is_missing(value)
    unknown = op.equal(place, op.const(np.array([[len(words)]], np.int64)))
    if gone is not None:
        place = op.where(gone, op.const(np.array([[len(words) + 1]], np.int64)), place)
        unknown = op.and_(unknown, op.not_(gone))
    table = np.vstack([np.equal.outer(np.arange(len(words)), own), np.zeros(len(own)), np.ones(len(own))])
    agree = op.gather(op.const(table.astype(np.float64)), place, axis=0)
    return op.reshape(agree, op.const(np.array([-1, len(own)], np.int64))), value.with_invalid(unknown)
