"""Gradient boosting: losses, first guesses, classes, on every split."""

import numpy as np
import pytest
from sklearn.ensemble import GradientBoostingClassifier, GradientBoostingRegressor, RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

from modelport.errors import CannotConvert


def data(classes=2, seed=0):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(200, 4))
    return x, np.clip(np.digitize(x[:, 0] + 0.5 * x[:, 1] + rng.normal(size=len(x)), [-0.7, 0.7]), 0, classes - 1)


def splits(probes, model):
    trees = [member.tree_ for member in model.estimators_.ravel()]
    return probes.thresholds_of(*[(tree.feature, tree.threshold) for tree in trees])


@pytest.mark.parametrize(
    "init",
    [None, "zero", RandomForestClassifier(3, max_depth=2, random_state=0), DecisionTreeClassifier(max_depth=2)],
    ids=str,
)
@pytest.mark.parametrize(("classes", "loss"), [(2, "log_loss"), (2, "exponential"), (3, "log_loss")])
def test_classifiers(classes, loss, init, agrees, probes):
    x, kind = data(classes)
    model = GradientBoostingClassifier(loss=loss, init=init, n_estimators=12, random_state=0)
    model.fit(x, np.array(["a", "b", "c"])[kind])
    agrees(model, probes.boundary_rows(x, splits(probes, model), extremes=init is None))


@pytest.mark.parametrize("init", [None, "zero", DecisionTreeRegressor(max_depth=2)], ids=str)
@pytest.mark.parametrize("loss", ["squared_error", "absolute_error", "huber", "quantile"])
def test_regressors(loss, init, agrees, probes):
    x, kind = data(3)
    model = GradientBoostingRegressor(loss=loss, init=init, n_estimators=12, subsample=0.7, random_state=0)
    model.fit(x, kind + x[:, 2])
    agrees(model, probes.boundary_rows(x, splits(probes, model)))


def test_early_stopping_and_more_than_one_block(agrees, probes):
    x, kind = data(3)
    model = GradientBoostingRegressor(n_estimators=150, max_depth=2, n_iter_no_change=90, random_state=0).fit(x, kind)
    assert 64 < model.n_estimators_ <= 150
    agrees(model, probes.boundary_rows(x, splits(probes, model)))


def test_a_first_guess_in_float32_arithmetic_is_refused(converted):
    """Gradient boosting hands its first estimator float32 rows, and a linear model multiplies them in float32."""
    x, kind = data(2)
    model = GradientBoostingClassifier(init=LogisticRegression(), n_estimators=3).fit(x, kind)
    assert model.init_.coef_.dtype == np.float32 or model.init_.predict_proba(x.astype(np.float32)).dtype == np.float32
    with pytest.raises(CannotConvert, match=r"float32.*LogisticRegression"):
        converted(model, x)
