"""Estimators score Arrow batches; every expected value is computed by the estimator's own methods."""

import json
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from sklearn.cluster import DBSCAN
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import RandomForestClassifier
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LinearRegression, LogisticRegression, SGDOneClassSVM
from sklearn.mixture import GaussianMixture
from sklearn.model_selection import GridSearchCV
from sklearn.multiclass import OneVsRestClassifier
from sklearn.multioutput import ClassifierChain, MultiOutputClassifier
from sklearn.naive_bayes import MultinomialNB
from sklearn.neighbors import LocalOutlierFactor
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder, StandardScaler
from sklearn.svm import SVC, LinearSVC

from modelport.artifacts import artifact
from modelport.data import data, fit
from modelport.errors import CannotConvert, DataError, RuntimeFailed
from modelport.recipes import load_recipe, ready_recipe, recipe_names
from modelport.runtimes import runtime
from modelport_sklearn.runtime import SklearnSession, open_session
from modelport_sklearn.signature import reading

RANDOM = np.random.default_rng(1)
X = RANDOM.normal(size=(60, 3))
COLOURS = np.array(["red", "blue", "green"], object)[RANDOM.integers(0, 3, 60)]


def session(model: Any, rows: Any = None) -> SklearnSession:
    return SklearnSession(model, reading(model, None if rows is None else data(rows).head()))


def scored(model: Any, rows: Any) -> pa.RecordBatch:
    opened = session(model, rows)
    return opened.score(fit(data(rows).head(), opened.signature))


def column(batch: pa.RecordBatch, name: str) -> Any:
    return batch.column(batch.schema.get_field_index(name)).to_numpy(zero_copy_only=False)


@pytest.mark.parametrize("name", recipe_names())
def test_each_recipe_gives_what_must_come_out(name: str) -> None:
    recipe = ready_recipe(name)
    expected = json.loads((recipe.folder / "expected.json").read_text(encoding="utf-8"))["outputs"]
    opened = runtime("scikit-learn").open(artifact(recipe.train()), None)
    got = opened.score(fit(data(recipe.data()).head(6), opened.signature))
    assert got.schema.names == list(expected)
    assert got.schema == opened.signature.output_schema
    for output, values in expected.items():
        if isinstance(values[0], float):
            np.testing.assert_allclose(column(got, output), values, rtol=1e-6, atol=1e-6)
        else:
            assert list(column(got, output)) == values


@pytest.mark.parametrize(
    "labels",
    [
        np.array([True, False])[(X[:, 0] > 0).astype(int)],
        np.array([-1.0, 2.0])[(X[:, 0] > 0).astype(int)],
        np.array([-7, 3])[(X[:, 0] > 0).astype(int)],
        np.array(["größer", "päl 🐧"], object)[(X[:, 0] > 0).astype(int)],
    ],
    ids=["bool", "float", "int", "unicode"],
)
def test_labels_keep_their_type(labels: Any) -> None:
    model = LogisticRegression().fit(X, labels)
    got = scored(model, X)
    assert got.column(0).to_pylist() == model.predict(X).tolist()
    np.testing.assert_array_equal(column(got, got.schema.names[2]), model.predict_proba(X)[:, 1])


def test_a_whole_number_of_a_float_class_is_named_without_its_point() -> None:
    model = LogisticRegression().fit(X, np.where(X[:, 0] > 0, 2.0, -1.0))
    assert scored(model, X).schema.names == ["label", "probability(-1)", "probability(2)"]


def test_two_classes_without_probabilities_have_one_decision() -> None:
    model = LinearSVC().fit(X, np.where(X[:, 0] > 0, "yes", "no"))
    got = scored(model, X)
    assert got.schema.names == ["label", "decision(yes)"]
    np.testing.assert_array_equal(column(got, "decision(yes)"), model.decision_function(X))


def test_one_versus_one_decisions_are_named_by_pairs() -> None:
    model = SVC(decision_function_shape="ovo").fit(X, COLOURS)
    got = scored(model, X)
    assert got.schema.names[1:] == ["decision(blue vs green)", "decision(blue vs red)", "decision(green vs red)"]
    np.testing.assert_array_equal(column(got, "decision(blue vs red)"), model.decision_function(X)[:, 1])


def test_a_classifier_of_several_targets_has_columns_for_each() -> None:
    targets = np.column_stack([X[:, 0] > 0, COLOURS == "red"]).astype(int)
    model = RandomForestClassifier(3, random_state=0).fit(X, targets)
    got = scored(model, X)
    assert got.schema.names == [
        *("label(y0)", "probability(y0=0)", "probability(y0=1)"),
        *("label(y1)", "probability(y1=0)", "probability(y1=1)"),
    ]
    np.testing.assert_array_equal(column(got, "label(y1)"), model.predict(X)[:, 1])
    np.testing.assert_array_equal(column(got, "probability(y1=1)"), model.predict_proba(X)[1][:, 1])


@pytest.mark.parametrize(
    "model",
    [
        OneVsRestClassifier(LogisticRegression()),
        MLPClassifier(4, max_iter=20, random_state=0),
        ClassifierChain(LogisticRegression()),
        MultiOutputClassifier(LinearSVC()),
    ],
    ids=lambda model: type(model).__name__,
)
def test_several_labels_at_once(model: Any) -> None:
    targets = np.column_stack([X[:, 0] > 0, COLOURS == "red"]).astype(int)
    model.fit(X, targets)
    got = scored(model, X)
    for i in range(2):
        np.testing.assert_array_equal(column(got, f"label(y{i})"), model.predict(X)[:, i])
    if hasattr(model, "predict_proba"):
        np.testing.assert_array_equal(column(got, "probability(y0=1)"), np.asarray(model.predict_proba(X))[:, 0])


def test_forest_labels_are_those_it_predicts() -> None:
    model = RandomForestClassifier(4, max_depth=2, random_state=0).fit(X, COLOURS)
    ties = np.repeat(X, 3, axis=0)
    assert scored(model, ties).column(0).to_pylist() == model.predict(ties).tolist()


def test_mixtures_give_clusters_and_searches_their_best() -> None:
    mixture = GaussianMixture(2, random_state=0).fit(X)
    np.testing.assert_array_equal(column(scored(mixture, X), "cluster"), mixture.predict(X))
    search = GridSearchCV(make_pipeline(StandardScaler(), SVC()), {"svc__C": [0.1, 1]}, cv=2).fit(X, COLOURS)
    assert scored(search, X).column(0).to_pylist() == search.predict(X).tolist()


def test_outliers_have_a_label_and_a_score() -> None:
    model = SGDOneClassSVM(random_state=0).fit(X)
    got = scored(model, X)
    np.testing.assert_array_equal(column(got, "label"), model.predict(X))
    np.testing.assert_array_equal(column(got, "score"), model.decision_function(X))


def test_transformers_give_their_columns_dense_and_by_their_names() -> None:
    frame = pd.DataFrame({"a": X[:, 0], "colour": COLOURS})
    model = ColumnTransformer([("n", StandardScaler(), ["a"]), ("c", OneHotEncoder(), ["colour"])]).fit(frame)
    got = scored(model, frame)
    assert got.schema.names == ["out(n__a)", "out(c__colour_blue)", "out(c__colour_green)", "out(c__colour_red)"]
    expected = model.transform(frame)
    expected = expected.toarray() if hasattr(expected, "toarray") else expected
    for i, name in enumerate(got.schema.names):
        np.testing.assert_array_equal(column(got, name), expected[:, i])


def test_texts_go_in_as_a_series() -> None:
    texts = [f"{colour} car" for colour in COLOURS]
    model = make_pipeline(TfidfVectorizer(), MultinomialNB()).fit(texts, COLOURS)
    got = scored(model, {"words": texts})
    assert got.column(0).to_pylist() == model.predict(texts).tolist()


@pytest.mark.parametrize("missing", [None, np.nan], ids=["None", "NaN"])
def test_missing_text_is_what_the_encoder_knows(missing: Any) -> None:
    values = COLOURS.copy()
    values[::5] = missing
    frame = pd.DataFrame({"colour": pd.Series(values, dtype=object)})
    model = OrdinalEncoder().fit(frame)
    batch = pa.record_batch({"colour": pa.array([None if v is missing else v for v in values], pa.string())})
    got = session(model).score(batch)
    np.testing.assert_array_equal(column(got, "out(colour)"), model.transform(frame)[:, 0])


def test_missing_text_is_what_the_imputer_knows() -> None:
    values = COLOURS.copy()
    values[::5] = None
    frame = pd.DataFrame({"colour": pd.Series(values, dtype=object)})
    model = make_pipeline(SimpleImputer(missing_values=None, strategy="most_frequent"), OrdinalEncoder()).fit(frame)
    batch = pa.record_batch({"colour": pa.array(values.tolist(), pa.string())})
    np.testing.assert_array_equal(column(session(model).score(batch), "out(colour)"), model.transform(frame)[:, 0])


@pytest.mark.parametrize("library", ["xgboost", "lightgbm"])
def test_native_categories_reach_the_booster(library: str) -> None:
    import lightgbm
    import xgboost

    frame = pd.DataFrame({"a": X[:, 0], "colour": pd.Categorical(COLOURS)})
    target = (COLOURS == "red").astype(int)
    model = (
        xgboost.XGBClassifier(n_estimators=3, enable_categorical=True)
        if library == "xgboost"
        else lightgbm.LGBMClassifier(n_estimators=3, verbosity=-1, min_child_samples=2, min_data_per_group=2)
    ).fit(frame, target)
    backwards = frame[::-1].reset_index(drop=True)
    batch = pa.record_batch(
        {"a": backwards["a"].to_numpy(), "colour": pa.array(list(backwards["colour"]), pa.string())}
    )
    got = session(model).score(batch)
    np.testing.assert_array_equal(column(got, "probability(1)"), model.predict_proba(backwards)[:, 1].astype(float))
    assert session(model).signature.inputs[1].categories == ("blue", "green", "red")


def test_a_null_where_none_may_be_names_the_column() -> None:
    opened = session(LinearRegression().fit(pd.DataFrame(X, columns=["a", "b", "c"]), X[:, 0]))
    batch = pa.record_batch({"a": [1.0, 2.0], "b": pa.array([None, 1.0], pa.float64()), "c": [1.0, 2.0]})
    with pytest.raises(DataError, match="'b' has a missing value") as error:
        opened.score(batch)
    assert error.value.where == "b"


def test_rows_that_the_estimator_refuses_are_one_sentence() -> None:
    frame = pd.DataFrame({"colour": COLOURS})
    opened = session(OneHotEncoder().fit(frame))
    with pytest.raises(RuntimeFailed, match="unknown categories"):
        opened.score(pa.record_batch({"colour": ["mauve"]}))


@pytest.mark.parametrize("model", [DBSCAN(), LocalOutlierFactor()], ids=["DBSCAN", "LOF"])
def test_an_estimator_without_an_answer_for_new_rows_is_refused(model: Any) -> None:
    with pytest.raises(CannotConvert, match="not fitted on"):
        open_session(artifact(model.fit(X)))


def test_no_rows_give_no_rows() -> None:
    opened = session(load_recipe("breast_cancer").train())
    empty = pa.RecordBatch.from_pylist([], schema=opened.signature.input_schema)
    assert opened.score(empty).schema == opened.signature.output_schema
    assert opened.score(empty).num_rows == 0


def test_scoring_in_parallel_gives_the_same_bits_each_time() -> None:
    model = RandomForestClassifier(40, n_jobs=-1, random_state=0).fit(X, COLOURS)
    batches = [scored(model, X) for _ in range(5)]
    assert all(batch.equals(batches[0]) for batch in batches)


def test_the_estimator_is_left_as_it_was() -> None:
    import pickle

    model = load_recipe("penguins").train()
    before = pickle.dumps(model)
    opened = session(model)
    opened.score(fit(data(load_recipe("penguins").data()).head(), opened.signature))
    opened.landmarks()
    opened.close()
    opened.close()
    assert pickle.dumps(model) == before


def test_counts_of_words_are_integers() -> None:
    model = CountVectorizer().fit(["a red car", "blue car"])
    got = session(model).score(pa.record_batch({"text": ["red red car"]}))
    assert got.schema.names == ["out(blue)", "out(car)", "out(red)"]
    assert got.to_pylist() == [{"out(blue)": 0, "out(car)": 1, "out(red)": 2}]
