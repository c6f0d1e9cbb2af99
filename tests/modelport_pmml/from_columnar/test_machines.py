"""One kernel machine as SupportVectorMachineModel: valid, equal in both evaluators and in ONNX again."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from lxml import etree
from sklearn.datasets import load_iris
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC, SVR, NuSVR, OneClassSVM

from modelport.api import convert
from modelport_pmml.document import PmmlDocument

Convert = Callable[[Any, Any], PmmlDocument]
Score = Callable[[PmmlDocument, Any], dict[str, Any]]
X, Y = load_iris(return_X_y=True)
FAR = np.concatenate([X, X * 100, -X, np.zeros((1, 4))])

pytestmark = pytest.mark.java

REGRESSORS = {
    "radial": SVR(),
    "wide": SVR(gamma=40.0, C=10),
    "polynomial": SVR(kernel="poly", degree=3, coef0=1.0),
    "square": SVR(kernel="poly", degree=2),
    "sigmoid": SVR(kernel="sigmoid", gamma=0.01, coef0=0.1),
    "nu": NuSVR(gamma=0.3),
    "scaled": make_pipeline(StandardScaler(), SVR()),
}


def element(document: PmmlDocument) -> str:
    return str(document.model.tag).rpartition("}")[2]


@pytest.mark.parametrize("name", REGRESSORS)
def test_regressors(name: str, to_pmml: Convert, score: Score, schema: etree.XMLSchema) -> None:
    model = REGRESSORS[name].fit(X, Y)
    document = to_pmml(model, X)
    schema.assertValid(document.root.getroottree())
    assert element(document) == "SupportVectorMachineModel"
    want = model.predict(FAR)
    np.testing.assert_allclose(score(document, FAR)["prediction"], want, rtol=1e-9, atol=1e-9)
    back = convert(document, "onnx", verify=False).model.predict(FAR)
    np.testing.assert_allclose(np.ravel(back), want, rtol=1e-9, atol=1e-9)


def test_one_column(to_pmml: Convert, score: Score) -> None:
    model = SVR().fit(X[:, :1], Y)
    document = to_pmml(model, X[:, :1])
    assert element(document) == "SupportVectorMachineModel"
    np.testing.assert_allclose(score(document, X[:, :1])["prediction"], model.predict(X[:, :1]), rtol=1e-9, atol=1e-9)


def test_outliers(to_pmml: Convert, score: Score, schema: etree.XMLSchema) -> None:
    model = OneClassSVM(gamma=0.2, nu=0.2).fit(X)
    document = to_pmml(model, X)
    schema.assertValid(document.root.getroottree())
    assert element(document) == "SupportVectorMachineModel"
    found = score(document, FAR)
    np.testing.assert_allclose(found["score"], model.decision_function(FAR), rtol=1e-9, atol=1e-9)
    clear = np.abs(model.decision_function(FAR)) > 1e-12
    assert (found["label"] == model.predict(FAR))[clear].all()


def test_vectors_are_those_of_the_model(to_pmml: Convert) -> None:
    model = SVR().fit(X, Y)
    document = to_pmml(model, X)
    arrays = [item.text or "" for item in document.model.iter() if str(item.tag).endswith("Array")]
    vectors = np.array([[float(value) for value in text.split()] for text in arrays])
    np.testing.assert_allclose(vectors, model.support_vectors_, rtol=1e-15)


def test_several_machines_stay_expressions(to_pmml: Convert) -> None:
    assert element(to_pmml(SVC().fit(X, Y), X)) == "RegressionModel"
