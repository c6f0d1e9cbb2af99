"""XGBoost's trees as arrays: `x < split` goes left, a category that is listed goes right.

Source: XGBoost `src/predictor/predict_fn.h` (GetNextNode) and `src/common/categorical.h` (Decision), 3.2.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from modelport.errors import InputError
from modelport_boosters.xgb.model import Floats, XgbModel
from modelport_onnx.blocks.trees import LT, MEMBER, Trees, binary_tree, join


def forest(model: XgbModel, best: bool, base: Floats | None = None) -> Trees:
    """The trees predictions use, those of the first output first, each with one float32 value a leaf.

    A DART weight multiplies the leaf in float32, as the library does before it adds. Its in-place prediction, which
    `xgboost.sklearn` uses, adds the margin to each leaf first and takes it off again (src/gbm/gbtree.cc).

    Args:
        best: whether to leave out the rounds after early stopping's best.
        base: [outputs], the margins that in-place prediction adds; None for `Booster.predict`.

    Raises:
        InputError: the model's parts do not fit together.
    """
    try:
        return _forest(model, best, base).reachable()
    except (KeyError, IndexError, TypeError, ValueError) as error:
        reason = f"the trees' parts do not fit together: {type(error).__name__} {error}"
        raise InputError(reason, hint="write the model again with save_model") from error


def _forest(model: XgbModel, best: bool, base: Floats | None) -> Trees:
    kept = model.kept(best)
    numbered = list(enumerate(model.trees))[kept]
    parts: list[list[Trees]] = [[] for _ in range(model.outputs)]
    for number, tree in numbered:
        drop = np.float32(1 if model.drops is None else model.drops[number])
        if _leaf_width(tree) > 1:
            for output in range(model.outputs):
                parts[output].append(_tree(tree, _vector_leaves(tree, output) * drop))
            continue
        output, values = int(model.groups[number]), np.asarray(tree["split_conditions"], np.float32)
        if model.drops is not None and base is not None:
            values = (values + base[output]) - base[output]
        parts[output].append(_tree(tree, values * drop))
    if len({len(own) for own in parts}) != 1:
        raise ValueError("the outputs have different numbers of trees")
    return join([tree for own in parts for tree in own])


def _leaf_width(tree: Mapping[str, Any]) -> int:
    return max(1, int(tree["tree_param"]["size_leaf_vector"]))


def _vector_leaves(tree: Mapping[str, Any], output: int) -> np.ndarray[Any, np.dtype[np.float32]]:
    """One output's leaf values, by node. Since 3.1 leaves are numbered by their right child; before, by their node."""
    width = _leaf_width(tree)
    if "leaf_weights" not in tree:
        return np.asarray(tree["base_weights"], np.float32).reshape(-1, width)[:, output]
    weights = np.asarray(tree["leaf_weights"], np.float32).reshape(-1, width)
    left, right = np.asarray(tree["left_children"]), np.asarray(tree["right_children"])
    return np.where(left < 0, weights[np.where(left < 0, right, 0), output], np.float32(0))


def _tree(tree: Mapping[str, Any], values: Any) -> Trees:
    left, right = np.asarray(tree["left_children"], np.int64), np.asarray(tree["right_children"], np.int64)
    categorical = (np.asarray(tree["split_type"], np.int64) == 1) & (left >= 0)
    default_left = np.asarray(tree["default_left"]).astype(np.bool_)
    return binary_tree(
        np.asarray(tree["split_indices"], np.int64),
        np.asarray(tree["split_conditions"], np.float32).astype(np.float64),
        np.where(categorical, right, left),
        np.where(left < 0, -1, np.where(categorical, left, right)),
        values,
        missing_true=default_left ^ categorical,
        mode=np.where(categorical, MEMBER, LT),
        members=_listed(tree, np.flatnonzero(categorical)),
    )


def _listed(tree: Mapping[str, Any], nodes: Any) -> list[Any]:
    """The categories listed for each categorical node."""
    values = np.asarray(tree.get("categories", ()), np.int64)
    starts, sizes = np.asarray(tree.get("categories_segments", ())), np.asarray(tree.get("categories_sizes", ()))
    found = {
        int(node): values[int(start) : int(start) + int(size)]
        for node, start, size in zip(np.asarray(tree.get("categories_nodes", ())), starts, sizes, strict=True)
    }
    return [found.get(int(node), values[:0]) for node in nodes]
