"""What the nodes of a tree say: numbers, labels, distributions, ids; tables that the reached node is looked up in.

Source of the details: JPMML-Evaluator's ComplexTreeModelEvaluator (1.7): record counts become shares, and a node's
`score` names the class even where its distribution does not.
"""

import numpy as np
from numpy.typing import NDArray

from modelport_pmml.reader.elements.tree import TreeModel
from modelport_pmml.reader.nodes import Nodes
from modelport_pmml.reader.scalars import number

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def numeric(model: TreeModel, nodes: Nodes) -> Floats:
    """[M], NaN where a node has no score."""
    found = np.full(len(nodes), np.nan)
    scored = np.flatnonzero(nodes.score >= 0)
    used = np.unique(nodes.score[scored])
    values = {int(i): number(nodes.strings[i], "the score of a node", model.at) for i in used}
    found[scored] = [values[int(i)] for i in nodes.score[scored]]
    return found


def narrowed(table: Floats) -> Floats:
    """Rounded to float32."""
    found: Floats = table.astype(np.float32).astype(np.float64)
    return found


def classes(nodes: Nodes) -> tuple[str, ...]:
    """The labels of distributions and scores, as they first occur."""
    named = [int(i) for i in (*nodes.dist_value, *nodes.score[nodes.score >= 0])]
    return tuple(nodes.strings[i] for i in dict.fromkeys(named))


def distribution(model: TreeModel, nodes: Nodes, labels: tuple[str, ...]) -> tuple[Floats, Floats] | None:
    """Probabilities and confidences [M, K], NaN in nodes without a distribution; None where no node has one."""
    if not len(nodes.dist_value):
        return None
    at = {label: i for i, label in enumerate(labels)}
    owner = np.repeat(np.arange(len(nodes)), np.diff(nodes.first))
    place = np.array([at[nodes.strings[i]] for i in nodes.dist_value])
    first = nodes.first[:-1][owner]
    probable = ~np.isnan(nodes.dist_probability[first])
    weight = np.where(probable, nodes.dist_probability, nodes.dist_count)
    if np.isnan(weight).any():
        line = nodes.line[owner[np.isnan(weight)][0]]
        raise model.bad(f"a ScoreDistribution of the node at line {line} lacks its recordCount or probability")
    share, sure = np.zeros((len(nodes), len(labels))), np.zeros((len(nodes), len(labels)))
    share[owner, place] = weight
    sure[owner, place] = np.where(np.isnan(nodes.dist_confidence), 0.0, nodes.dist_confidence)
    total = np.bincount(owner, weight, len(nodes))
    with np.errstate(invalid="ignore", divide="ignore"):
        share = np.where((total == 1.0)[:, None], share, share / total[:, None])
    none = np.diff(nodes.first) == 0
    share[none], sure[none] = np.nan, np.nan
    return share, sure


def labels_of(nodes: Nodes, labels: tuple[str, ...]) -> Ints:
    """[M], the position of each node's label, its score; -1 for none."""
    at = {label: i for i, label in enumerate(labels)}
    found = np.full(len(nodes), -1, np.int64)
    scored = nodes.score >= 0
    found[scored] = [at[nodes.strings[i]] for i in nodes.score[scored]]
    return found


def ids(nodes: Nodes) -> tuple[str, ...]:
    """Each node's id; a node without one is called by its place in the document, from 1."""
    return tuple(nodes.strings[i] if i >= 0 else str(at + 1) for at, i in enumerate(nodes.ident.tolist()))
