"""Searches, frozen estimators and self-training hand on to the estimator inside."""

import warnings

import numpy as np
import pytest
from scipy.stats import uniform
from sklearn.cluster import KMeans
from sklearn.experimental import enable_halving_search_cv  # noqa: F401
from sklearn.frozen import FrozenEstimator
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.model_selection import GridSearchCV, HalvingGridSearchCV, HalvingRandomSearchCV, RandomizedSearchCV
from sklearn.semi_supervised import SelfTrainingClassifier

from modelport.errors import CannotConvert


def data():
    rng = np.random.default_rng(1)
    y = rng.integers(0, 3, 200)
    return rng.normal(size=(200, 3)) + (y[:, None] == np.arange(3)), y


SEARCHES = {
    "grid": lambda m, g: GridSearchCV(m, {next(iter(g)): [0.1, 1, 10]}, cv=3),
    "random": lambda m, g: RandomizedSearchCV(m, g, n_iter=3, random_state=0, cv=3),
    "halving grid": lambda m, g: HalvingGridSearchCV(m, {next(iter(g)): [0.1, 1, 10]}, cv=3, random_state=0),
    "halving random": lambda m, g: HalvingRandomSearchCV(m, g, cv=3, random_state=0),
}


@pytest.mark.parametrize("search", SEARCHES)
def test_searches(search, agrees):
    x, y = data()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        agrees(SEARCHES[search](LogisticRegression(), {"C": uniform(0.1, 5)}).fit(x, np.array(["a", "b", "c"])[y]), x)
        agrees(SEARCHES[search](Ridge(), {"alpha": uniform(0.1, 5)}).fit(x, y), x)


def test_a_search_without_refit_is_refused(agrees):
    x, y = data()
    model = GridSearchCV(Ridge(), {"alpha": [1, 2]}, refit=False).fit(x, y)
    with pytest.raises(CannotConvert, match="refit"):
        agrees(model, x)


def test_a_search_over_transformers(transforms):
    x, _ = data()
    model = GridSearchCV(KMeans(n_init=1, random_state=0), {"n_clusters": [2, 3]}).fit(x)
    model.get_feature_names_out = model.best_estimator_.get_feature_names_out
    transforms(model, x)


def test_frozen(agrees):
    x, y = data()
    agrees(FrozenEstimator(LogisticRegression().fit(x, y)), x)


def test_self_training(agrees):
    x, y = data()
    partly = np.where(np.arange(200) % 3 == 0, y, -1)
    agrees(SelfTrainingClassifier(LogisticRegression()).fit(x, partly), x)
