"""Decision thresholds: fixed and tuned, on probabilities and on decisions, and rows exactly at the threshold."""

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import FixedThresholdClassifier, TunedThresholdClassifierCV
from sklearn.naive_bayes import GaussianNB
from sklearn.svm import LinearSVC


def data():
    rng = np.random.default_rng(1)
    y = (rng.random(300) < 0.25).astype(int)
    return rng.normal(size=(300, 3)) + 0.8 * y[:, None], y


def same_labels(model, x, agrees_on_file):
    got = agrees_on_file(model, x)
    assert got["label"].tolist() == model.predict(x).tolist()
    return got


@pytest.mark.parametrize("labels", [["bad", "good"], [1, 2], [False, True]], ids=str)
@pytest.mark.parametrize("positive", [0, 1, None])
@pytest.mark.parametrize("threshold", ["auto", 0.2, 0.8])
@pytest.mark.parametrize("response", ["auto", "decision_function"])
def test_fixed(response, threshold, positive, labels, agrees_on_file):
    x, y = data()
    target = np.array(labels)[y]
    label = None if positive is None else labels[positive]
    model = FixedThresholdClassifier(
        LogisticRegression(), threshold=threshold, pos_label=label, response_method=response
    )
    if positive is None and labels == ["bad", "good"] and threshold != "auto":
        model.pos_label = "good"
    same_labels(model.fit(x, target), x, agrees_on_file)


@pytest.mark.parametrize("member", [LogisticRegression(), GaussianNB(), LinearSVC()], ids=lambda m: type(m).__name__)
def test_tuned(member, agrees_on_file):
    x, y = data()
    model = TunedThresholdClassifierCV(member, scoring="balanced_accuracy").fit(x[:200], y[:200])
    assert (model.predict(x) != model.estimator_.predict(x)).any(), "the threshold matters on these rows"
    same_labels(model, x, agrees_on_file)


def test_at_the_threshold_is_positive(agrees_on_file):
    x, y = data()
    model = FixedThresholdClassifier(LogisticRegression(), threshold=0.25, response_method="decision_function")
    model.fit(x[:, :1], y)
    model.estimator_.coef_, model.estimator_.intercept_ = np.array([[1.0]]), np.array([0.0])
    rows = np.array([[0.25], [np.nextafter(0.25, 0)], [np.nextafter(0.25, 1)]])
    assert same_labels(model, rows, agrees_on_file)["label"].tolist() == [1, 0, 1]


def test_probabilities_stay_the_members(agrees_on_file):
    x, y = data()
    model = FixedThresholdClassifier(GaussianNB(), threshold=0.9).fit(x, y)
    np.testing.assert_allclose(agrees_on_file(model, x)["probability"], model.predict_proba(x), atol=1e-12)
