"""Encoders, imputers and columns that part ways come back."""

import numpy as np
import pandas as pd
import pytest
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import RandomForestClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder, StandardScaler

from tests.modelport_sklearn.from_onnx.conftest import same_answers

ENCODERS = [
    OneHotEncoder(handle_unknown="ignore"),
    OneHotEncoder(drop="first"),
    OneHotEncoder(drop="if_binary"),
    OneHotEncoder(min_frequency=45, handle_unknown="infrequent_if_exist"),
    OrdinalEncoder(encoded_missing_value=9),
    OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1, encoded_missing_value=-2),
]


@pytest.mark.parametrize("encoder", ENCODERS, ids=str)
def test_an_encoder_before_a_model(encoder, people, back) -> None:
    columns = ColumnTransformer([("n", SimpleImputer(), ["age"]), ("t", encoder, ["city"])])
    found = back(make_pipeline(columns, LogisticRegression()), people, people["income"] > 3000)
    step = found.steps[0][1].transformers_[1][1]
    assert type(step) is type(encoder)
    assert [str(item) for item in step.categories_[0]] == ["Oslo", "São Paulo", "Ulm", "Wien", "nan"]


def test_unknown_categories_are_what_they_were(people, back) -> None:
    columns = ColumnTransformer(
        [("t", OneHotEncoder(handle_unknown="ignore"), ["city"]), ("r", "passthrough", ["income"])]
    )
    model = make_pipeline(columns, RandomForestClassifier(n_estimators=4, random_state=0))
    found = back(model, people, people["income"] > 3000)
    same_answers(found, model, people.assign(city="nowhere"))


def test_unknown_categories_stop_both(people, back) -> None:
    model = make_pipeline(ColumnTransformer([("t", OneHotEncoder(), ["city"])]), LogisticRegression())
    found = back(model, people, people["income"] > 3000)
    with pytest.raises(ValueError, match="unknown categories"):
        found.predict(people.assign(city="nowhere"))


def test_the_usual_pipeline_reads_as_it_was_written(people, back) -> None:
    numbers = make_pipeline(SimpleImputer(strategy="median"), StandardScaler())
    texts = make_pipeline(SimpleImputer(strategy="constant", fill_value="?"), OneHotEncoder(handle_unknown="ignore"))
    columns = ColumnTransformer([("n", numbers, ["income", "age"]), ("t", texts, ["city"])])
    found = back(make_pipeline(columns, LogisticRegression(max_iter=500)), people, people["income"] > 3000)
    steps = [
        (type(part).__name__, [type(s).__name__ for _, s in part.steps], c) for _, part, c in found[0].transformers_
    ]
    assert steps == [
        ("Pipeline", ["SimpleImputer", "StandardScaler"], ["income", "age"]),
        ("Pipeline", ["SimpleImputer", "OneHotEncoder"], ["city"]),
    ]
    assert found.feature_names_in_.tolist() == ["age", "income", "city"]
    assert (
        found[0].transformers_[0][1][0].statistics_.tolist() == np.nanmedian(people[["income", "age"]], axis=0).tolist()
    )


def test_whole_numbers_as_categories(back) -> None:
    rows = pd.DataFrame({"code": [1, 2, 7] * 20, "flag": [0, 1] * 30, "x": np.linspace(0, 1, 60)})
    columns = ColumnTransformer([("t", OneHotEncoder(), ["code", "flag"]), ("x", StandardScaler(), ["x"])])
    back(make_pipeline(columns, LogisticRegression()), rows, rows["code"] == 7)
