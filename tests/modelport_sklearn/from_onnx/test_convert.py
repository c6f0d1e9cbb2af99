"""ONNX → pickle: what comes back predicts as the graph, and says whether it is scikit-learn's own."""

import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.cluster import Birch
from sklearn.compose import ColumnTransformer
from sklearn.covariance import EllipticEnvelope
from sklearn.datasets import load_iris
from sklearn.ensemble import AdaBoostClassifier, AdaBoostRegressor
from sklearn.impute import SimpleImputer
from sklearn.linear_model import Lasso, LinearRegression, LogisticRegression, Ridge
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, PolynomialFeatures

from modelport.api import convert
from modelport.conversion import Context, NoteKind
from modelport_onnx.file import signature
from modelport_sklearn.from_onnx.convert import convert as from_onnx
from tests.modelport_sklearn.from_onnx.conftest import same_answers

X, Y = load_iris(return_X_y=True)


def round_trip(estimator: Any, rows: Any) -> tuple[Any, Context]:
    graph = convert(estimator, "onnx", data=rows, verify=False).model.artifact.model
    context = Context(signature(graph))
    return from_onnx(graph, context), context


NATIVE = [
    (LinearRegression(), X[:, 0] * 2 + Y),
    (Lasso(alpha=0.01), X[:, 0] * 2 + Y),
    (LinearRegression(), np.c_[Y, X[:, 1]]),
    (LogisticRegression(max_iter=300), Y),
    (LogisticRegression(max_iter=300), Y == 1),
    (LogisticRegression(max_iter=300), np.array(["a", "b b", "ç"])[Y]),
]


@pytest.mark.parametrize(("estimator", "target"), NATIVE)
def test_linear_models_come_back_as_scikit_learns_own(estimator: Any, target: Any) -> None:
    estimator.fit(X, target)
    found, context = round_trip(estimator, X)
    assert type(found).__module__.startswith("sklearn.")
    assert [note.where for note in context.notes] == [type(found).__name__, "inputs"]
    again = pickle.loads(pickle.dumps(found))
    if hasattr(estimator, "predict_proba"):
        assert again.predict(X).tolist() == estimator.predict(X).tolist()
        np.testing.assert_allclose(again.predict_proba(X), estimator.predict_proba(X), rtol=0, atol=1e-12)
    else:
        np.testing.assert_allclose(again.predict(X), estimator.predict(X), rtol=1e-12)


CARRIED = [
    AdaBoostClassifier(n_estimators=3),
    AdaBoostRegressor(n_estimators=3),
    Birch(n_clusters=3),
    EllipticEnvelope(random_state=0),
    PolynomialFeatures(2),
]


@pytest.mark.parametrize("estimator", CARRIED, ids=lambda model: type(model).__name__)
def test_other_graphs_are_carried_and_say_so(estimator: Any) -> None:
    estimator.fit(X, Y)
    found, context = round_trip(estimator, X)
    assert [(note.kind, note.what.partition(":")[0]) for note in context.notes] == [(NoteKind.LOST, "carrier")]
    same_answers(found, estimator, X)


def test_a_carried_pipeline_takes_the_same_table() -> None:
    frame = pd.DataFrame({"age": [1.0, 2.0, None, 4.0] * 10, "city": ["a", "b", "c", "a"] * 10})
    columns = ColumnTransformer(
        [("n", SimpleImputer(), ["age"]), ("t", OneHotEncoder(handle_unknown="ignore"), ["city"])]
    )
    model = make_pipeline(columns, AdaBoostClassifier(n_estimators=3)).fit(frame, ["no", "yes", "yes", "no"] * 10)
    found, _ = round_trip(model, frame)
    assert type(found).__name__ == "OnnxClassifier"
    assert found.feature_names_in_.tolist() == ["age", "city"]
    assert found.predict(frame).tolist() == model.predict(frame).tolist()
    np.testing.assert_allclose(found.predict_proba(frame), model.predict_proba(frame), rtol=0, atol=1e-12)


PMML = """<PMML xmlns="http://www.dmg.org/PMML-4_4" version="4.4"><Header/><DataDictionary>
<DataField name="city" optype="categorical" dataType="string"/>
<DataField name="age" optype="continuous" dataType="double"/>
<DataField name="y" optype="continuous" dataType="double"/></DataDictionary>
<RegressionModel functionName="regression"><MiningSchema><MiningField name="y" usageType="target"/>
<MiningField name="city" missingValueReplacement="Ulm"/>
<MiningField name="age" missingValueReplacement="30"/></MiningSchema>
<RegressionTable intercept="1"><NumericPredictor name="age" coefficient="2"/>
<CategoricalPredictor name="city" value="Wien" coefficient="100"/>
<CategoricalPredictor name="city" value="Ulm" coefficient="1000"/></RegressionTable></RegressionModel></PMML>"""


def test_from_pmml_with_texts_and_missing_values(tmp_path: Path) -> None:
    (tmp_path / "model.pmml").write_text(PMML)
    found = convert(tmp_path / "model.pmml", tmp_path / "model.pkl", verify=False).model.artifact.model
    cities: list[Any] = ["Wien", None, "Oslo", float("nan"), "Ulm"]
    rows = pd.DataFrame({"city": pd.Series(cities, dtype=object), "age": [1.0, 1.0, None, 2.0, 0.0]})
    assert found.predict(rows).tolist() == [103.0, 1003.0, 61.0, 1005.0, 1001.0]


def test_rows_of_another_width() -> None:
    found, _ = round_trip(AdaBoostRegressor(n_estimators=2).fit(X, Y), X)
    with pytest.raises(ValueError, match="expecting 4 features"):
        found.predict(X[:, :3])


def test_a_linear_model_of_pmml_is_native_and_refuses_what_pmml_leaves_open(tmp_path: Path) -> None:
    convert(Ridge().fit(X, Y), tmp_path / "model.pmml", data=X, engine="modelport", verify=False)
    made = convert(tmp_path / "model.pmml", tmp_path / "model.pkl", verify=False)
    found = made.model.artifact.model
    assert type(found) is LinearRegression
    np.testing.assert_allclose(found.predict(X), Ridge().fit(X, Y).predict(X), rtol=1e-12, atol=1e-12)
    assert {note.where for note in made.notes} >= {"LinearRegression", "inputs"}
