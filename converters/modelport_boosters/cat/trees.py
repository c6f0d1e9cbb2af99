"""CatBoost's trees as arrays: `x > border` is a set bit, or the right child.

Source: CatBoost 1.2, `catboost/libs/model/model.h` (oblivious trees: the splits' bits number the leaf, the first split
is the lowest) and `model_export`.
"""

from typing import Any

import numpy as np

from modelport_boosters.cat.model import CatModel
from modelport_onnx.blocks.trees import Trees, binary_tree, join

FLOAT = "FloatFeature"


def other_splits(model: CatModel) -> set[str]:
    """Kinds of splits besides those of numbers (`OneHotFeature`, `OnlineCtr` …)."""
    found = {split["split_type"] for tree in model.symmetric for split in tree["splits"] or ()}
    waiting = list(model.trees)
    while waiting:
        node = waiting.pop()
        if "split" in node:
            found.add(node["split"]["split_type"])
            waiting += [node["left"], node["right"]]
    return found - {FLOAT}


def forest(model: CatModel) -> Trees:
    """All trees, each leaf with one value an output."""
    symmetric = [_symmetric(model, tree) for tree in model.symmetric]
    return join([*symmetric, *(_any_shape(model, tree) for tree in model.trees)])


def _symmetric(model: CatModel, tree: dict[str, Any]) -> Trees:
    """Level after level; a node's place in its level is the number its bits spell so far."""
    splits = tree["splits"] or ()
    depth = len(splits)
    values = np.asarray(tree["leaf_values"], np.float64).reshape(1 << depth, model.outputs)
    parts: list[list[Any]] = [[], [], [], [], []]
    for level, split in enumerate(splits):
        size, start = 1 << level, (1 << (level + 1)) - 1
        clear = start + np.arange(size)
        feature = int(split["float_feature_index"])
        row = (model.columns[feature], split["border"], None, None, model.missing_low[feature])
        for part, value in zip(parts, row, strict=True):
            part.append(np.full(size, value if value is not None else -1, np.float64))
        parts[2][-1], parts[3][-1] = clear, clear + size
    inner = (1 << depth) - 1
    for part, filler in zip(parts, (0.0, 0.0, -1.0, -1.0, 0.0), strict=True):
        part.append(np.full(1 << depth, filler))
    features, borders, clear_side, set_side, low = (np.concatenate(part) for part in parts)
    leaves = np.concatenate([np.zeros((inner, model.outputs)), values])
    return binary_tree(features, borders, clear_side, set_side, leaves, missing_true=low.astype(np.bool_))


def _any_shape(model: CatModel, tree: dict[str, Any]) -> Trees:
    rows: list[list[Any]] = []
    waiting: list[tuple[dict[str, Any], int, int]] = [(tree, -1, 0)]
    while waiting:
        node, parent, side = waiting.pop()
        if parent >= 0:
            rows[parent][2 + side] = len(rows)
        if "split" not in node:
            rows.append([0, 0.0, -1, -1, False, node["value"]])
            continue
        feature = int(node["split"]["float_feature_index"])
        border = node["split"]["border"]
        rows.append([model.columns[feature], border, -1, -1, model.missing_low[feature], [0.0] * model.outputs])
        waiting += [(node["right"], len(rows) - 1, 1), (node["left"], len(rows) - 1, 0)]
    features, borders, left, right, low, values = zip(*rows, strict=True)
    leaves = np.array([np.broadcast_to(np.asarray(value, np.float64), (model.outputs,)) for value in values])
    return binary_tree(features, borders, left, right, leaves, missing_true=low)
