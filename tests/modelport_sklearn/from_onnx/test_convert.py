"""ONNX → pickle: what comes back predicts as the graph, and says whether it is scikit-learn's own."""

import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.cluster import KMeans
from sklearn.compose import ColumnTransformer
from sklearn.datasets import load_iris
from sklearn.ensemble import IsolationForest, RandomForestClassifier, RandomForestRegressor
from sklearn.impute import SimpleImputer
from sklearn.linear_model import Lasso, LinearRegression, LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from modelport.api import convert
from modelport.conversion import Context, NoteKind
from modelport_onnx.file import signature
from modelport_sklearn.from_onnx.convert import convert as from_onnx

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
    assert not context.notes
    again = pickle.loads(pickle.dumps(found))
    if hasattr(estimator, "predict_proba"):
        assert again.predict(X).tolist() == estimator.predict(X).tolist()
        np.testing.assert_allclose(again.predict_proba(X), estimator.predict_proba(X), rtol=0, atol=1e-12)
    else:
        np.testing.assert_allclose(again.predict(X), estimator.predict(X), rtol=1e-12)


def test_a_native_pickle_needs_scikit_learn_alone(tmp_path: Path) -> None:
    found, _ = round_trip(LinearRegression().fit(X, Y), X)
    (tmp_path / "a.pkl").write_bytes(pickle.dumps(found))
    script = (
        "import pickle,sys; pickle.load(open(sys.argv[1],'rb')).predict([[1,2,3,4]]); print('modelport' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", script, str(tmp_path / "a.pkl")], capture_output=True, text=True)
    assert done.stdout.strip() == "False", done.stderr


CARRIED = [
    RandomForestClassifier(n_estimators=3, random_state=0),
    RandomForestRegressor(n_estimators=3, random_state=0),
    KMeans(3, random_state=0, n_init=1),
    IsolationForest(n_estimators=3, random_state=0),
    StandardScaler(),
]


@pytest.mark.parametrize("estimator", CARRIED, ids=lambda model: type(model).__name__)
def test_other_graphs_are_carried_and_say_so(estimator: Any) -> None:
    estimator.fit(X, Y)
    found, context = round_trip(estimator, X)
    assert [note.kind for note in context.notes] == [NoteKind.LOST]
    for model in (found, clone(found), pickle.loads(pickle.dumps(found))):
        for method in ("predict", "predict_proba", "transform", "decision_function"):
            if hasattr(estimator, method) and hasattr(model, method):
                np.testing.assert_allclose(getattr(model, method)(X), getattr(estimator, method)(X), rtol=0, atol=1e-12)
    assert found.n_features_in_ == 4
    assert found.fit(X) is found


def test_a_carried_pipeline_takes_the_same_table() -> None:
    frame = pd.DataFrame({"age": [1.0, 2.0, None, 4.0] * 10, "city": ["a", "b", "c", "a"] * 10})
    columns = ColumnTransformer(
        [("n", SimpleImputer(), ["age"]), ("t", OneHotEncoder(handle_unknown="ignore"), ["city"])]
    )
    model = make_pipeline(columns, LogisticRegression()).fit(frame, ["no", "yes", "yes", "no"] * 10)
    found, _ = round_trip(model, frame)
    assert found.feature_names_in_.tolist() == ["age", "city"]
    assert found.predict(frame).tolist() == model.predict(frame).tolist()
    np.testing.assert_allclose(found.predict_proba(frame), model.predict_proba(frame), rtol=0, atol=1e-12)


def test_a_carried_transformer_sets_its_output() -> None:
    found, _ = round_trip(
        StandardScaler().fit(pd.DataFrame(X, columns=list("abcd"))), pd.DataFrame(X, columns=list("abcd"))
    )
    frame = found.set_output(transform="pandas").transform(pd.DataFrame(X, columns=list("abcd")))
    assert frame.columns.tolist() == ["a", "b", "c", "d"]


def test_rows_of_another_width() -> None:
    found, _ = round_trip(RandomForestRegressor(n_estimators=2).fit(X, Y), X)
    with pytest.raises(ValueError, match="4 columns"):
        found.predict(X[:, :3])
