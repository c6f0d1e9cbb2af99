"""Estimators to PMML without Java, judged in both evaluators against scikit-learn, on and beside every split."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from lxml import etree
from sklearn.compose import ColumnTransformer
from sklearn.datasets import load_iris
from sklearn.ensemble import (
    AdaBoostClassifier,
    ExtraTreesRegressor,
    GradientBoostingClassifier,
    GradientBoostingRegressor,
    HistGradientBoostingClassifier,
    IsolationForest,
    RandomForestClassifier,
    RandomForestRegressor,
)
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LinearRegression, LogisticRegression, Perceptron
from sklearn.naive_bayes import GaussianNB
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from sklearn.svm import SVC
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

from modelport.errors import CannotConvert
from modelport_pmml.document import PmmlDocument
from modelport_pmml.document import document as document_of
from modelport_pmml.runtimes.jpmml import JpmmlSession
from modelport_pmml.signature import signature

pytestmark = pytest.mark.java
X, Y = load_iris(return_X_y=True)
ODD = np.array(["ja & nein", "a <b>", '東"京'])
Convert = Callable[[Any, Any], PmmlDocument]
Score = Callable[[PmmlDocument, Any], dict[str, Any]]


def on_and_beside(splits: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Rows of the data, and every one moved in every column onto a split and its neighbours on both grids."""
    near = np.concatenate([splits, np.nextafter(splits, 9e9), np.nextafter(splits, -9e9)])
    grid = splits.astype(np.float32)
    up, down = np.nextafter(grid, np.float32(9e9)), np.nextafter(grid, np.float32(-9e9))
    middle = (grid.astype(float) + up) / 2
    probes = np.concatenate([near, grid, up, down, middle, np.nextafter(middle, 0), np.nextafter(middle, 9e9)])
    rows = [X]
    for column in range(X.shape[1]):
        moved = X[np.arange(len(probes)) % len(X)].copy()
        moved[:, column] = probes
        rows.append(moved)
    return np.concatenate(rows)


def splits_of(model: Any) -> np.ndarray[Any, Any]:
    members = np.ravel(getattr(model, "estimators_", [model]))
    found = np.concatenate([member.tree_.threshold[member.tree_.feature >= 0] for member in members])
    return np.unique(found)[:60]


LABELS = [np.array([0, 1, 1]), np.array([10, 20, 30]), ODD, np.array([False, True, True])]
CLASSIFIERS = [
    DecisionTreeClassifier(random_state=0),
    RandomForestClassifier(n_estimators=5, random_state=0),
    GradientBoostingClassifier(n_estimators=4, random_state=0),
]


@pytest.mark.parametrize("estimator", CLASSIFIERS, ids=lambda model: type(model).__name__)
@pytest.mark.parametrize(
    "labels", [np.array([0, 1, 1]), np.array([10, 20, 30]), ODD, np.array([False, True, True])], ids=str
)
def test_classification_trees(
    estimator: Any, labels: Any, to_pmml: Convert, score: Score, schema: etree.XMLSchema
) -> None:
    estimator.fit(X, labels[Y])
    document = to_pmml(estimator, X)
    schema.assertValid(document.root.getroottree())
    rows = on_and_beside(splits_of(estimator))
    found = score(document, rows)
    assert found["label"].tolist() == estimator.predict(rows).tolist()
    shares = np.stack([values for name, values in found.items() if name.startswith("probability(")], axis=1)
    np.testing.assert_allclose(shares.astype(float), estimator.predict_proba(rows), rtol=0, atol=1e-12)


REGRESSORS = [
    DecisionTreeRegressor(random_state=0),
    RandomForestRegressor(n_estimators=5, random_state=0),
    ExtraTreesRegressor(n_estimators=5, random_state=0),
    GradientBoostingRegressor(n_estimators=10, random_state=0),
]


@pytest.mark.parametrize("estimator", REGRESSORS, ids=lambda model: type(model).__name__)
def test_regression_trees(estimator: Any, to_pmml: Convert, score: Score, schema: etree.XMLSchema) -> None:
    estimator.fit(X, X[:, 0] * Y)
    document = to_pmml(estimator, X)
    schema.assertValid(document.root.getroottree())
    rows = on_and_beside(splits_of(estimator))
    np.testing.assert_allclose(score(document, rows)["prediction"], estimator.predict(rows), rtol=1e-12, atol=1e-12)


def test_missing_values_take_the_side_that_was_learned(to_pmml: Convert, score: Score) -> None:
    holes = X.copy()
    holes[np.random.default_rng(0).random(X.shape) < 0.3] = np.nan
    for model in (RandomForestClassifier(n_estimators=4, random_state=0), HistGradientBoostingClassifier(max_iter=4)):
        model.fit(holes, Y)
        found = score(to_pmml(model, holes), holes)
        assert found["label"].tolist() == model.predict(holes).tolist()
        np.testing.assert_allclose(found["probability(1)"], model.predict_proba(holes)[:, 1], rtol=0, atol=1e-12)


OTHERS = [
    LogisticRegression(max_iter=300),
    GaussianNB(),
    MLPClassifier((5,), max_iter=60, random_state=0),
    AdaBoostClassifier(n_estimators=4, random_state=0),
    make_pipeline(StandardScaler(), LogisticRegression()),
]


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
@pytest.mark.parametrize("estimator", OTHERS, ids=lambda model: type(model).__name__)
@pytest.mark.parametrize("target", [Y, ODD[Y], Y == 1], ids=["integers", "text", "booleans"])
def test_other_classifiers(
    estimator: Any, target: Any, to_pmml: Convert, score: Score, schema: etree.XMLSchema
) -> None:
    estimator.fit(X, target)
    document = to_pmml(estimator, X)
    schema.assertValid(document.root.getroottree())
    found = score(document, X)
    assert found["label"].tolist() == estimator.predict(X).tolist()
    shares = np.stack([values for name, values in found.items() if name.startswith("probability(")], axis=1)
    np.testing.assert_allclose(shares.astype(float), estimator.predict_proba(X), rtol=0, atol=1e-10)


@pytest.mark.parametrize("estimator", [Perceptron(), SVC()], ids=lambda model: type(model).__name__)
def test_decisions(estimator: Any, to_pmml: Convert, score: Score) -> None:
    estimator.fit(X, Y)
    found = score(to_pmml(estimator, X), X)
    assert found["label"].tolist() == estimator.predict(X).tolist()
    decisions = np.stack([found[f"decision({i})"] for i in range(3)], axis=1)
    np.testing.assert_allclose(decisions, estimator.decision_function(X), rtol=0, atol=1e-9)


def test_outliers(to_pmml: Convert, score: Score) -> None:
    model = IsolationForest(n_estimators=6, random_state=0).fit(X)
    found = score(to_pmml(model, X), X)
    assert found["label"].tolist() == model.predict(X).tolist()
    np.testing.assert_allclose(found["score"], model.decision_function(X), rtol=0, atol=1e-12)


FRAME = pd.DataFrame(
    {
        "age": [1.0, 2.0, None, 4.0] * 10,
        "visits": [1, 2, 3, 4] * 10,
        "city <&>": ["Wien & Ulm", "São Paulo", None, "x"] * 10,
    }
)


def one_batch(rows: pd.DataFrame) -> pa.RecordBatch:
    return pa.Table.from_pandas(rows, preserve_index=False).combine_chunks().to_batches()[0]


def test_a_pipeline_on_a_table(to_pmml: Convert, score: Score, schema: etree.XMLSchema) -> None:
    numbers = make_pipeline(SimpleImputer(), StandardScaler())
    text = make_pipeline(SimpleImputer(strategy="constant", fill_value="?"), OneHotEncoder(handle_unknown="ignore"))
    columns = ColumnTransformer([("n", numbers, ["age", "visits"]), ("t", text, ["city <&>"])])
    model = make_pipeline(columns, LogisticRegression()).fit(FRAME, ["a", "b", "b", "a"] * 10)
    document = to_pmml(model, FRAME)
    schema.assertValid(document.root.getroottree())
    rows = pd.concat([FRAME, FRAME.assign(**{"city <&>": "never seen"}), FRAME.assign(age=np.nan)])
    found = score(document, one_batch(rows))
    np.testing.assert_allclose(found["probability(b)"], model.predict_proba(rows)[:, 1], rtol=0, atol=1e-12)
    inputs = signature(document).inputs
    assert [(column.name, column.type) for column in inputs] == [
        ("age", pa.float64()),
        ("visits", pa.int64()),
        ("city <&>", pa.string()),
    ]
    assert [column.nullable for column in inputs] == [True, True, True]


def test_same_input_same_bytes(to_pmml: Convert) -> None:
    model = GradientBoostingClassifier(n_estimators=3).fit(X, Y)
    assert to_pmml(model, X).data == to_pmml(model, X).data


def test_golden_rows_are_verified_and_would_notice(to_pmml: Convert) -> None:
    document = to_pmml(LinearRegression().fit(X, X[:, 0]), X)
    JpmmlSession(document)._evaluator.verify()
    table = next(item for item in document.root.iter() if str(item.tag).endswith("InlineTable"))
    cell = table[0][-1]
    wrong = document.data.replace(f">{cell.text}<".encode(), f">{float(cell.text or 0) + 1e-6}<".encode())
    assert wrong != document.data
    with pytest.raises(Exception, match="do not match"):
        JpmmlSession(document_of(wrong))._evaluator.verify()


def test_an_operator_without_a_columnar_form_is_refused_by_name(to_pmml: Convert) -> None:
    texts = pd.DataFrame({"note": ["one two", "two three", "four", "one"] * 5})
    counts = ColumnTransformer([("letters", CountVectorizer(analyzer="char"), "note")])
    model = make_pipeline(counts, LogisticRegression()).fit(texts, [0, 1, 1, 0] * 5)
    with pytest.raises(CannotConvert, match=r"Tokenizer|Concat"):
        to_pmml(model, texts)
