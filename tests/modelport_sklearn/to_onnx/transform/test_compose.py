"""Pipelines on DataFrames with text and missing values, unions, and steps that drop or pass columns on."""

import numpy as np
import pandas as pd
import pytest
from sklearn.compose import ColumnTransformer, make_column_selector, make_column_transformer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import FeatureUnion, make_pipeline
from sklearn.preprocessing import (
    FunctionTransformer,
    MinMaxScaler,
    OneHotEncoder,
    OrdinalEncoder,
    RobustScaler,
    StandardScaler,
)

from modelport.errors import CannotConvert


@pytest.fixture
def people() -> pd.DataFrame:
    rng = np.random.default_rng(3)
    frame = pd.DataFrame(
        {
            "age": rng.uniform(18, 80, 200).round(1),
            "income": rng.lognormal(10, 1, 200),
            "children": rng.integers(0, 5, 200),
            "town": rng.choice(["Oslo", "Århus", "Москва", "a b", "北京"], 200),
            "job": rng.choice(["cook", "nurse", "smith"], 200),
        }
    )
    frame.loc[::7, "age"] = np.nan
    frame.loc[::9, "town"] = np.nan
    return frame


def prepared() -> ColumnTransformer:
    numeric = make_pipeline(SimpleImputer(strategy="median", add_indicator=True), StandardScaler())
    text = make_pipeline(SimpleImputer(strategy="most_frequent"), OneHotEncoder(handle_unknown="ignore"))
    return ColumnTransformer(
        [("num", numeric, ["age", "income"]), ("text", text, ["town", "job"])], remainder="passthrough"
    )


def test_columns_by_name_with_text_and_missing_values(people, agrees):
    agrees(prepared().fit(people), people)


def test_a_classifier_behind_columns(people, labels_agree):
    target = np.where(people["income"] > people["income"].median(), "rich man", "poor")
    model = make_pipeline(prepared(), LogisticRegression(max_iter=500)).fit(people, target)
    unseen = people.copy()
    unseen.loc[3, "town"] = "Atlantis"
    labels_agree(model, unseen)


def test_selectors_slices_masks_and_remainders(people, agrees):
    selected = make_column_transformer(
        (MinMaxScaler(), make_column_selector(dtype_include="float")),
        (OrdinalEncoder(), make_column_selector(dtype_include=["object", "string"])),
        remainder=RobustScaler(),
    )
    agrees(selected.fit(people), people)
    rows = people[["age", "income", "children"]].to_numpy()
    sliced = make_column_transformer((MinMaxScaler(), slice(0, 2)), ("drop", [False, False, True]))
    agrees(sliced.fit(rows), rows)
    from_the_end = make_column_transformer(("passthrough", [-1]), (MinMaxScaler(), [1]))
    agrees(from_the_end.fit(rows), rows)


def test_order_of_columns_follows_the_transformers(people, agrees):
    swapped = ColumnTransformer(
        [("b", "passthrough", ["income"]), ("none", StandardScaler(), []), ("a", StandardScaler(), ["children"])],
        verbose_feature_names_out=False,
    )
    agrees(swapped.fit(people), people)


def test_weights_multiply(people, agrees):
    rows = people[["age", "income"]]
    weighted = ColumnTransformer(
        [("a", MinMaxScaler(), ["age"]), ("b", MinMaxScaler(), ["income"])], transformer_weights={"a": 0.3}
    )
    agrees(weighted.fit(rows), rows)
    union = FeatureUnion(
        [("a", MinMaxScaler()), ("b", "passthrough"), ("c", "drop"), ("d", StandardScaler())],
        transformer_weights={"d": 2.5},
    )
    agrees(union.fit(rows), rows)


def test_pipelines_within_unions_within_pipelines(people, agrees):
    rows = people[["income", "children"]]
    union = FeatureUnion(
        [("raw", "passthrough"), ("log", make_pipeline(FunctionTransformer(np.log1p), MinMaxScaler()))]
    )
    agrees(make_pipeline("passthrough", union, StandardScaler(), "passthrough").fit(rows), rows)


def test_text_passed_through_beside_numbers(people, agrees):
    mixed = make_column_transformer((StandardScaler(), ["income"]), ("passthrough", ["job", "town"]))
    agrees(mixed.fit(people), people)


def test_a_step_that_is_not_known_is_refused_by_its_place(people, agrees):
    odd = make_column_transformer((make_pipeline(FunctionTransformer(lambda x: x + 1)), ["age"])).fit(people)
    with pytest.raises(CannotConvert, match="Python code") as caught:
        agrees(odd, people)
    assert "functiontransformer" in str(caught.value)


def test_dropping_every_column_is_refused(people, agrees):
    with pytest.raises(CannotConvert, match="no column"):
        agrees(make_column_transformer(("drop", ["age"])).fit(people), people)


def test_a_row_alone_and_no_rows(people, agrees):
    fitted = prepared().fit(people)
    agrees(fitted, people.iloc[:1])
