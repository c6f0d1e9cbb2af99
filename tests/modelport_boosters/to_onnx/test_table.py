"""Pre-flight: parameters that cannot be converted are named before anything is fitted."""

import catboost
import lightgbm as lgb
import pytest
import xgboost as xgb

from modelport_boosters.to_onnx.table import TABLE
from modelport_onnx.lowering import class_path

REFUSED = [
    (xgb.XGBClassifier(objective=lambda truth, guess: (guess, guess)), "one's own"),
    (xgb.XGBClassifier(objective="binary:logitraw"), "logitraw"),
    (lgb.LGBMClassifier(objective=lambda truth, guess: (guess, guess)), "one's own"),
    (catboost.CatBoostClassifier(cat_features=["town"]), "hashes"),
    (catboost.CatBoostRegressor(text_features=["review"]), "text"),
]
TAKEN = [
    xgb.XGBClassifier(),
    lgb.LGBMRegressor(linear_tree=True),
    lgb.LGBMClassifier(),
    lgb.LGBMRanker(),
    catboost.CatBoostRanker(),
    catboost.CatBoost({}),
]


@pytest.mark.parametrize(("estimator", "reason"), REFUSED)
def test_parameters_that_are_refused(estimator, reason):
    assert reason in TABLE[class_path(type(estimator))].check(estimator)


@pytest.mark.parametrize("estimator", TAKEN)
def test_parameters_that_are_taken(estimator):
    assert TABLE[class_path(type(estimator))].check(estimator) is None
