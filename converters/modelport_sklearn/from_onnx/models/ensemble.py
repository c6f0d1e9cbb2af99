"""The trees of a graph, however it adds them up, as one list."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from onnx import NodeProto, TensorProto

from modelport_columnar.trees import MODES, TreeEnsemble, from_older, from_version_5
from modelport_sklearn.from_onnx.graph import Array, Graph, NoMatch, expect

LEAF = -1


@dataclass(frozen=True)
class Tree:
    """One tree, its nodes in preorder; `x <= threshold` goes left.

    Attributes:
        left, right, feature: [M]; children of leaves are -1.
        threshold: [M] float64.
        missing_left: [M] whether NaN goes left.
        value: [M, K] what leaves give; 0 elsewhere.
    """

    left: Array
    right: Array
    feature: Array
    threshold: Array
    missing_left: Array
    value: Array


@dataclass(frozen=True)
class Forest:
    """Trees that are added up.

    Attributes:
        rows: the tensor they look at, before it is rounded.
        narrow: whether it is rounded to float32 first.
    """

    rows: str
    narrow: bool
    trees: tuple[Tree, ...]

    @property
    def width(self) -> int:
        return int(self.trees[0].value.shape[1])


def total(graph: Graph, name: str) -> Forest:
    """Trees whose sum a tensor [N, K] is.

    Raises:
        NoMatch: it is something else, or compares as no scikit-learn tree does.
    """
    name = graph.widened(graph.reshaped(graph.widened(name)))
    operator = graph.op(name)
    if operator == "Sum":
        return _joined([total(graph, item) for item in graph.node(name, "Sum").input])
    if operator == "ReduceSum":
        return _looked_up(graph, graph.behind(name, "ReduceSum"))
    return forest_of(graph, graph.node(name, "TreeEnsemble", "TreeEnsembleRegressor"))


def reached(graph: Graph, name: str) -> Forest:
    """The one tree whose leaves a tensor [N, K] looks up."""
    forest = _looked_up(graph, name)
    expect(len(forest.trees) == 1)
    return forest


def _looked_up(graph: Graph, name: str) -> Forest:
    """Leaves numbered by the trees, and looked up in a table [L, K]."""
    node = graph.node(name, "Gather")
    table = graph.constant(node.input[0])
    expect(table.ndim == 2)
    numbers = forest_of(
        graph,
        graph.node(graph.uncast(graph.reshaped(node.input[1])), "TreeEnsemble", "TreeEnsembleRegressor"),
        each=True,
    )
    trees = [
        replace(tree, value=np.where(tree.left[:, None] == LEAF, table[tree.value.sum(axis=1).astype(np.int64)], 0.0))
        for tree in numbers.trees
    ]
    return replace(numbers, trees=tuple(trees))


def _joined(parts: list[Forest]) -> Forest:
    expect(len({(part.rows, part.narrow) for part in parts}) == 1, "trees look at different rows")
    return replace(parts[0], trees=tuple(tree for part in parts for tree in part.trees))


def forest_of(graph: Graph, node: NodeProto, *, each: bool = False, leaf: str = "target") -> Forest:
    """The trees of one node.

    Args:
        each: its leaves hold numbers of leaves, one target a tree.
        leaf: `class` for TreeEnsembleClassifier.
    """
    settings = graph.attributes(node)
    modern = node.op_type == "TreeEnsemble"
    if not modern:
        settings = {name: list(value) if isinstance(value, tuple) else value for name, value in settings.items()}
    ensemble = from_version_5(settings) if modern else from_older(settings, leaf)
    if leaf == "target":
        bases = settings.get("base_values") or []
        expect(not any(bases) and settings.get("base_values_as_tensor") is None, "base values")
        expect(settings.get("post_transform", 0) in (0, b"NONE"), "a link inside of the trees")
        expect(ensemble.aggregate == "SUM", "no sum")
    rows, narrow = _rows(graph, node.input[0], ensemble.kind == "float32" or ensemble.split.dtype == np.float32)
    return Forest(rows, narrow, tuple(_trees(ensemble)))


def _rows(graph: Graph, name: str, narrow: bool) -> tuple[str, bool]:
    """What trees look at, and whether it is float32 when they do."""
    name = graph.widened(name)
    if graph.op(name) == "Cast" and graph.cast_to(name) == TensorProto.FLOAT:
        return graph.widened(graph.behind(name, "Cast")), True
    return name, narrow or graph.types.get(name) == TensorProto.FLOAT


def _trees(ensemble: TreeEnsemble) -> Iterator[Tree]:
    if ensemble.members:
        raise NoMatch("splits on sets")
    left, right, threshold, missing = _turned(ensemble)
    values = _leaf_values(ensemble)
    for root in ensemble.roots.tolist():
        yield _tree(root, left, right, ensemble.feature, threshold, missing, values)


def _turned(ensemble: TreeEnsemble) -> tuple[Array, Array, Array, Array]:
    """All comparisons as `<=`: `<` has the next smaller number, `>` and `>=` exchange their children."""
    names = np.array(MODES)[ensemble.mode]
    expect(set(names.tolist()) <= {"BRANCH_LEQ", "BRANCH_LT", "BRANCH_GT", "BRANCH_GTE"}, "splits on equality")
    threshold = ensemble.split.astype(np.float64)
    strict = np.isin(names, ("BRANCH_LT", "BRANCH_GTE"))
    threshold = np.where(strict, np.nextafter(threshold, -np.inf), threshold)
    turned = np.isin(names, ("BRANCH_GT", "BRANCH_GTE"))
    left = np.where(turned, ensemble.when_false, ensemble.when_true)
    right = np.where(turned, ensemble.when_true, ensemble.when_false)
    return left, right, threshold, np.where(turned, ~ensemble.missing_true, ensemble.missing_true)


def _leaf_values(ensemble: TreeEnsemble) -> Array:
    """[L, targets] of what the leaves give."""
    counts = np.diff(ensemble.leaf_start)
    values = np.zeros((len(counts), ensemble.targets))
    leaf = np.repeat(np.arange(len(counts)), counts)
    np.add.at(values, (leaf, ensemble.leaf_target), ensemble.leaf_weight.astype(np.float64))
    return values


def _tree(
    root: int, left: Array, right: Array, feature: Array, threshold: Array, missing: Array, values: Array
) -> Tree:
    """One tree in preorder, from arrays in which children below 0 are leaves (`-1 - leaf`)."""
    order: list[int] = []
    parents: list[tuple[int, bool]] = []
    waiting = [(root, -1, True)]
    while waiting:
        at, parent, is_left = waiting.pop()
        here = len(order)
        order.append(at)
        parents.append((parent, is_left))
        expect(here <= 2 * len(left) + 1, "a tree that goes in circles")
        if at >= 0:
            waiting += [(int(right[at]), here, False), (int(left[at]), here, True)]
    if len(order) == 3 and left[root] == right[root]:
        order, parents = [int(left[root])], [(-1, True)]  # a lone leaf stands under a split of no consequence
    nodes = np.array(order)
    inner = nodes >= 0
    branch, leaf = np.where(inner, nodes, 0), np.where(inner, 0, -1 - nodes)
    children = np.full((2, len(nodes)), LEAF)
    for here, (parent, is_left) in enumerate(parents):
        if parent >= 0:
            children[0 if is_left else 1, parent] = here
    empty = len(feature) == 0
    return Tree(
        children[0],
        children[1],
        np.zeros(len(nodes), np.int64) if empty else np.where(inner, feature[branch], -2),
        np.full(len(nodes), -2.0) if empty else np.where(inner, threshold[branch], -2.0),
        np.zeros(len(nodes), bool) if empty else inner & missing[branch].astype(bool),
        np.where(inner[:, None], 0.0, values[leaf]),
    )
