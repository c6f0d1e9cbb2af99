"""One tree whose leaves give one number (or a label) each: what functions of a tree's result are folded into.

A tree's result takes as many values as it has leaves, so a function of it is another tree of the same shape: computed
here once per leaf, in the function's own arithmetic, instead of once per row.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from modelport_columnar.trees import TreeEnsemble
from modelport_columnar.values import Array


@dataclass(frozen=True, slots=True, eq=False)
class LeafTree:
    """One tree of an ensemble.

    Attributes:
        ensemble: where its branching nodes are.
        root: where it begins; `-1 - leaf` for a tree that is a leaf.
        leaves: numbers of the leaves that can be reached.
        values: [len(leaves)] what each gives.
    """

    ensemble: TreeEnsemble
    root: int
    leaves: Array
    values: Array

    def _key(self) -> tuple[Any, ...]:
        values = tuple(self.values.tolist()) if self.values.dtype == object else self.values.tobytes()
        return (id(self.ensemble), self.root, str(self.values.dtype), values)

    def __hash__(self) -> int:
        return hash(self._key())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, LeafTree) and self._key() == other._key()

    def mapped(self, function: Callable[[Array], Array]) -> "LeafTree":
        """The tree of `function` of what this one gives."""
        return LeafTree(self.ensemble, self.root, self.leaves, function(self.values))

    @property
    def shape(self) -> tuple[int, int]:
        """What two trees that differ in their leaves' values only have in common."""
        return (id(self.ensemble), self.root)

    def by_leaf(self) -> dict[int, Any]:
        """Leaf number → value."""
        return dict(zip(self.leaves.tolist(), self.values.tolist(), strict=True))


def trees_of(ensemble: TreeEnsemble, target: int) -> list[LeafTree]:
    """The trees that vote for one target, with what each adds to it; trees that never vote for it are left out."""
    weight = np.zeros(len(ensemble.leaf_start) - 1, ensemble.leaf_weight.dtype)
    votes = np.zeros(len(weight), bool)
    owner = np.repeat(np.arange(len(weight)), np.diff(ensemble.leaf_start))
    mine = ensemble.leaf_target == target
    np.add.at(weight, owner[mine], ensemble.leaf_weight[mine])
    votes[owner[mine]] = True
    found = []
    for root in ensemble.roots.tolist():
        leaves = ensemble.walk(root).leaves
        if votes[leaves].any():
            found.append(LeafTree(ensemble, root, leaves, weight[leaves]))
    return found
