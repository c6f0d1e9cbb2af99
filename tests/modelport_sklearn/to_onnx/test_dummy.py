"""Dummy predictors: every strategy that does not draw at random."""

import numpy as np
import pytest
from sklearn.dummy import DummyClassifier, DummyRegressor

from modelport.errors import CannotConvert

X = np.arange(12.0).reshape(6, 2)


@pytest.mark.parametrize("strategy", ["mean", "median", "quantile", "constant"])
@pytest.mark.parametrize("targets", [1, 3])
def test_regression(strategy, targets, agrees):
    y = np.arange(6.0 * targets).reshape(6, targets) ** 2
    constant = np.arange(targets) + 0.5 if strategy == "constant" else None
    model = DummyRegressor(strategy=strategy, quantile=0.3, constant=constant)
    agrees(model.fit(X, y if targets > 1 else y.ravel()), X)


@pytest.mark.parametrize("labels", [["a", "b", "b"], [7, 3, 3], [True, False, False], [1, 1, 1]], ids=str)
@pytest.mark.parametrize("strategy", ["prior", "most_frequent", "constant"])
def test_classification(strategy, labels, agrees):
    y = np.array(labels * 2)
    agrees(DummyClassifier(strategy=strategy, constant=[y[0]] if strategy == "constant" else None).fit(X, y), X)


def test_several_targets(agrees_on_file):
    y = np.array([["a", "x"], ["b", "x"], ["b", "z"], ["b", "z"], ["a", "z"], ["b", "z"]])
    model = DummyClassifier().fit(X, y)
    got = agrees_on_file(model, X)
    for i in range(2):
        assert got[f"label_{i}"].tolist() == model.predict(X)[:, i].tolist()
        np.testing.assert_array_equal(got[f"probability_{i}"], model.predict_proba(X)[i])


@pytest.mark.parametrize("strategy", ["stratified", "uniform"])
def test_random_answers_are_refused(strategy, agrees):
    with pytest.raises(CannotConvert, match="at random"):
        agrees(DummyClassifier(strategy=strategy).fit(X, [0, 1] * 3), X)
