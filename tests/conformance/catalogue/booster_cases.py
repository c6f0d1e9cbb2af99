"""XGBoost, LightGBM and CatBoost wrappers: the eight measured classes, and what people do with them."""

from collections.abc import Iterator
from functools import partial
from importlib import import_module
from typing import Any

import numpy as np
import pandas as pd

from tests.conformance.catalogue import data
from tests.conformance.catalogue.case import Case
from tests.conformance.catalogue.data import Sample

SMALL = {"n_estimators": 12, "random_state": 0, "n_jobs": 1}
XGB = {**SMALL, "max_depth": 4}
LGBM = {**SMALL, "verbose": -1, "min_child_samples": 5}
CAT = {"iterations": 12, "random_seed": 0, "verbose": False, "thread_count": 1, "allow_writing_files": False}


def make(module: str, name: str, **options: Any) -> Any:
    return getattr(import_module(module), name)(**options)


class Grouped:
    """A ranker fitted on groups of twenty rows."""

    def __init__(self, ranker: Any) -> None:
        self.ranker = ranker

    def fit(self, rows: Any, target: Any) -> Any:
        relevance = np.digitize(target, np.quantile(target, [0.3, 0.6, 0.9]))
        return self.ranker.fit(rows, relevance, group=[20] * (len(rows) // 20))


class Stopped:
    """A model fitted with early stopping."""

    def __init__(self, model: Any) -> None:
        self.model = model

    def fit(self, rows: Any, target: Any) -> Any:
        half = len(rows) // 2
        return self.model.fit(rows[:half], target[:half], eval_set=[(rows[half:], target[half:])])


def mixed() -> Sample:
    """Numbers with gaps and pandas categories; the holdout rows have a gap among the categories."""
    sample = data.frame("age", "income", "visits", "city", "grade", target="multi")
    return Sample(
        _categorical(sample.train), np.unique(sample.target, return_inverse=True)[1], _categorical(sample.holdout)
    )


def _categorical(rows: pd.DataFrame) -> pd.DataFrame:
    known = {"city": ["Wien", "Zürich", "Oslo", "São Paulo", "Ulm"], "grade": ["low", "mid", "high"]}
    return rows.assign(**{name: pd.Categorical(rows[name], categories=values) for name, values in known.items()})


def plain_mixed() -> Sample:
    """`mixed` with names of ASCII letters alone: XGBoost (3.2) cuts others short when it saves them."""
    sample = mixed()
    plain = {"Zürich": "Zurich", "São Paulo": "Sao Paulo"}
    spell = lambda rows: rows.assign(city=rows["city"].cat.rename_categories(plain))  # noqa: E731
    return Sample(spell(sample.train), sample.target, spell(sample.holdout))


def mixed_regression() -> Sample:
    sample = mixed()
    return Sample(sample.train, sample.target * 1.7 + sample.train["visits"].to_numpy() * 0.1, sample.holdout)


def xgboost_cases() -> Iterator[Case]:
    xgb = partial(partial, make, "xgboost")
    f32 = {"float32": True}
    yield Case("XGBClassifier", xgb("XGBClassifier", **XGB), data.multi, "classifier", core=True, **f32)
    yield Case("XGBRegressor", xgb("XGBRegressor", **XGB), data.regression, "regressor", core=True, **f32)
    yield Case("XGBRFClassifier", xgb("XGBRFClassifier", **XGB), data.multi, "classifier", core=True, **f32)
    yield Case("XGBRFRegressor", xgb("XGBRFRegressor", **XGB), data.regression, "regressor", core=True, **f32)
    ranker = partial(lambda: Grouped(make("xgboost", "XGBRanker", **XGB)))
    yield Case("XGBRanker", ranker, data.regression, "regressor", core=True, **f32)
    yield Case("XGBClassifier.binary", xgb("XGBClassifier", **XGB), data.binary, "classifier", **f32)
    yield Case("XGBClassifier.nan", xgb("XGBClassifier", **XGB), data.nan_binary, "classifier", **f32)
    dart = xgb("XGBClassifier", booster="dart", rate_drop=0.3, **XGB)
    yield Case("XGBClassifier.dart", dart, data.multi, "classifier", **f32)
    linear = xgb("XGBRegressor", booster="gblinear", n_estimators=12)
    yield Case("XGBRegressor.gblinear", linear, data.regression, "regressor", **f32)
    yield Case(
        "XGBRegressor.base_score", xgb("XGBRegressor", base_score=3.5, **XGB), data.regression, "regressor", **f32
    )
    poisson = xgb("XGBRegressor", objective="count:poisson", **XGB)
    yield Case("XGBRegressor.poisson", poisson, data.positive_regression, "regressor", **f32)
    many = {**XGB, "n_estimators": 60, "early_stopping_rounds": 3, "learning_rate": 0.8}
    yield Case(
        "XGBRegressor.early-stopping",
        partial(lambda: Stopped(make("xgboost", "XGBRegressor", **many))),
        data.regression,
        "regressor",
        **f32,
    )
    categorical = xgb("XGBClassifier", enable_categorical=True, **XGB)
    yield Case("XGBClassifier.categorical", categorical, plain_mixed, "classifier", **f32)
    yield Case("XGBClassifier.categorical-unicode", categorical, mixed, "classifier", **f32)
    yield Case("XGBRegressor.multi-output", xgb("XGBRegressor", **XGB), data.multi_regression, "regressor", **f32)


def lightgbm_cases() -> Iterator[Case]:
    lgb = partial(partial, make, "lightgbm")
    yield Case("LGBMClassifier", lgb("LGBMClassifier", **LGBM), data.multi, "classifier", core=True)
    yield Case("LGBMRegressor", lgb("LGBMRegressor", **LGBM), data.regression, "regressor", core=True)
    yield Case(
        "LGBMRanker",
        partial(lambda: Grouped(make("lightgbm", "LGBMRanker", **LGBM))),
        data.regression,
        "regressor",
        True,
    )
    yield Case("LGBMClassifier.binary", lgb("LGBMClassifier", **LGBM), data.binary, "classifier")
    yield Case(
        "LGBMClassifier.strings", lgb("LGBMClassifier", **LGBM), lambda: data.multi(("x y", "ß", "<z>")), "classifier"
    )
    yield Case("LGBMClassifier.nan", lgb("LGBMClassifier", **LGBM), data.nan_binary, "classifier")
    dart = lgb("LGBMRegressor", boosting_type="dart", **LGBM)
    yield Case("LGBMRegressor.dart", dart, data.regression, "regressor")
    forest = lgb("LGBMRegressor", boosting_type="rf", bagging_freq=1, bagging_fraction=0.7, **LGBM)
    yield Case("LGBMRegressor.rf", forest, data.regression, "regressor")
    zeros = lgb("LGBMClassifier", zero_as_missing=True, **LGBM)
    yield Case("LGBMClassifier.zero-as-missing", zeros, data.counts, "classifier")
    poisson = lgb("LGBMRegressor", objective="poisson", **LGBM)
    yield Case("LGBMRegressor.poisson", poisson, data.positive_regression, "regressor")
    yield Case("LGBMClassifier.categorical", lgb("LGBMClassifier", **LGBM), mixed, "classifier")
    yield Case("LGBMRegressor.categorical", lgb("LGBMRegressor", **LGBM), mixed_regression, "regressor")


def catboost_cases() -> Iterator[Case]:
    cat = partial(partial, make, "catboost")
    yield Case("CatBoostClassifier", cat("CatBoostClassifier", **CAT), data.multi, "classifier")
    yield Case("CatBoostClassifier.binary", cat("CatBoostClassifier", **CAT), data.binary, "classifier")
    yield Case("CatBoostRegressor", cat("CatBoostRegressor", **CAT), data.regression, "regressor")
    yield Case("CatBoostClassifier.nan", cat("CatBoostClassifier", **CAT), data.nan_binary, "classifier")
    lossguide = cat("CatBoostRegressor", grow_policy="Lossguide", **CAT)
    yield Case("CatBoostRegressor.lossguide", lossguide, data.regression, "regressor")


def cases() -> list[Case]:
    """All of them."""
    return [*xgboost_cases(), *lightgbm_cases(), *catboost_cases()]
