"""Linear classifiers: two and several classes, labels of every type, far-away rows, and rows on the decision."""

import warnings

import numpy as np
import pytest
from sklearn import linear_model, svm

LABELS = {
    "integers": [3, -1, 7],
    "strings": ["no", "ja, gerne", "été"],
    "booleans": [False, True],
    "floats": [1.0, 2.0, 4.0],
}
CLASSIFIERS = {
    "LogisticRegression": linear_model.LogisticRegression(),
    "LogisticRegressionCV": linear_model.LogisticRegressionCV(cv=2, use_legacy_attributes=True, scoring="accuracy"),
    "SGDClassifier.hinge": linear_model.SGDClassifier(random_state=0),
    "SGDClassifier.log_loss": linear_model.SGDClassifier(loss="log_loss", random_state=0),
    "SGDClassifier.modified_huber": linear_model.SGDClassifier(loss="modified_huber", random_state=0),
    "Perceptron": linear_model.Perceptron(random_state=0),
    "PassiveAggressiveClassifier": linear_model.PassiveAggressiveClassifier(random_state=0),
    "RidgeClassifier": linear_model.RidgeClassifier(),
    "RidgeClassifierCV": linear_model.RidgeClassifierCV(),
    "LinearSVC": svm.LinearSVC(random_state=0),
    "LinearSVC.crammer_singer": svm.LinearSVC(multi_class="crammer_singer", random_state=0),
}


def fitted(estimator, x, y):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return estimator.fit(x, y)


def data(labels, classes, seed=3):
    rng = np.random.default_rng(seed)
    kind = rng.integers(0, classes, 150)
    x = rng.normal(size=(150, 4)) + kind[:, None] * [1, -1, 0, 0.5]
    x[:, 3] = 2.5
    return x, np.array(LABELS[labels])[kind]


def on_the_decision(estimator, x):
    """Rows moved on to the hyperplane of the first column, and one float step to either side."""
    weights, offset = np.atleast_2d(estimator.coef_)[0], np.ravel(estimator.intercept_)[0]
    there = x - np.outer((x @ weights + offset) / (weights @ weights), weights)
    return np.r_[there, np.nextafter(there, np.inf), np.nextafter(there, -np.inf)]


@pytest.mark.parametrize("labels", ["integers", "strings", "booleans", "floats"])
@pytest.mark.parametrize("classes", [2, 3])
@pytest.mark.parametrize("name", CLASSIFIERS)
def test_classifier(name, labels, classes, agrees):
    if classes > len(LABELS[labels]):
        classes = 2
    x, y = data(labels, classes)
    model = fitted(CLASSIFIERS[name], x[:100], y[:100])
    agrees(model, np.r_[x, x * 40, x * -400, on_the_decision(model, x)])


def test_a_row_exactly_on_the_decision_is_negative(agrees):
    model = linear_model.LogisticRegression().fit([[-1.0], [1.0]], ["a", "b"])
    model.coef_, model.intercept_ = np.array([[1.0]]), np.array([-0.5])
    got = agrees(model, np.array([[0.5], [np.nextafter(0.5, 1)], [np.nextafter(0.5, 0)]]))
    assert got["label"].tolist() == ["a", "b", "a"]


def test_equal_scores_give_the_first_class(agrees):
    model = linear_model.LogisticRegression().fit([[0.0], [1.0], [2.0]], [0, 1, 2])
    model.coef_, model.intercept_ = np.array([[1.0], [1.0], [0.5]]), np.zeros(3)
    assert agrees(model, np.array([[4.0], [-4.0], [0.0]]))["label"].tolist() == [0, 2, 0]


def test_probabilities_that_are_all_zero_become_uniform(agrees):
    x, y = data("integers", 3)
    model = linear_model.SGDClassifier(loss="modified_huber", random_state=0).fit(x, y)
    model.intercept_ = np.array([-1e6, -1e6, -1e6])
    assert np.allclose(agrees(model, x)["probability"], 1 / 3)


def test_one_against_the_rest_far_away(agrees):
    x, y = data("integers", 3)
    model = linear_model.SGDClassifier(loss="log_loss", random_state=0).fit(x, y)
    model.intercept_ = np.array([-60.0, -61.0, -300.0])
    agrees(model, x)


def test_multilabel_ridge(agrees_on_file):
    x, y = data("integers", 3)
    targets = np.c_[y == 3, y == 7, y != 7].astype(int)
    model = linear_model.RidgeClassifier().fit(x, targets)
    got = agrees_on_file(model, x)
    assert (np.stack([got[f"label_{i}"] for i in range(3)], axis=1) == model.predict(x)).all()
