"""Every booster class that is lowered exactly, by its public path. One row a class, one file a library."""

from collections.abc import Callable, Mapping
from typing import Any

from modelport.plugins import lazy
from modelport_onnx.lowering import Lowering

_ROOM = "modelport_boosters.to_onnx"


def _row(predict: str, check: str | None = None) -> Lowering:
    """A row from `module:function` names within this folder."""
    found: Callable[..., Any] = lazy(f"{_ROOM}.{predict}")
    return Lowering(predict=found, check=lazy(f"{_ROOM}.{check}") if check else None)


TABLE: Mapping[str, Lowering] = {
    # XGBoost
    "xgboost.sklearn.XGBClassifier": _row("xgboost:classifier", "xgboost:check"),
    "xgboost.sklearn.XGBRFClassifier": _row("xgboost:classifier", "xgboost:check"),
    "xgboost.sklearn.XGBRegressor": _row("xgboost:regressor"),
    "xgboost.sklearn.XGBRFRegressor": _row("xgboost:regressor"),
    "xgboost.sklearn.XGBRanker": _row("xgboost:regressor"),
    "xgboost.core.Booster": _row("xgboost:booster"),
    "modelport_boosters.xgb.model.XgbModel": _row("xgboost:parsed"),
    # LightGBM
    "lightgbm.sklearn.LGBMClassifier": _row("lightgbm:classifier", "lightgbm:check"),
    "lightgbm.sklearn.LGBMRegressor": _row("lightgbm:regressor", "lightgbm:check"),
    "lightgbm.sklearn.LGBMRanker": _row("lightgbm:regressor", "lightgbm:check"),
    "lightgbm.basic.Booster": _row("lightgbm:booster"),
    "modelport_boosters.lgbm.model.LgbmModel": _row("lightgbm:parsed"),
    # CatBoost
    "catboost.core.CatBoost": _row("catboost:plain", "catboost:check"),
    "catboost.core.CatBoostClassifier": _row("catboost:classifier", "catboost:check"),
    "catboost.core.CatBoostRegressor": _row("catboost:regressor", "catboost:check"),
    "catboost.core.CatBoostRanker": _row("catboost:regressor", "catboost:check"),
    "modelport_boosters.cat.model.CatModel": _row("catboost:parsed"),
}
