"""Names, types, missing values and outputs of fitted estimators."""

from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import HistGradientBoostingRegressor, RandomForestRegressor
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, OneHotEncoder, StandardScaler
from sklearn.tree import DecisionTreeClassifier

from modelport.data import data
from modelport.errors import DataError, NotFitted
from modelport.signature import Column, Signature, Task, matrix_inputs
from modelport_sklearn.signature import signature

RANDOM = np.random.default_rng(2)
X = RANDOM.normal(size=(50, 3))
FRAME = pd.DataFrame(
    {"a": X[:, 0], "b": RANDOM.integers(0, 3, 50), "c": np.array(["u", "v"], object)[RANDOM.integers(0, 2, 50)]}
)


def types(found: Signature) -> dict[str, str]:
    return {column.name: str(column.type) for column in found.inputs}


def nullable(found: Signature) -> list[str]:
    return [column.name for column in found.inputs if column.nullable]


def test_a_bare_matrix_has_the_columns_of_one() -> None:
    found = signature(LinearRegression().fit(X, X[:, 0]))
    assert found.inputs == matrix_inputs(3)
    assert found.task is Task.REGRESSION
    assert [column.name for column in found.outputs] == ["prediction"]


def test_types_come_from_what_the_steps_know() -> None:
    columns = ColumnTransformer([("n", StandardScaler(), ["a"]), ("o", OneHotEncoder(), ["b", "c"])])
    found = signature(make_pipeline(columns, LinearRegression()).fit(FRAME, X[:, 0]))
    assert types(found) == {"a": "double", "b": "int64", "c": "string"}
    assert found.inputs[1].categories == (0, 1, 2)
    assert found.inputs[2].categories == ("u", "v")


def test_types_come_from_the_sample_where_there_is_one() -> None:
    frame = pd.DataFrame({"a": X[:, 0].astype(np.float32), "b": FRAME.b.astype(np.int32), "c": FRAME.a > 0})
    found = signature(LinearRegression().fit(frame, X[:, 0]), data(frame).head())
    assert types(found) == {"a": "double", "b": "int64", "c": "bool"}


def test_types_come_from_another_artifact_where_nothing_else_tells() -> None:
    model = make_pipeline(FunctionTransformer(), DecisionTreeClassifier()).fit(FRAME[["a", "b"]], FRAME.c)
    hint = Signature((Column("a", pa.float64()), Column("b", pa.int64())))
    assert types(signature(model, None, hint)) == {"a": "double", "b": "int64"}


def test_an_unknown_type_asks_for_sample_rows() -> None:
    columns = ColumnTransformer([("n", StandardScaler(), ["a"])], remainder="drop")
    model = make_pipeline(columns, LinearRegression()).fit(FRAME, X[:, 0])
    with pytest.raises(DataError, match="type of column 'b'") as error:
        signature(model)
    assert "--data" in str(error.value.hint)
    assert types(signature(model, data(FRAME).head())) == {"a": "double", "b": "int64", "c": "string"}


def test_a_column_may_be_missing_where_the_estimator_answers_without_it() -> None:
    columns = ColumnTransformer(
        [
            ("i", SimpleImputer(), ["a"]),
            ("n", StandardScaler(), ["b"]),
            ("o", OneHotEncoder(handle_unknown="ignore"), ["c"]),
        ]
    )
    model = make_pipeline(columns, LogisticRegression()).fit(FRAME, X[:, 0] > 0)
    assert nullable(signature(model)) == ["a", "c"]


@pytest.mark.parametrize("kind", [RandomForestRegressor, HistGradientBoostingRegressor])
def test_trees_take_missing_values_anywhere(kind: Any) -> None:
    assert len(nullable(signature(kind(random_state=0).fit(X, X[:, 0])))) == 3


def test_linear_models_take_none() -> None:
    assert nullable(signature(make_pipeline(StandardScaler(), LinearRegression()).fit(X, X[:, 0]))) == []


def test_a_sample_with_a_missing_first_row_still_serves() -> None:
    frame = FRAME[["a", "b"]].copy()
    frame.loc[0, "a"] = np.nan
    model = make_pipeline(SimpleImputer(), LinearRegression()).fit(frame, X[:, 0])
    assert nullable(signature(model, data(frame).head())) == ["a", "b"]


def test_the_sample_of_a_matrix_may_have_other_names() -> None:
    sample = data(pd.DataFrame(X, columns=["p", "q", "r"])).head()
    assert signature(LinearRegression().fit(X, X[:, 0]), sample).inputs == matrix_inputs(3)


def test_lightgbm_names_with_blanks_are_the_samples() -> None:
    from lightgbm import LGBMRegressor

    frame = pd.DataFrame({"petal length": X[:, 0], "petal width": X[:, 1]})
    model = LGBMRegressor(n_estimators=2, verbosity=-1).fit(frame, X[:, 0])
    assert [column.name for column in signature(model, data(frame).head()).inputs] == ["petal length", "petal width"]


def test_lightgbm_of_a_matrix_has_no_names() -> None:
    from lightgbm import LGBMRegressor

    model = LGBMRegressor(n_estimators=2, verbosity=-1).fit(X, X[:, 0])
    assert [column.name for column in signature(model).inputs] == ["x0", "x1", "x2"]


@pytest.mark.parametrize(
    "model", [LinearRegression(), make_pipeline(StandardScaler(), LinearRegression()), RandomForestRegressor()]
)
def test_an_estimator_that_was_never_fitted_is_refused(model: Any) -> None:
    with pytest.raises(NotFitted, match="never fitted"):
        signature(model)


def test_a_pipeline_fitted_in_part_is_refused() -> None:
    with pytest.raises(NotFitted):
        signature(make_pipeline(StandardScaler().fit(X), LinearRegression()))


def test_a_type_that_no_model_takes_is_refused() -> None:
    frame = pd.DataFrame({"a": pd.date_range("2020-01-01", periods=50), "b": X[:, 0]})
    model = LinearRegression().fit(frame.assign(a=X[:, 1]), X[:, 0])
    with pytest.raises(DataError, match="timestamp") as error:
        signature(model, data(frame).head())
    assert error.value.where == "a" or "'a'" in error.value.what
