"""Multilayer perceptrons as NeuralNetwork: valid, equal in both evaluators and in ONNX again, read by their layers."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from lxml import etree
from sklearn.datasets import load_iris
from sklearn.decomposition import PCA
from sklearn.linear_model import LogisticRegression
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from modelport.api import convert
from modelport_pmml.document import PmmlDocument

Convert = Callable[[Any, Any], PmmlDocument]
Score = Callable[[PmmlDocument, Any], dict[str, Any]]
X, Y = load_iris(return_X_y=True)
FAR = np.concatenate([X, X * 50, -X * 50, np.zeros((1, 4))])
WORDS = np.array(["a<b", "c", "d"])

pytestmark = pytest.mark.java


def network(**more: Any) -> dict[str, Any]:
    return {"hidden_layer_sizes": (5, 3), "max_iter": 40, "random_state": 0, **more}


CLASSIFIERS = [
    (MLPClassifier(**network(activation="relu")), Y),
    (MLPClassifier(**network(activation="tanh")), WORDS[Y]),
    (MLPClassifier(**network(activation="logistic")), Y > 0),
    (make_pipeline(StandardScaler(), MLPClassifier(**network())), WORDS[(Y > 0).astype(int)]),
]
REGRESSORS = [
    MLPRegressor(**network(activation="relu")),
    MLPRegressor(**network(activation="tanh")),
    make_pipeline(StandardScaler(), MLPRegressor(**network(activation="logistic"))),
]


def element(document: PmmlDocument) -> str:
    return str(document.model.tag).rpartition("}")[2]


@pytest.mark.parametrize(("estimator", "target"), CLASSIFIERS, ids=range(4))
def test_classifiers(estimator: Any, target: Any, to_pmml: Convert, score: Score, schema: etree.XMLSchema) -> None:
    document = to_pmml(estimator.fit(X, target), X)
    schema.assertValid(document.root.getroottree())
    assert element(document) == "NeuralNetwork"
    found = score(document, FAR)
    assert found["label"].tolist() == estimator.predict(FAR).tolist()
    shares = np.column_stack([column for name, column in found.items() if name.startswith("probability(")])
    np.testing.assert_allclose(shares.astype(float), estimator.predict_proba(FAR), rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("estimator", REGRESSORS, ids=range(3))
def test_regressors(estimator: Any, to_pmml: Convert, score: Score, schema: etree.XMLSchema) -> None:
    document = to_pmml(estimator.fit(X, Y), X)
    schema.assertValid(document.root.getroottree())
    assert element(document) == "NeuralNetwork"
    np.testing.assert_allclose(score(document, FAR)["prediction"], estimator.predict(FAR), rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("estimator", [CLASSIFIERS[0][0], CLASSIFIERS[2][0], REGRESSORS[1]], ids=range(3))
def test_back_in_onnx(estimator: Any, to_pmml: Convert) -> None:
    estimator.fit(X, Y > 0)
    back = convert(to_pmml(estimator, X), "onnx", verify=False).model
    want = estimator.predict(FAR)
    have = back.predict(FAR)
    np.testing.assert_allclose(np.asarray(have, float), np.asarray(want, float), rtol=1e-9, atol=1e-9)


def test_layers_are_read_off_the_graph(to_pmml: Convert) -> None:
    model = MLPClassifier(**network()).fit(X, Y)
    layers = [item for item in to_pmml(model, X).model if str(item.tag).endswith("NeuralLayer")]
    assert [len(layer) for layer in layers] == [5, 3, 3]
    assert [layer.get("activationFunction") for layer in layers] == ["rectifier", "rectifier", "identity"]
    assert layers[-1].get("normalizationMethod") == "softmax"
    con = layers[0][0][1]
    assert float(con.get("weight") or 0) == model.coefs_[0][1, 0]


def test_a_linear_model_behind_a_projection_is_no_network(to_pmml: Convert) -> None:
    document = to_pmml(make_pipeline(PCA(2), LogisticRegression()).fit(X, Y), X)
    assert element(document) == "RegressionModel"
