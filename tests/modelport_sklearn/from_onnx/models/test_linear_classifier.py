"""Linear classifiers come back, each with the link it had."""

import numpy as np
import pytest
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.linear_model import LogisticRegression, Perceptron, RidgeClassifier, SGDClassifier
from sklearn.svm import LinearSVC

MODELS = [
    (LogisticRegression(max_iter=300), "LogisticRegression"),
    (LinearDiscriminantAnalysis(), "LogisticRegression"),
    (SGDClassifier(random_state=0), "LinearSVC"),
    (RidgeClassifier(), "LinearSVC"),
    (Perceptron(random_state=0), "LinearSVC"),
    (LinearSVC(max_iter=50), "LinearSVC"),
    (SGDClassifier(loss="modified_huber", random_state=0), "SGDClassifier"),
]


@pytest.mark.parametrize(("model", "name"), MODELS, ids=lambda m: type(m).__name__)
@pytest.mark.parametrize("classes", [["no", "yes"], [3, 1, 2]], ids=["two", "three"])
def test_a_linear_classifier(model, name, classes, numbers, back) -> None:
    value = numbers[:, 0] + numbers[:, 3] / 3
    codes = np.digitize(value, np.quantile(value, np.linspace(0, 1, len(classes) + 1)[1:-1]))
    rows = numbers / [1, 30, 0.1, 2]
    found = back(model, rows, np.array(classes)[codes])
    assert type(found).__name__ == name
    assert found.classes_.tolist() == sorted(classes)


def test_one_logistic_function_a_class(numbers, back) -> None:
    rows = numbers / [1, 30, 0.1, 2]
    found = back(SGDClassifier(loss="log_loss", random_state=0), rows, np.digitize(rows[:, 0], [-0.5, 0.5]))
    assert found.loss == "log_loss"
