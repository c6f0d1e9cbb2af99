"""Fitted models that faults are seeded into: small, on real data, with something in them to break."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import numpy as np


def penguins() -> tuple[Any, Any]:
    """Numbers with gaps and two columns of text; three species."""
    from palmerpenguins import load_penguins

    frame = load_penguins().dropna(subset=["sex", "bill_length_mm"]).reset_index(drop=True)
    rows = frame[["bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g", "island", "sex"]].copy()
    rows.loc[::7, "bill_length_mm"] = np.nan
    rows.loc[::11, "body_mass_g"] = np.nan
    return rows, frame["species"]


def breast_cancer() -> tuple[Any, Any]:
    from sklearn.datasets import load_breast_cancer

    found = load_breast_cancer(as_frame=True)
    return found.data.iloc[:, :10], found.target


def diabetes() -> tuple[Any, Any]:
    from sklearn.datasets import load_diabetes

    return load_diabetes(return_X_y=True, as_frame=True, scaled=False)


NUMBERS = ["bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g"]


def _prepared(last: Any) -> Any:
    from sklearn.compose import ColumnTransformer
    from sklearn.impute import SimpleImputer
    from sklearn.pipeline import Pipeline
    from sklearn.preprocessing import OneHotEncoder, StandardScaler

    number = Pipeline([("fill", SimpleImputer(strategy="median")), ("scale", StandardScaler())])
    text = OneHotEncoder(handle_unknown="ignore", sparse_output=False)
    prepare = ColumnTransformer([("number", number, NUMBERS), ("text", text, ["island", "sex"])])
    return Pipeline([("prepare", prepare), ("model", last)])


def penguin_forest() -> Any:
    from sklearn.ensemble import RandomForestClassifier

    return _prepared(RandomForestClassifier(12, max_depth=6, random_state=0))


def penguin_logistic() -> Any:
    from sklearn.linear_model import LogisticRegression

    return _prepared(LogisticRegression(max_iter=500))


def scaled_forest() -> Any:
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.pipeline import Pipeline
    from sklearn.preprocessing import StandardScaler

    return Pipeline([("scale", StandardScaler()), ("model", RandomForestClassifier(15, random_state=0))])


def clipped_logistic() -> Any:
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import Pipeline
    from sklearn.preprocessing import MinMaxScaler

    return Pipeline([("clip", MinMaxScaler(clip=True)), ("model", LogisticRegression(C=10.0))])


def boosted() -> Any:
    from sklearn.ensemble import GradientBoostingRegressor

    return GradientBoostingRegressor(n_estimators=20, max_depth=3, random_state=0)


def histogram() -> Any:
    from sklearn.ensemble import HistGradientBoostingClassifier

    return HistGradientBoostingClassifier(max_iter=15, random_state=0)


def ridge() -> Any:
    from sklearn.linear_model import Ridge
    from sklearn.pipeline import Pipeline
    from sklearn.preprocessing import StandardScaler

    return Pipeline([("scale", StandardScaler()), ("model", Ridge())])


def gappy_tree() -> Any:
    from sklearn.tree import DecisionTreeClassifier

    return DecisionTreeClassifier(max_depth=6, random_state=0)


def gappy() -> tuple[Any, Any]:
    rows, target = penguins()
    return rows[NUMBERS], target


MODELS: Mapping[str, tuple[Callable[[], Any], Callable[[], tuple[Any, Any]]]] = {
    "penguin forest": (penguin_forest, penguins),
    "penguin logistic": (penguin_logistic, penguins),
    "scaled forest": (scaled_forest, breast_cancer),
    "clipped logistic": (clipped_logistic, breast_cancer),
    "boosted": (boosted, diabetes),
    "histogram": (histogram, gappy),
    "ridge": (ridge, diabetes),
    "gappy tree": (gappy_tree, gappy),
}
"""Name → how it is made, and the rows it is fitted on."""


@cache
def fitted(name: str) -> tuple[Any, Any]:
    """A fitted model and its rows."""
    make, rows = MODELS[name]
    features, target = rows()
    return make().fit(features, target), features
