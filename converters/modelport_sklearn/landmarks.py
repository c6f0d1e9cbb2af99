"""Landmarks: values of input columns where a fitted model's function may jump."""

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from modelport.runtimes import Landmarks
from modelport.signature import Category
from modelport_sklearn import boosters
from modelport_sklearn.scalars import is_missing, scalar
from modelport_sklearn.walk import Use, uses

Values = Iterable[Any]


def landmarks(model: Any, names: tuple[str, ...]) -> Landmarks:
    """Input column → splits, bin edges, categories and clip bounds, ascending, each once.

    A value behind a scaler is brought back to the input's own scale, so it may be a float step off the jump.
    """
    found: dict[str, set[Category]] = {}
    memory: dict[int, dict[int, list[Category]]] = {}
    for use in uses(model, len(names)):
        for value in _values(use, memory):
            kept = _back(use, value)
            if kept is not None:
                found.setdefault(names[use.origin.column], set()).add(kept)
    return {name: tuple(_sorted(values)) for name, values in found.items()}


def _sorted(values: set[Category]) -> list[Category]:
    return sorted(values, key=lambda value: (isinstance(value, str), value))


def _back(use: Use, value: Any) -> Category | None:
    if is_missing(value):
        return None
    plain = scalar(value)
    if isinstance(plain, str | bool) or (use.origin.scale == 1.0 and use.origin.offset == 0.0):
        return plain
    moved = use.origin.back(float(plain))
    return moved if np.isfinite(moved) else None


def _values(use: Use, memory: dict[int, dict[int, list[Category]]]) -> Values:
    estimator = use.estimator
    rule = _RULES.get(type(estimator).__name__)
    if rule is not None:
        return rule(estimator, use.index)
    splits = _splits(estimator)
    if splits is None:
        return ()
    if id(estimator) not in memory:
        memory[id(estimator)] = _by_column(splits)
    found = memory[id(estimator)].get(use.index, [])
    return [*found, *_histogram_categories(estimator, use.index)] if hasattr(estimator, "_predictors") else found


def _by_column(splits: Iterable[tuple[int, Category]]) -> dict[int, list[Category]]:
    grouped: dict[int, set[Category]] = {}
    for column, value in splits:
        grouped.setdefault(column, set()).add(value)
    return {column: list(values) for column, values in grouped.items()}


def _splits(estimator: Any) -> Iterable[tuple[int, Category]] | None:
    """Every split of a tree or an ensemble of trees; None for another kind of estimator."""
    if boosters.is_booster(estimator):
        return boosters.splits(estimator)
    if hasattr(estimator, "_predictors"):
        return _histogram_splits(estimator)
    trees = _trees(estimator)
    return _tree_splits(trees) if trees else None


def _trees(estimator: Any) -> list[tuple[Any, Any]]:
    """Fitted trees, each with the columns it sees (None: all)."""
    if hasattr(estimator, "tree_"):
        return [(estimator.tree_, None)]
    members = getattr(estimator, "estimators_", None)
    if members is None:
        return []
    chosen = getattr(estimator, "estimators_features_", None)
    flat = np.asarray(members, object).ravel()
    return [
        (tree.tree_, None if chosen is None else chosen[i]) for i, tree in enumerate(flat) if hasattr(tree, "tree_")
    ]


def _tree_splits(trees: Iterable[tuple[Any, Any]]) -> Iterable[tuple[int, Category]]:
    for tree, chosen in trees:
        inner = tree.children_left != -1
        columns = tree.feature[inner] if chosen is None else np.asarray(chosen)[tree.feature[inner]]
        yield from zip(columns.tolist(), tree.threshold[inner].tolist(), strict=True)


def _histogram_splits(estimator: Any) -> Iterable[tuple[int, Category]]:
    """HistGradientBoosting numbers its columns with the categorical ones first; `_preprocessor` put them there."""
    order = _histogram_order(estimator)
    for round_ in estimator._predictors:
        for predictor in round_:
            nodes = predictor.nodes
            inner = (nodes["is_leaf"] == 0) & (nodes["is_categorical"] == 0)
            columns = [order[i] for i in nodes["feature_idx"][inner].tolist()]
            yield from zip(columns, nodes["num_threshold"][inner].tolist(), strict=True)


def _histogram_order(estimator: Any) -> list[int]:
    width = int(estimator.n_features_in_)
    categorical = estimator.is_categorical_
    if categorical is None or getattr(estimator, "_preprocessor", None) is None:
        return list(range(width))
    columns = np.arange(width)
    return [*columns[categorical].tolist(), *columns[~categorical].tolist()]


def _categories(estimator: Any, index: int) -> Values:
    return list(estimator.categories_[index].tolist())


def _bin_edges(estimator: Any, index: int) -> Values:
    return list(estimator.bin_edges_[index].tolist())


def _clip_bounds(estimator: Any, index: int) -> Values:
    return (estimator.data_min_[index], estimator.data_max_[index]) if estimator.clip else ()


def _quantiles(estimator: Any, index: int) -> Values:
    return list(estimator.quantiles_[:, index].tolist())


def _knots(estimator: Any, index: int) -> Values:
    return sorted(set(estimator.bsplines_[index].t.tolist()))


def _imputed(estimator: Any, index: int) -> Values:
    fill, marker = estimator.statistics_[index], estimator.missing_values
    return [value for value in (fill, marker) if isinstance(value, str | int | float | np.number)]


def _histogram_categories(estimator: Any, index: int) -> Values:
    """Categories of a column of HistGradientBoosting; none of a column of numbers."""
    encoder = getattr(estimator, "_preprocessor", None)
    categorical = estimator.is_categorical_
    if encoder is None or categorical is None or not categorical[index]:
        return ()
    return list(encoder.named_transformers_["encoder"].categories_[int(categorical[:index].sum())].tolist())


_RULES: dict[str, Callable[[Any, int], Values]] = {
    **dict.fromkeys(("OneHotEncoder", "OrdinalEncoder", "TargetEncoder"), _categories),
    "KBinsDiscretizer": _bin_edges,
    "Binarizer": lambda estimator, index: (estimator.threshold,),
    "MinMaxScaler": _clip_bounds,
    "QuantileTransformer": _quantiles,
    "SplineTransformer": _knots,
    "SimpleImputer": _imputed,
    "PowerTransformer": lambda estimator, index: (0.0,),
    "IsotonicRegression": lambda estimator, index: list(estimator.X_thresholds_.tolist()),
}
