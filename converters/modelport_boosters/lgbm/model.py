"""LgbmModel: what a LightGBM model file says.

Source: LightGBM 4 (`src/boosting/gbdt_model_text.cpp`, `src/io/tree.cpp`, `include/LightGBM/tree.h`).
"""

import json
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelport.errors import InputError

NONE, ZERO, NAN = 0, 1, 2
"""What a split takes for missing: nothing, zeros, NaN."""


@dataclass(frozen=True, slots=True)
class LgbmTree:
    """One tree; a child below 0 is the leaf `~child`.

    Attributes:
        members: for each node the categories that go left, None for a numeric one.
        missing: for each node NONE, ZERO or NAN.
        constant, columns, factors: of linear leaves, what they add up; empty where a leaf is a value.
    """

    feature: NDArray[np.int64]
    threshold: NDArray[np.float64]
    left: NDArray[np.int64]
    right: NDArray[np.int64]
    value: NDArray[np.float64]
    default_left: NDArray[np.bool_]
    missing: NDArray[np.int64]
    members: tuple[NDArray[np.int64] | None, ...]
    linear: bool
    constant: NDArray[np.float64]
    columns: tuple[NDArray[np.int64], ...]
    factors: tuple[NDArray[np.float64], ...]


@dataclass(frozen=True, slots=True)
class LgbmModel:
    """A parsed model.

    Attributes:
        objective: LightGBM's name of it, "" for one's own.
        settings: the objective's parameters, by name; `sqrt` stands there without a value.
        outputs: trees a round, one for each class.
        averaged: whether predictions are means over rounds (random forests).
        names: of the features.
        infos: for each feature its range, its categories, or "none" where it was never used.
        categories: pandas categories in the order of the categorical columns.
        raw: the text that was read.
    """

    objective: str
    settings: dict[str, str]
    outputs: int
    averaged: bool
    names: tuple[str, ...]
    infos: tuple[str, ...]
    categories: tuple[tuple[Any, ...], ...]
    trees: tuple[LgbmTree, ...]
    version: str
    raw: str

    @property
    def categorical(self) -> tuple[int, ...]:
        """Columns that are split by category."""
        return tuple(i for i, info in enumerate(self.infos) if info != "none" and not info.startswith("["))


def parse(text: str) -> LgbmModel:
    """A model from the text of its file.

    Raises:
        InputError: it is truncated, or no LightGBM model.
    """
    if "\nend of trees" not in text:
        raise InputError("this is no LightGBM model, or it ends early", hint="write it again with save_model")
    head, *blocks = text[: text.index("\nend of trees")].split("\nTree=")
    try:
        fields = _fields(head)
        name, *options = fields.get("objective", "").split() or [""]
        return _checked(
            LgbmModel(
                objective="" if name in ("custom", "none") else name,
                settings=dict(_setting(option) for option in options),
                outputs=int(fields["num_tree_per_iteration"]),
                averaged="average_output" in fields,
                names=tuple(fields["feature_names"].split(" ")),
                infos=tuple(fields["feature_infos"].split(" ")),
                categories=_categories(text),
                trees=tuple(_tree(_fields(block)) for block in blocks),
                version=fields.get("version", ""),
                raw=text,
            )
        )
    except (KeyError, ValueError, IndexError, OverflowError, TypeError) as error:
        reason = f"this is no LightGBM model: {type(error).__name__} {error}"
        raise InputError(reason, hint="write it again with save_model") from error


def _checked(model: LgbmModel) -> LgbmModel:
    if model.outputs < 1:
        raise ValueError("a round has no trees")
    if "" in model.names:
        raise ValueError("a feature has no name")
    return model


def _fields(block: str) -> dict[str, str]:
    return {name: value for name, _, value in (line.partition("=") for line in block.splitlines())}


def _setting(option: str) -> tuple[str, str]:
    name, _, value = option.partition(":")
    return name, value


def _categories(text: str) -> tuple[tuple[Any, ...], ...]:
    found = text.rpartition("\npandas_categorical:")[2] if "\npandas_categorical:" in text else "null"
    return tuple(tuple(values) for values in json.loads(found.strip()) or ())


def _tree(fields: dict[str, str]) -> LgbmTree:
    def numbers(name: str, kind: type[np.generic]) -> NDArray[Any]:
        return np.array(fields.get(name, "").split(), kind)

    decision = numbers("decision_type", np.int64)
    threshold = numbers("threshold", np.float64)
    categorical = (decision & 1).astype(np.bool_)
    bounds, words = numbers("cat_boundaries", np.int64), numbers("cat_threshold", np.uint32)
    members = [
        _bits(words[bounds[int(at)] : bounds[int(at) + 1]]) if is_set else None
        for is_set, at in zip(categorical.tolist(), threshold.tolist(), strict=True)
    ]
    linear = fields.get("is_linear", "0") == "1"
    sizes = numbers("num_features", np.int64) if linear else np.zeros(0, np.int64)
    ends = np.cumsum(sizes)[:-1]
    tree = LgbmTree(
        feature=numbers("split_feature", np.int64),
        threshold=threshold,
        left=numbers("left_child", np.int64),
        right=numbers("right_child", np.int64),
        value=numbers("leaf_value", np.float64),
        default_left=(decision & 2).astype(np.bool_),
        missing=(decision >> 2) & 3,
        members=tuple(members),
        linear=linear,
        constant=numbers("leaf_const", np.float64),
        columns=tuple(np.split(numbers("leaf_features", np.int64), ends)) if linear else (),
        factors=tuple(np.split(numbers("leaf_coeff", np.float64), ends)) if linear else (),
    )
    if linear and {len(tree.constant), len(sizes)} != {len(tree.value)}:
        raise ValueError("a tree's leaves are of different lengths")
    parts = (*tree.columns, *tree.factors)
    if linear and ((sizes < 0).any() or [len(part) for part in parts] != 2 * sizes.tolist()):
        raise ValueError("a leaf has not as many slopes as columns")
    lengths = {len(part) for part in (tree.feature, tree.threshold, tree.left, tree.right, decision)}
    if len(lengths) != 1 or len(tree.value) != int(fields["num_leaves"]) or len(tree.value) != len(tree.left) + 1:
        raise ValueError("a tree's parts are of different lengths")
    return tree


def _bits(words: NDArray[np.uint32]) -> NDArray[np.int64]:
    return np.flatnonzero(np.unpackbits(words.astype("<u4").view(np.uint8), bitorder="little"))
