"""IterativeImputer: any regressor that can be converted, indicators, empty columns, other markers."""

import numpy as np
import pandas as pd
import pytest
from sklearn.ensemble import RandomForestRegressor
from sklearn.experimental import enable_iterative_imputer  # noqa: F401
from sklearn.impute import IterativeImputer
from sklearn.linear_model import Ridge

from modelport.errors import CannotConvert

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")


@pytest.fixture
def rows():
    rng = np.random.default_rng(0)
    rows = rng.normal(size=(80, 4)) @ rng.normal(size=(4, 4))
    rows[rng.random(rows.shape) < 0.2] = np.nan
    return rows


OPTIONS = [
    {},
    {"max_iter": 2, "imputation_order": "roman"},
    {"n_nearest_features": 2, "random_state": 0, "max_iter": 3},
    {"initial_strategy": "median", "min_value": -0.5, "max_value": [0.5, 1, 1, 1]},
    {"add_indicator": True, "max_iter": 2},
    {"max_iter": 0},
    {"estimator": Ridge(), "max_iter": 2},
    {"estimator": RandomForestRegressor(3, max_depth=3, random_state=0), "max_iter": 2},
    {"skip_complete": True, "max_iter": 2},
]


@pytest.mark.parametrize("options", OPTIONS, ids=repr)
def test_options(options, rows, agrees):
    imputer = IterativeImputer(**options).fit(rows)
    agrees(imputer, rows)
    agrees(imputer, rows[:1])
    agrees(imputer, np.full((2, 4), np.nan))
    agrees(imputer, np.vstack([np.full((1, 4), np.nan), rows[:2]]))


@pytest.mark.parametrize("keep", [True, False])
def test_an_empty_column(keep, rows, agrees):
    rows[:, 2] = np.nan
    imputer = IterativeImputer(keep_empty_features=keep, max_iter=2, add_indicator=True).fit(rows)
    agrees(imputer, rows)
    other = rows.copy()
    other[::2, 2] = 7.0
    agrees(imputer, other)


def test_another_marker(rows, agrees):
    marked = np.nan_to_num(rows, nan=-1.0)
    agrees(IterativeImputer(missing_values=-1, max_iter=2).fit(marked), marked)


def test_columns_missing_only_later(rows, agrees):
    complete = np.nan_to_num(rows)
    agrees(IterativeImputer(max_iter=2).fit(complete), rows)
    frame = pd.DataFrame(rows, columns=list("abcd"))
    agrees(IterativeImputer(max_iter=2).fit(frame), frame)


def test_random_draws_are_refused(rows, agrees):
    with pytest.raises(CannotConvert, match="random"):
        agrees(IterativeImputer(sample_posterior=True, max_iter=1, random_state=0).fit(rows), rows)
