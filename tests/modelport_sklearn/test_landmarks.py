"""Landmarks: each is a value where the estimator's own function jumps, in the input's own units."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import (
    BaggingRegressor,
    GradientBoostingRegressor,
    HistGradientBoostingRegressor,
    IsolationForest,
    RandomForestRegressor,
    VotingRegressor,
)
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LinearRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import Binarizer, KBinsDiscretizer, MinMaxScaler, OneHotEncoder, RobustScaler, StandardScaler
from sklearn.tree import DecisionTreeRegressor

from modelport_sklearn.landmarks import landmarks

RANDOM = np.random.default_rng(3)
X = RANDOM.normal(5, 3, size=(80, 2))
Y = np.where(X[:, 0] > 5, 1.0, 0.0) + (X[:, 1] > 4)
NAMES = ("a", "b")


def cells(found: Any, name: str, values: Any) -> Any:
    """Between which landmarks each value lies; those within rounding of one belong to no cell (-1)."""
    known = np.array(found.get(name, ()), float)
    near = np.abs(values[:, None] - known[None]) < 1e-6 * np.maximum(1, np.abs(known[None]))
    return np.where(near.any(axis=1), -1, np.searchsorted(known, values))


def assert_constant_between_landmarks(model: Any) -> None:
    """All the function's jumps are landmarks: rows of one cell have one answer. And it does jump."""
    found = landmarks(model, NAMES)
    rows = RANDOM.uniform(X.min(axis=0) - 1, X.max(axis=0) + 1, size=(4000, 2))
    cell = np.column_stack([cells(found, name, rows[:, i]) for i, name in enumerate(NAMES)])
    whole = (cell >= 0).all(axis=1)
    answers: dict[tuple[int, int], set[float]] = {}
    for key, answer in zip(map(tuple, cell[whole].tolist()), model.predict(rows[whole]).round(9).tolist(), strict=True):
        answers.setdefault(key, set()).add(answer)
    assert all(len(seen) == 1 for seen in answers.values())
    assert len(set.union(*answers.values())) > 1
    assert whole.mean() > 0.9


@pytest.mark.parametrize(
    "model",
    [
        DecisionTreeRegressor(max_depth=3),
        RandomForestRegressor(3, max_depth=3, random_state=0),
        GradientBoostingRegressor(n_estimators=3),
        HistGradientBoostingRegressor(max_iter=3, min_samples_leaf=5),
        BaggingRegressor(DecisionTreeRegressor(max_depth=2), 3, max_features=1, random_state=0),
        VotingRegressor([("t", DecisionTreeRegressor(max_depth=2))]),
        make_pipeline(StandardScaler(), DecisionTreeRegressor(max_depth=3)),
        make_pipeline(SimpleImputer(), RobustScaler(), DecisionTreeRegressor(max_depth=3)),
        make_pipeline(MinMaxScaler(), DecisionTreeRegressor(max_depth=3)),
        make_pipeline(KBinsDiscretizer(4), LinearRegression()),
        make_pipeline(Binarizer(threshold=5.0), LinearRegression()),
    ],
    ids=lambda model: " ".join(type(step).__name__ for _, step in getattr(model, "steps", [("", model)])),
)
def test_between_landmarks_nothing_jumps(model: Any) -> None:
    assert_constant_between_landmarks(model.fit(X, Y))


def test_every_split_of_a_tree_is_there() -> None:
    model = DecisionTreeRegressor(max_depth=4).fit(X, Y + X[:, 0])
    tree = model.tree_
    for position, name in enumerate(NAMES):
        here = (tree.children_left != -1) & (tree.feature == position)
        assert list(landmarks(model, NAMES)[name]) == sorted(set(tree.threshold[here]))


def test_isolation_forests_have_splits() -> None:
    found = landmarks(IsolationForest(n_estimators=3, random_state=0).fit(X), NAMES)
    assert set(found) == {"a", "b"}


def test_categories_are_landmarks_of_their_own_column() -> None:
    frame = pd.DataFrame({"n": X[:, 0], "c": np.array(["x", "y", "z"], object)[RANDOM.integers(0, 3, 80)]})
    columns = ColumnTransformer([("c", OneHotEncoder(), ["c"]), ("n", MinMaxScaler(clip=True), ["n"])])
    found = landmarks(make_pipeline(columns, LinearRegression()).fit(frame, Y), ("n", "c"))
    assert found["c"] == ("x", "y", "z")
    assert found["n"] == (frame.n.min(), frame.n.max())


@pytest.mark.parametrize("library", ["xgboost", "lightgbm", "catboost"])
def test_between_the_splits_of_boosters_nothing_jumps(library: str) -> None:
    import lightgbm
    import xgboost
    from catboost import CatBoostRegressor

    model = {
        "xgboost": lambda: xgboost.XGBRegressor(n_estimators=3, max_depth=2),
        "lightgbm": lambda: lightgbm.LGBMRegressor(n_estimators=3, verbosity=-1),
        "catboost": lambda: CatBoostRegressor(iterations=3, verbose=False, allow_writing_files=False),
    }[library]()
    assert_constant_between_landmarks(model.fit(X, Y))
