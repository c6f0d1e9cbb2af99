"""Gradient boosting comes back; so does LightGBM's, as HistGradientBoosting."""

import numpy as np
import pytest
from sklearn.ensemble import (
    GradientBoostingClassifier,
    GradientBoostingRegressor,
    HistGradientBoostingClassifier,
    HistGradientBoostingRegressor,
)

from tests.probes import boundary_rows, thresholds_of

SMALL = {"n_estimators": 6, "random_state": 0}
SHORT = {"max_iter": 6, "random_state": 0}


def splits(model):
    if hasattr(model, "_predictors"):
        nodes = [item.nodes[item.nodes["is_leaf"] == 0] for stage in model._predictors for item in stage]
        return thresholds_of(*((item["feature_idx"], item["num_threshold"]) for item in nodes))
    return thresholds_of(*((item.tree_.feature, item.tree_.threshold) for item in model.estimators_.ravel()))


@pytest.mark.parametrize(
    "model",
    [
        GradientBoostingClassifier(**SMALL),
        HistGradientBoostingClassifier(**SHORT),
    ],
    ids=lambda m: type(m).__name__,
)
@pytest.mark.parametrize("classes", [2, 3])
def test_classifiers(model, classes, numbers, back) -> None:
    target = np.array(["a", "b", "c"])[np.digitize(numbers[:, 0], [0, 0.7][: classes - 1])]
    rows = boundary_rows(numbers, splits(model.fit(numbers, target)))
    assert type(back(model, numbers, target, probes=rows)) is type(model)


@pytest.mark.parametrize(
    "model",
    [
        GradientBoostingRegressor(**SMALL),
        GradientBoostingRegressor(init="zero", **SMALL),
        HistGradientBoostingRegressor(**SHORT),
        HistGradientBoostingRegressor(loss="poisson", **SHORT),
    ],
)
def test_regressors(model, numbers, back) -> None:
    target = np.exp(numbers[:, 0])
    rows = boundary_rows(numbers, splits(model.fit(numbers, target)))
    assert type(back(model, numbers, target, probes=rows)) is type(model)


def test_an_exponential_loss(numbers, back) -> None:
    found = back(GradientBoostingClassifier(loss="exponential", **SMALL), numbers, numbers[:, 0] > 0)
    assert found.loss == "exponential"


def test_missing_values_of_histograms(numbers, back) -> None:
    rows = numbers.copy()
    rows[::5] = np.nan
    model = HistGradientBoostingClassifier(**SHORT).fit(rows, numbers[:, 0] > 0)
    back(model, rows, numbers[:, 0] > 0, probes=boundary_rows(rows, splits(model), missing=True))


@pytest.mark.parametrize("gaps", [False, True])
def test_light_gbm_is_a_histogram_model(gaps, numbers, back) -> None:
    lightgbm = pytest.importorskip("lightgbm")
    rows = numbers.copy()
    if gaps:
        rows[::5, 1] = np.nan
    model = lightgbm.LGBMRegressor(n_estimators=6, min_child_samples=5, verbose=-1, random_state=0)
    found = back(model, rows, numbers[:, 0] + np.nan_to_num(rows[:, 1]))
    assert type(found).__name__ == "HistGradientBoostingRegressor"
