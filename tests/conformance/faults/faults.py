"""Seeded faults: a copy of a fitted model is changed in one place and converted; the original is the reference.

Each fault names the step it sits in, which bisection has to find.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

Change = Callable[[Any], None]


@dataclass(frozen=True, slots=True)
class Fault:
    """A change to a fitted model, in place.

    Attributes:
        name: what was done.
        model: of `models.MODELS`.
        step: how the path of the step at fault ends.
        change: does it.
    """

    name: str
    model: str
    step: str
    change: Change


def step(values: Any, index: Any, ups: int = 1) -> None:
    """Moves one number by so many floats."""
    for _ in range(abs(ups)):
        values[index] = np.nextafter(values[index], np.inf if ups > 0 else -np.inf)


def add(values: Any, index: Any, amount: float) -> None:
    values[index] += amount


def swap(values: Any, i: int, j: int) -> None:
    values[i], values[j] = values[j], values[i]


def part(model: Any, *names: str) -> Any:
    """A step inside a fitted model, by the names on the way to it."""
    for name in names:
        model = model.named_transformers_[name] if hasattr(model, "named_transformers_") else model.named_steps[name]
    return model


def scale(model: Any) -> Any:
    return part(model, "prepare", "number", "scale")


def fill(model: Any) -> Any:
    return part(model, "prepare", "number", "fill")


def encode(model: Any) -> Any:
    return part(model, "prepare", "text")


def on(find: Callable[[Any], Any], attribute: str, change: Callable[..., None], *args: Any) -> Change:
    """A change of an array attribute of some step."""
    return lambda model: change(getattr(find(model), attribute), *args)


def replaced(find: Callable[[Any], Any], attribute: str, value: Callable[[Any], Any]) -> Change:
    """Gives a step another value of an attribute."""
    return lambda model: setattr(find(model), attribute, value(getattr(find(model), attribute)))


def last(model: Any) -> Any:
    return model.steps[-1][1] if hasattr(model, "steps") else model


def tree(number: int, model: Any) -> Any:
    """A tree of a forest, of boosting, or a single one."""
    found = last(model)
    return found.tree_ if hasattr(found, "tree_") else np.ravel(found.estimators_)[number].tree_


def node(tree_: Any, rank: int) -> int:
    """The `rank`-th inner node, from the root down."""
    return int(np.flatnonzero(tree_.children_left != -1)[rank])


def move_split(model: Any, number: int, rank: int, ups: int) -> None:
    """Moves a threshold by some float32 steps, as scikit-learn's trees compare float32 inputs.

    It starts at the greatest float32 that is not beyond the threshold, which no input tells from the threshold itself.
    """
    tree_ = tree(number, model)
    at = node(tree_, rank)
    value = np.float32(tree_.threshold[at])
    if value > tree_.threshold[at]:
        value = np.nextafter(value, np.float32(-np.inf))
    for _ in range(abs(ups)):
        value = np.nextafter(value, np.float32(np.inf if ups > 0 else -np.inf))
    tree_.threshold[at] = value


def other_feature(model: Any, number: int, rank: int) -> None:
    tree_ = tree(number, model)
    at = node(tree_, rank)
    tree_.feature[at] = (tree_.feature[at] + 1) % tree_.n_features


def turn_missing(model: Any, number: int, rank: int) -> None:
    tree_ = tree(number, model)
    sides = tree_.missing_go_to_left
    sides[node(tree_, rank)] = 1 - sides[node(tree_, rank)]


def exchange_children(model: Any, number: int, rank: int) -> None:
    tree_ = tree(number, model)
    at = node(tree_, rank)
    left, right = int(tree_.children_left[at]), int(tree_.children_right[at])
    tree_.children_left[at], tree_.children_right[at] = right, left


def leaf(model: Any, number: int, amount: float) -> None:
    """Changes one leaf, by moving weight between its first two outputs, or adding to its only one."""
    tree_ = tree(number, model)
    at = int(np.flatnonzero(tree_.children_left == -1)[1])
    tree_.value[at, 0, 0] += amount
    if tree_.value.shape[2] > 1:
        tree_.value[at, 0, 1] -= amount


def drop_tree(model: Any) -> None:
    found = last(model)
    found.estimators_ = found.estimators_[:-1]
    found.n_estimators = len(found.estimators_)


def histogram_node(field: str, change: Callable[[Any], Any], model: Any, round_: int = 0, rank: int = 0) -> None:
    """Changes a field of an inner node of HistGradientBoosting."""
    nodes = model._predictors[round_][0].nodes
    at = int(np.flatnonzero(nodes["is_leaf"] == 0)[rank])
    nodes[field][at] = change(nodes[field][at])


def histogram_leaf(amount: float, model: Any) -> None:
    nodes = model._predictors[1][0].nodes
    nodes["value"][int(np.flatnonzero(nodes["is_leaf"])[0])] += amount


def swap_categories(column: int, i: int, j: int, model: Any) -> None:
    swap(encode(model).categories_[column], i, j)


def rename_category(column: int, i: int, name: str, model: Any) -> None:
    encode(model).categories_[column][i] = name


def _up(value: float) -> float:
    return float(np.nextafter(value, np.inf))


def _down(value: float) -> float:
    return float(np.nextafter(value, -np.inf))


SCALER, ENCODER, IMPUTER = "number › scale › StandardScaler", "text › OneHotEncoder", "number › fill › SimpleImputer"
FOREST, LOGISTIC = "RandomForestClassifier", "LogisticRegression"

FAULTS: tuple[Fault, ...] = (
    Fault("mean up one float", "penguin forest", SCALER, on(scale, "mean_", step, 0, 1)),
    Fault("mean down one float", "penguin forest", SCALER, on(scale, "mean_", step, 2, -1)),
    Fault("mean of the body mass up one float", "penguin forest", SCALER, on(scale, "mean_", step, 3, 1)),
    Fault("scale up one float", "penguin forest", SCALER, on(scale, "scale_", step, 0, 1)),
    Fault("scale down one float", "penguin forest", SCALER, on(scale, "scale_", step, 0, -1)),
    Fault("means swapped", "penguin forest", SCALER, on(scale, "mean_", swap, 0, 1)),
    Fault("mean rounded to float32", "penguin forest", SCALER, replaced(scale, "mean_", np.float32)),
    Fault("not scaled by the deviation", "penguin forest", SCALER, on(scale, "scale_", np.ndarray.fill, 1.0)),
    Fault("median up a little", "penguin forest", IMPUTER, on(fill, "statistics_", add, 0, 0.5)),
    Fault("median of the body mass off", "penguin forest", IMPUTER, on(fill, "statistics_", add, 3, 300.0)),
    Fault("median of another column", "penguin forest", IMPUTER, on(fill, "statistics_", swap, 0, 3)),
    Fault("filled with zero", "penguin forest", IMPUTER, on(fill, "statistics_", np.ndarray.fill, 0.0)),
    Fault("islands swapped", "penguin forest", ENCODER, partial(swap_categories, 0, 0, 1)),
    Fault("other islands swapped", "penguin forest", ENCODER, partial(swap_categories, 0, 0, 2)),
    Fault("sexes swapped", "penguin forest", ENCODER, partial(swap_categories, 1, 0, 1)),
    Fault("category with a space", "penguin forest", ENCODER, partial(rename_category, 0, 1, "Dream ")),
    Fault("category in another case", "penguin forest", ENCODER, partial(rename_category, 0, 2, "TORGERSEN")),
    Fault("category lost", "penguin forest", ENCODER, partial(rename_category, 1, 1, "?")),
    Fault("split up one float32", "penguin forest", FOREST, partial(move_split, number=0, rank=0, ups=1)),
    Fault("split down one float32", "penguin forest", FOREST, partial(move_split, number=3, rank=0, ups=-1)),
    Fault("children exchanged", "penguin forest", FOREST, partial(exchange_children, number=5, rank=1)),
    Fault("another column split", "penguin forest", FOREST, partial(other_feature, number=2, rank=0)),
    Fault("a tree lost", "penguin forest", FOREST, drop_tree),
    Fault("leaf a little heavier", "penguin forest", FOREST, partial(leaf, number=1, amount=1e-4)),
    Fault("islands swapped", "penguin logistic", ENCODER, partial(swap_categories, 0, 1, 2)),
    Fault("category in another case", "penguin logistic", ENCODER, partial(rename_category, 1, 0, "FEMALE")),
    Fault("median up a little", "penguin logistic", IMPUTER, on(fill, "statistics_", add, 3, 1.0)),
    Fault("scale of another column", "penguin logistic", SCALER, on(scale, "scale_", swap, 1, 2)),
    Fault("mean a little off", "penguin logistic", SCALER, on(scale, "mean_", add, 2, 1e-6)),
    Fault(
        "coefficient of one column lost",
        "penguin logistic",
        LOGISTIC,
        on(last, "coef_", np.ndarray.__setitem__, (0, 1), 0.0),
    ),
    Fault("coefficients of two columns swapped", "penguin logistic", LOGISTIC, on(last, "coef_", swap, 0, 1)),
    Fault("intercept a little off", "penguin logistic", LOGISTIC, on(last, "intercept_", add, 0, 1e-7)),
    Fault("classes swapped", "penguin logistic", LOGISTIC, replaced(last, "classes_", lambda c: c[[1, 0, 2]])),
    Fault("intercept of another class", "penguin logistic", LOGISTIC, on(last, "intercept_", swap, 0, 2)),
    Fault(
        "mean up one float",
        "scaled forest",
        "scale › StandardScaler",
        on(lambda m: part(m, "scale"), "mean_", step, 0, 1),
    ),
    Fault(
        "mean down one float",
        "scaled forest",
        "scale › StandardScaler",
        on(lambda m: part(m, "scale"), "mean_", step, 7, -1),
    ),
    Fault(
        "scale up one float",
        "scaled forest",
        "scale › StandardScaler",
        on(lambda m: part(m, "scale"), "scale_", step, 3, 1),
    ),
    Fault(
        "columns swapped",
        "scaled forest",
        "scale › StandardScaler",
        on(lambda m: part(m, "scale"), "mean_", swap, 1, 2),
    ),
    Fault("split up one float32", "scaled forest", FOREST, partial(move_split, number=0, rank=0, ups=1)),
    Fault("deep split up one float32", "scaled forest", FOREST, partial(move_split, number=7, rank=-1, ups=1)),
    Fault("deep split down one float32", "scaled forest", FOREST, partial(move_split, number=11, rank=-2, ups=-1)),
    Fault("middle split down one float32", "scaled forest", FOREST, partial(move_split, number=14, rank=6, ups=-1)),
    Fault("another column split", "scaled forest", FOREST, partial(other_feature, number=9, rank=3)),
    Fault("children exchanged", "scaled forest", FOREST, partial(exchange_children, number=4, rank=-1)),
    Fault("leaf a little heavier", "scaled forest", FOREST, partial(leaf, number=10, amount=1e-3)),
    Fault("a tree lost", "scaled forest", FOREST, drop_tree),
    Fault(
        "no longer clipped",
        "clipped logistic",
        "clip › MinMaxScaler",
        replaced(lambda m: part(m, "clip"), "clip", lambda _: False),
    ),
    Fault(
        "offset a little off",
        "clipped logistic",
        "clip › MinMaxScaler",
        on(lambda m: part(m, "clip"), "min_", add, 4, 1e-5),
    ),
    Fault(
        "scale lost", "clipped logistic", "clip › MinMaxScaler", on(lambda m: part(m, "clip"), "scale_", add, 2, 0.01)
    ),
    Fault("sign turned", "clipped logistic", LOGISTIC, replaced(last, "coef_", np.negative)),
    Fault("coefficient a little off", "clipped logistic", LOGISTIC, on(last, "coef_", add, (0, 0), 1e-6)),
    Fault("split up one float32", "boosted", "GradientBoostingRegressor", partial(move_split, number=0, rank=0, ups=1)),
    Fault(
        "late split down one float32",
        "boosted",
        "GradientBoostingRegressor",
        partial(move_split, number=19, rank=-1, ups=-1),
    ),
    Fault("leaf a little heavier", "boosted", "GradientBoostingRegressor", partial(leaf, number=3, amount=1e-3)),
    Fault(
        "learning rate off",
        "boosted",
        "GradientBoostingRegressor",
        replaced(last, "learning_rate", lambda r: r * (1 + 1e-6)),
    ),
    Fault(
        "split up one float",
        "histogram",
        "HistGradientBoostingClassifier",
        partial(histogram_node, "num_threshold", _up),
    ),
    Fault(
        "split down one float",
        "histogram",
        "HistGradientBoostingClassifier",
        partial(histogram_node, "num_threshold", _down, round_=4),
    ),
    Fault(
        "split rounded to float32",
        "histogram",
        "HistGradientBoostingClassifier",
        partial(histogram_node, "num_threshold", np.float32, rank=1),
    ),
    Fault(
        "missing side turned",
        "histogram",
        "HistGradientBoostingClassifier",
        partial(histogram_node, "missing_go_to_left", lambda side: 1 - side),
    ),
    Fault("leaf a little heavier", "histogram", "HistGradientBoostingClassifier", partial(histogram_leaf, 1e-6)),
    Fault(
        "mean a little off", "ridge", "scale › StandardScaler", on(lambda m: part(m, "scale"), "mean_", add, 1, 1e-6)
    ),
    Fault(
        "scale a little off", "ridge", "scale › StandardScaler", on(lambda m: part(m, "scale"), "scale_", add, 5, 1e-6)
    ),
    Fault("a column dropped", "ridge", "Ridge", on(last, "coef_", np.ndarray.__setitem__, 6, 0.0)),
    Fault(
        "intercept rounded to float32", "ridge", "Ridge", replaced(last, "intercept_", lambda v: float(np.float32(v)))
    ),
    Fault(
        "coefficients rounded to float32",
        "ridge",
        "Ridge",
        replaced(last, "coef_", lambda v: v.astype(np.float32).astype(float)),
    ),
    Fault("missing side turned", "gappy tree", "DecisionTreeClassifier", partial(turn_missing, number=0, rank=0)),
    Fault("deep missing side turned", "gappy tree", "DecisionTreeClassifier", partial(turn_missing, number=0, rank=2)),
    Fault("split up one float32", "gappy tree", "DecisionTreeClassifier", partial(move_split, number=0, rank=1, ups=1)),
)
