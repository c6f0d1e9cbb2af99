"""LightGBM's trees as arrays, over columns in which what a split takes for missing is NaN.

Source: LightGBM 4, `Tree::NumericalDecision`, `Tree::CategoricalDecision` (`include/LightGBM/tree.h`).
"""

from dataclasses import dataclass

import numpy as np

from modelport.errors import InputError
from modelport_boosters.lgbm.model import LgbmModel, LgbmTree
from modelport_onnx.blocks.trees import LEQ, MEMBER, Trees, binary_tree, join

CATEGORY = 3
"""How a column is read, besides NONE, ZERO and NAN: as a category."""


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns trees look at: each a feature, read in one way. Most models read each feature in one way only."""

    feature: tuple[int, ...]
    kind: tuple[int, ...]


def columns_of(model: LgbmModel) -> Columns:
    """Every feature in its place, then those that are read in a second way.

    Raises:
        InputError: a tree looks at a column that is not there.
    """
    seen: dict[int, list[int]] = {i: [] for i in range(len(model.names))}
    for tree in model.trees:
        if len(tree.feature) and not 0 <= tree.feature.min() <= tree.feature.max() < len(model.names):
            raise InputError("a tree looks at a column that the model does not have", hint="write the model again")
        for feature, kind in zip(tree.feature.tolist(), _kinds(tree).tolist(), strict=True):
            if kind not in seen[feature]:
                seen[feature].append(kind)
    first = [(feature, kinds[0] if kinds else 2) for feature, kinds in seen.items()]
    more = [(feature, kind) for feature, kinds in seen.items() for kind in kinds[1:]]
    pairs = [*first, *more]
    return Columns(tuple(feature for feature, _ in pairs), tuple(kind for _, kind in pairs))


def forest(model: LgbmModel, columns: Columns) -> Trees:
    """All trees; tree i adds to output i modulo outputs.

    Raises:
        InputError: the model's parts do not fit together.
    """
    place = {pair: i for i, pair in enumerate(zip(columns.feature, columns.kind, strict=True))}
    return join([_tree(tree, i % model.outputs, place) for i, tree in enumerate(model.trees)]).reachable()


def _kinds(tree: LgbmTree) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    categorical = np.array([members is not None for members in tree.members], np.bool_)
    return np.where(categorical, CATEGORY, tree.missing)


def _tree(tree: LgbmTree, target: int, place: dict[tuple[int, int], int]) -> Trees:
    """Inner nodes first, leaves behind them. A category that is missing or not listed goes right."""
    inner, leaves = len(tree.left), len(tree.value)
    if not inner:
        return binary_tree([0], [0.0], [-1], [-1], tree.value, target=target)
    kinds = _kinds(tree)
    categorical = kinds == CATEGORY
    pairs = zip(tree.feature.tolist(), kinds.tolist(), strict=True)

    def padded(values: object, filler: float) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        return np.concatenate([np.asarray(values, np.float64), np.full(leaves, filler)])

    def children(side: np.ndarray[tuple[int], np.dtype[np.int64]]) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        return padded(np.where(side < 0, inner + ~side, side), -1)

    return binary_tree(
        padded([place[pair] for pair in pairs], 0),
        padded(np.where(categorical, 0.0, tree.threshold), 0),
        children(tree.left),
        children(tree.right),
        np.concatenate([np.zeros(inner), tree.value]),
        missing_true=padded(tree.default_left & ~categorical, 0).astype(np.bool_),
        mode=padded(np.where(categorical, MEMBER, LEQ), LEQ).astype(np.uint8),
        members=[members for members in tree.members if members is not None],
        target=target,
    )
