"""Which columns are asked about together, and that one speaks for all only where it does."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.base import BaseEstimator, RegressorMixin
from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LinearRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from sklearn.svm import SVR
from sklearn.tree import DecisionTreeRegressor

from modelport.data import data
from modelport_sklearn import signature as module
from modelport_sklearn.alike import groups
from modelport_sklearn.signature import signature

ROWS = pd.DataFrame(np.random.default_rng(0).normal(size=(40, 6)), columns=list("abcdef"))
TARGET = ROWS["a"] + ROWS["e"]


class Choosy(RegressorMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """Refuses a missing value in its first column only."""

    def fit(self, X: Any, y: Any) -> "Choosy":
        self.n_features_in_, self.mean_ = X.shape[1], float(np.mean(y))
        return self

    def predict(self, X: Any) -> Any:
        if np.isnan(np.asarray(X, float)[:, 0]).any():
            raise ValueError("the first column is needed")
        return np.full(len(X), self.mean_)


def branches() -> Any:
    return ColumnTransformer(
        [
            ("filled", make_pipeline(SimpleImputer(), StandardScaler()), ["a", "b"]),
            ("scaled", StandardScaler(), ["c", "d"]),
            ("as it is", "passthrough", ["e"]),
        ]
    )


def taking(model: Any) -> list[str]:
    found = signature(model, data(ROWS).head())
    return [column.name for column in found.inputs if column.nullable]


@pytest.mark.parametrize(
    ("model", "alike"),
    [
        (LinearRegression(), [True]),
        (SVR(), [True]),
        (make_pipeline(StandardScaler(), LinearRegression()), [True]),
        (DecisionTreeRegressor(), [False]),
        (Choosy(), [False]),
        (make_pipeline(branches(), LinearRegression()), [False, True, True, True]),
        (make_pipeline(branches(), DecisionTreeRegressor()), [False, False, False, False]),
    ],
)
def test_groups(model: Any, alike: list[bool]) -> None:
    found = groups(model.fit(ROWS, TARGET), 6)
    assert [group.alike for group in found] == alike
    assert sorted(i for group in found for i in group.columns) == list(range(6))


def test_columns_that_two_branches_read_are_asked_one_by_one() -> None:
    encoded = ColumnTransformer([("one", StandardScaler(), ["a", "b"]), ("two", SimpleImputer(), ["b", "c"])])
    found = groups(make_pipeline(encoded, LinearRegression()).fit(ROWS, TARGET), 6)
    assert [(group.columns, group.alike) for group in found] == [
        ((0,), True),
        ((2,), False),
        ((3, 4, 5), True),
        ((1,), False),
    ]


def test_the_answers_are_those_of_every_column_by_itself() -> None:
    assert taking(make_pipeline(branches(), LinearRegression()).fit(ROWS, TARGET)) == ["a", "b", "f"]
    assert taking(make_pipeline(branches(), DecisionTreeRegressor()).fit(ROWS, TARGET)) == list("abcdef")
    assert taking(make_pipeline(StandardScaler(), LinearRegression()).fit(ROWS, TARGET)) == []
    assert taking(Choosy().fit(ROWS.to_numpy(), TARGET)) == [f"x{i}" for i in range(1, 6)]


def test_encoders_may_know_missing_in_one_column_only() -> None:
    rows = pd.DataFrame({"a": ["x", "y", None, "x"], "b": ["p", "q", "p", "q"]})
    model = make_pipeline(OneHotEncoder(), LinearRegression()).fit(rows, [1.0, 2.0, 3.0, 4.0])
    assert [column.nullable for column in signature(model).inputs] == [True, False]


def test_more_columns_than_are_asked_about_count_as_never_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    model = Choosy().fit(ROWS.to_numpy(), TARGET)
    monkeypatch.setattr(module, "TRIED", 6 * 3)
    assert taking(model) == ["x3", "x4", "x5"]
