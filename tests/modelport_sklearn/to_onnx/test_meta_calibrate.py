"""Calibration: sigmoid, isotonic and temperature, over members with decisions and with probabilities."""

import numpy as np
import pytest
from sklearn.calibration import CalibratedClassifierCV
from sklearn.ensemble import RandomForestClassifier
from sklearn.frozen import FrozenEstimator
from sklearn.linear_model import LogisticRegression, Perceptron
from sklearn.naive_bayes import GaussianNB
from sklearn.svm import SVC, LinearSVC


def data(classes):
    rng = np.random.default_rng(classes)
    y = rng.integers(0, classes, 240)
    return rng.normal(size=(240, 4)) + 0.6 * (y[:, None] == np.arange(4)), y


@pytest.mark.parametrize("labels", [["no", "yes"], [7, 3, 5], [True, False]], ids=str)
@pytest.mark.parametrize("member", [LinearSVC(), GaussianNB(var_smoothing=5.0), SVC()], ids=lambda m: type(m).__name__)
@pytest.mark.parametrize("method", ["sigmoid", "isotonic", "temperature"])
@pytest.mark.parametrize("ensemble", [True, False])
def test_methods(ensemble, method, member, labels, agrees):
    if method == "temperature" and labels == [7, 3, 5]:
        # scikit-learn 1.9 fits a temperature with the labels themselves as column numbers, beyond the matrix's end.
        labels = [2, 0, 1]
    x, y = data(len(labels))
    model = CalibratedClassifierCV(member, method=method, ensemble=ensemble, cv=3)
    agrees(model.fit(x[:160], np.array(labels)[y[:160]]), np.r_[x, x * 6, x * 0.01])


def test_isotonic_calibration_on_its_knots(agrees):
    """Rows whose score is a knot of a calibrator, and one float step to either side."""
    x, y = data(2)
    model = CalibratedClassifierCV(Perceptron(random_state=0), method="isotonic", cv=2).fit(x, y)
    first = model.calibrated_classifiers_[0]
    weights, offset = first.estimator.coef_[0], first.estimator.intercept_[0]
    knots = first.calibrators[0].X_thresholds_
    rows = np.outer((knots - offset) / (weights @ weights), weights)
    agrees(model, np.r_[rows, np.nextafter(rows, np.inf), np.nextafter(rows, -np.inf)])


@pytest.mark.parametrize("method", ["sigmoid", "isotonic"])
def test_a_forest_as_a_member_on_its_splits(method, agrees):
    x, y = data(3)
    forest = RandomForestClassifier(5, max_depth=3, random_state=0)
    model = CalibratedClassifierCV(forest, method=method, cv=2).fit(x, y + 5)
    member = model.calibrated_classifiers_[0].estimator.estimators_[0].tree_
    inner = member.feature >= 0
    rows = x[: inner.sum()].copy()
    rows[np.arange(len(rows)), member.feature[inner]] = member.threshold[inner]
    agrees(model, np.r_[rows, np.nextafter(rows, np.inf), np.nextafter(rows, -np.inf), rows.astype(np.float32)])


def test_a_frozen_member(agrees):
    x, y = data(3)
    frozen = FrozenEstimator(LogisticRegression().fit(x[:100], y[:100]))
    agrees(CalibratedClassifierCV(frozen, method="sigmoid").fit(x[100:], y[100:]), x)


def test_classes_that_no_calibrator_likes_share_evenly(agrees):
    x, y = data(3)
    model = CalibratedClassifierCV(GaussianNB(), method="isotonic", cv=3).fit(x, y)
    for fold in model.calibrated_classifiers_:
        for calibrator in fold.calibrators:
            calibrator.y_thresholds_ = np.zeros_like(calibrator.y_thresholds_)
            calibrator._build_f(calibrator.X_thresholds_, calibrator.y_thresholds_)
    np.testing.assert_allclose(agrees(model, x)["probability"], 1 / 3)
