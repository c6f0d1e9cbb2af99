"""sklearn2pmml's documents, tidied, judged in both evaluators against scikit-learn."""

from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from sklearn.calibration import CalibratedClassifierCV
from sklearn.cluster import KMeans
from sklearn.compose import ColumnTransformer
from sklearn.datasets import load_iris
from sklearn.ensemble import GradientBoostingClassifier, IsolationForest, RandomForestClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, QuantileTransformer, StandardScaler
from sklearn.svm import LinearSVC
from sklearn.tree import DecisionTreeRegressor

from modelport.conversion import Context, NoteKind
from modelport.data import fit
from modelport.errors import CannotConvert, NotFitted
from modelport.signature import Column, Signature, classifier_outputs, matrix_inputs
from modelport_pmml.engine_sklearn2pmml.convert import convert, target_name
from modelport_pmml.runtimes.jpmml import JpmmlSession
from modelport_pmml.runtimes.pmml4s import Pmml4sSession

X, Y = load_iris(return_X_y=True)
MATRIX = Signature(matrix_inputs(4))
both = pytest.mark.parametrize("session", [JpmmlSession, Pmml4sSession])


def scored(session: Any, document: Any, rows: pa.RecordBatch) -> dict[str, np.ndarray[Any, Any]]:
    opened = session(document)
    return {name: np.array(values) for name, values in opened.score(fit(rows, opened.signature)).to_pydict().items()}


def matrix(rows: np.ndarray[Any, Any]) -> pa.RecordBatch:
    return pa.RecordBatch.from_arrays([pa.array(rows[:, i]) for i in range(4)], names=["x0", "x1", "x2", "x3"])


CLASSIFIERS = {
    "integers": (LogisticRegression(max_iter=200), Y),
    "booleans": (LogisticRegression(max_iter=200), Y == 1),
    "text that looks like numbers": (GradientBoostingClassifier(n_estimators=3), Y.astype(str)),
    "integers at the end of a chain": (GradientBoostingClassifier(n_estimators=3), Y),
    "text": (RandomForestClassifier(n_estimators=3, random_state=0), np.array(["é <&>", "b c", 'd"'])[Y]),
}


@pytest.mark.java
@both
@pytest.mark.parametrize("case", CLASSIFIERS)
def test_classifiers(session: Any, case: str) -> None:
    estimator, target = CLASSIFIERS[case]
    estimator.fit(X, target)
    found = scored(session, convert(estimator, Context(MATRIX)), matrix(X))
    assert found["label"].tolist() == estimator.predict(X).tolist()
    probabilities = np.stack([values for name, values in found.items() if name.startswith("probability(")], axis=1)
    np.testing.assert_allclose(probabilities, estimator.predict_proba(X), rtol=0, atol=1e-12)


@pytest.mark.java
@both
def test_clusters_and_outliers(session: Any) -> None:
    clusters = KMeans(3, random_state=0, n_init=1).fit(X)
    assert (
        scored(session, convert(clusters, Context(MATRIX)), matrix(X))["cluster"].tolist() == clusters.labels_.tolist()
    )
    outliers = IsolationForest(n_estimators=5, random_state=0).fit(X)
    found = scored(session, convert(outliers, Context(MATRIX)), matrix(X))
    assert found["label"].tolist() == outliers.predict(X).tolist()
    np.testing.assert_allclose(found["score"], outliers.decision_function(X), rtol=0, atol=1e-12)


@pytest.mark.java
@both
def test_text_and_missing_values_of_a_pipeline(session: Any) -> None:
    frame = pd.DataFrame({"y": [1.0, 2.0, None, 4.0] * 10, "s": ["u", "v", "w", "u"] * 10, "unused": 1.0})
    numbers = make_pipeline(SimpleImputer(), StandardScaler())
    columns = ColumnTransformer([("n", numbers, ["y"]), ("c", OneHotEncoder(handle_unknown="ignore"), ["s"])])
    pipeline = make_pipeline(columns, LogisticRegression()).fit(frame, [0, 1, 1, 0] * 10)
    inputs = (Column("y", pa.float64(), True), Column("s", pa.string()), Column("unused", pa.float64()))
    document = convert(pipeline, Context(Signature(inputs)))
    rows = pd.DataFrame({"y": [1.5, None, 9.0], "s": ["u", "v", "never seen"], "unused": 1.0})
    found = scored(session, document, pa.RecordBatch.from_pandas(rows))
    np.testing.assert_allclose(found["probability(1)"], pipeline.predict_proba(rows)[:, 1], rtol=0, atol=1e-12)
    assert [column.name for column in session(document).signature.inputs] == ["y", "s", "unused"]


@pytest.mark.java
def test_same_input_same_bytes_and_the_estimator_stays_as_it_was(capfd: pytest.CaptureFixture[str]) -> None:
    pipeline = make_pipeline(StandardScaler(), LinearRegression()).fit(X, Y)
    before = {name: sorted(vars(step)) for name, step in pipeline.named_steps.items()}
    documents = [convert(pipeline, Context(MATRIX)) for _ in range(2)]
    assert documents[0].data == documents[1].data
    assert documents[0].timestamp is None
    assert {name: sorted(vars(step)) for name, step in pipeline.named_steps.items()} == before
    assert capfd.readouterr() == ("", "")


@pytest.mark.java
def test_scores_that_it_leaves_out_are_noted() -> None:
    estimator = LinearSVC().fit(X, Y)
    context = Context(Signature(matrix_inputs(4), classifier_outputs((0, 1, 2), "decision")))
    document = convert(estimator, context)
    assert [column.name for column in JpmmlSession(document).signature.outputs] == ["label"]
    assert {(note.kind, note.where) for note in context.notes} == {(NoteKind.LOST, f"decision({i})") for i in range(3)}


@pytest.mark.java
def test_missing_values_of_trees_are_noted() -> None:
    context = Context(Signature(matrix_inputs(4, nullable=True)))
    convert(DecisionTreeRegressor(max_depth=2).fit(X, Y), context)
    assert [note.kind for note in context.notes] == [NoteKind.LOST]


@pytest.mark.java
def test_its_errors_are_one_sentence() -> None:
    from sklearn.gaussian_process import GaussianProcessRegressor

    with pytest.raises(CannotConvert, match="GaussianProcessRegressor is not a supported Estimator"):
        convert(GaussianProcessRegressor().fit(X, Y), Context(MATRIX))
    with pytest.raises(CannotConvert, match="only transform"):
        convert(StandardScaler().fit(X), Context(MATRIX))


WRONG = {
    "calibrated": (CalibratedClassifierCV(LogisticRegression(max_iter=200), cv=2), Y),
    "quantiles": (make_pipeline(QuantileTransformer(n_quantiles=10), LinearRegression()), Y),
    "several targets": (DecisionTreeRegressor(), np.c_[Y, Y]),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_it_converts_wrongly_is_refused_before_it_runs(case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("modelport_pmml.engine_sklearn2pmml.convert.run", None)
    estimator, target = WRONG[case]
    with pytest.raises(CannotConvert, match="wrongly") as error:
        convert(estimator.fit(X, target), Context(MATRIX))
    assert error.value.hint


def test_random_forests_of_xgboost_with_three_classes_are_refused() -> None:
    xgboost = pytest.importorskip("xgboost")
    with pytest.raises(CannotConvert, match="XGBRFClassifier"):
        convert(xgboost.XGBRFClassifier(n_estimators=2).fit(X, Y), Context(MATRIX))


@pytest.mark.parametrize("estimator", [LogisticRegression(), make_pipeline(StandardScaler(), LogisticRegression())])
def test_never_fitted(estimator: Any) -> None:
    with pytest.raises(NotFitted, match="never fitted"):
        convert(estimator, Context(MATRIX))


def test_no_estimator_at_all() -> None:
    with pytest.raises(CannotConvert, match=r"builtins\.dict"):
        convert({}, Context(MATRIX))


def test_the_target_takes_a_name_that_no_feature_has() -> None:
    assert target_name(["a"]) == "y"
    assert target_name(["y", "y_"]) == "y__"
