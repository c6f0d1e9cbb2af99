"""Carriers: scikit-learn's interface over a graph, and scikit-learn's own checks of it."""

import pickle
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.cluster import KMeans
from sklearn.compose import make_column_transformer
from sklearn.datasets import load_iris
from sklearn.ensemble import AdaBoostClassifier, AdaBoostRegressor, IsolationForest
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import LinearRegression
from sklearn.model_selection import cross_val_score
from sklearn.multioutput import MultiOutputClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from sklearn.utils.estimator_checks import check_estimator

from modelport.signature import Column, Signature
from modelport_onnx.file import signature
from modelport_sklearn.from_onnx.carrier import OnnxClassifier
from modelport_sklearn.from_onnx.convert import carried
from modelport_sklearn.signature import reading
from tests.modelport_sklearn.from_onnx.conftest import graph_of, same_answers

X, Y = load_iris(return_X_y=True)

WIDTH = "the check fits rows of another width; a graph takes those it was made for"
FIT = "fit looks at no data: the graph is fixed, as FrozenEstimator is"
FITTED = "a carrier is fitted from the start"

EVERY = {
    "check_complex_data": FIT,
    "check_dict_unchanged": WIDTH,
    "check_dtype_object": WIDTH,
    "check_estimator_sparse_tag": FIT,
    "check_estimators_dtypes": WIDTH,
    "check_estimators_empty_data_messages": FIT,
    "check_estimators_pickle": WIDTH,
    "check_f_contiguous_array_estimator": WIDTH,
    "check_fit1d": FIT,
    "check_fit_check_is_fitted": FITTED,
    "check_fit_idempotent": WIDTH,
    "check_fit_score_takes_y": WIDTH,
    "check_methods_sample_order_invariance": WIDTH,
    "check_methods_subset_invariance": WIDTH,
    "check_n_features_in": FITTED,
}
PREDICTORS = {"check_estimators_unfitted": FITTED, "check_supervised_y_2d": WIDTH, "check_supervised_y_no_nan": FIT}
NAN = {"check_estimators_nan_inf": FIT}
STEP = {"check_pipeline_consistency": WIDTH}
EXPECTED: list[tuple[Any, dict[str, str]]] = [
    (
        AdaBoostClassifier(n_estimators=3),
        EVERY
        | PREDICTORS
        | NAN
        | STEP
        | {
            "check_classifier_data_not_an_array": WIDTH,
            "check_classifiers_classes": WIDTH,
            "check_classifiers_one_label": WIDTH,
            "check_classifiers_one_label_sample_weights": WIDTH,
            "check_classifiers_regression_target": FIT,
            "check_classifiers_train": FIT,
        },
    ),
    (
        AdaBoostRegressor(n_estimators=3),
        EVERY
        | PREDICTORS
        | NAN
        | STEP
        | {
            "check_regressor_data_not_an_array": WIDTH,
            "check_regressors_int": WIDTH,
            "check_regressors_train": FIT,
        },
    ),
    (
        KMeans(3, n_init=1),
        EVERY | NAN | {"check_clustering": FIT, "check_estimators_unfitted": FITTED},
    ),
    (
        IsolationForest(n_estimators=3),
        EVERY
        | {
            "check_classifier_data_not_an_array": WIDTH,
            "check_estimators_unfitted": FITTED,
            "check_outliers_fit_predict": WIDTH,
            "check_outliers_train": WIDTH,
        },
    ),
    (
        StandardScaler(),
        EVERY
        | STEP
        | {
            "check_transformer_data_not_an_array": WIDTH,
            "check_transformer_general": WIDTH,
            "check_transformer_preserve_dtypes": WIDTH,
        },
    ),
]


def carrier(model: Any, rows: Any = X, target: Any = Y) -> Any:
    graph = graph_of(model.fit(rows, target), rows)
    return carried(graph, signature(graph))


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(("model", "expected"), EXPECTED, ids=[type(model).__name__ for model, _ in EXPECTED])
def test_scikit_learns_own_checks(model: Any, expected: dict[str, str]) -> None:
    results = check_estimator(carrier(model), expected_failed_checks=expected, on_skip=None, on_fail=None)
    words = {status: {item["check_name"] for item in results if item["status"] == status} for status in
             ("failed", "xfail", "passed")}  # fmt: skip
    assert not words["failed"]
    assert words["xfail"] == set(expected)
    assert len(words["passed"]) > 20


@pytest.mark.parametrize("model", [model for model, _ in EXPECTED], ids=lambda model: type(model).__name__)
def test_it_answers_as_the_original_cloned_and_pickled(model: Any) -> None:
    found = carrier(model)
    for one in (found, clone(found), pickle.loads(pickle.dumps(found)), type(found)().set_params(**found.get_params())):
        same_answers(one, model, X)
    assert found.n_features_in_ == 4
    assert found.fit(X) is found


def test_without_a_graph_it_is_not_fitted() -> None:
    with pytest.raises(NotFittedError):
        OnnxClassifier().predict(X)


def test_rows_of_another_kind_are_refused_as_scikit_learn_does() -> None:
    found = carrier(AdaBoostClassifier(n_estimators=3))
    with pytest.raises(ValueError, match="X has 3 features, but OnnxClassifier is expecting 4 features"):
        found.predict(X[:, :3])
    with pytest.raises(ValueError, match="Reshape your data"):
        found.predict(X[0])
    with pytest.raises(ValueError, match="Complex data not supported"):
        found.predict(X.astype(complex))


def test_several_targets() -> None:
    model = MultiOutputClassifier(AdaBoostClassifier(n_estimators=3, random_state=0))
    found = carrier(model, X, np.c_[Y, Y == 1])
    assert found.predict(X).tolist() == model.predict(X).tolist()
    for have, want in zip(found.predict_proba(X), model.predict_proba(X), strict=True):
        np.testing.assert_allclose(have, want, rtol=0, atol=1e-12)
    assert [labels.tolist() for labels in found.classes_] == [[0, 1, 2], [0, 1]]


def test_in_a_pipeline_and_in_cross_validation() -> None:
    frame = pd.DataFrame(X, columns=list("abcd"))
    found = carrier(StandardScaler(), frame)
    named = found.set_output(transform="pandas").transform(frame)
    assert named.columns.tolist() == list("abcd")
    line = make_pipeline(found, AdaBoostClassifier(n_estimators=3))
    assert cross_val_score(line, frame, Y, cv=3).min() > 0.5


def test_logarithms_of_probabilities() -> None:
    found = carrier(AdaBoostClassifier(n_estimators=3))
    np.testing.assert_array_equal(found.predict_log_proba(X), np.log(found.predict_proba(X)))


def test_types_of_columns_are_those_of_the_graph() -> None:
    rows = pd.DataFrame({"x": [1.0, 2.0, 3.0, 4.0], "s": ["a", "b", "a", "b"]})
    columns = make_column_transformer((OneHotEncoder(), ["s"]), remainder="passthrough")
    source = graph_of(make_pipeline(columns, LinearRegression()).fit(rows, [1.0, 2.0, 2.0, 4.0]), rows)
    found = reading(carried(source, signature(source))).signature
    assert [(column.name, str(column.type)) for column in found.inputs] == [("x", "double"), ("s", "string")]


def test_outputs_beyond_the_prediction_are_answered_too() -> None:
    source = graph_of(AdaBoostRegressor(n_estimators=2, random_state=0).fit(X, Y), X)
    known = signature(source)
    twice = Signature(known.inputs, (*known.outputs, Column("out(score)", known.outputs[0].type)), known.task)
    copy = type(source).FromString(source.SerializeToString())
    extra = copy.graph.output.add()
    extra.CopyFrom(copy.graph.output[0])
    extra.name = "out(score)"
    copy.graph.node.add(op_type="Identity", input=[copy.graph.output[0].name], output=["out(score)"])
    estimator = carried(copy, twice)
    found = reading(estimator)
    assert [column.name for column in found.signature.outputs] == ["prediction", "out(score)"]
    want = estimator.predict(X[:5])
    for answer in found.answers.produce(pd.DataFrame(X[:5], columns=[c.name for c in known.inputs])):
        assert answer.tolist() == want.tolist()
