"""Recognising the three libraries' files by their first bytes, and their live models by their class."""

import re

_UBJSON_KEY = re.compile(rb"\{(?:[Ui].|I..|l.{4}|L.{8})learner", re.DOTALL)


def is_xgboost(head: bytes) -> bool:
    """JSON or UBJSON whose first key is `learner`."""
    return bool(re.match(rb'\s*\{\s*"learner"', head) or _UBJSON_KEY.match(head))


def is_lightgbm(head: bytes) -> bool:
    """Text whose first lines are `tree` and the format's version."""
    return head.startswith((b"tree\nversion=", b"tree\r\nversion="))


def is_catboost(head: bytes) -> bool:
    """CatBoost's own marker."""
    return head.startswith(b"CBM1")


def _is(model: object, *paths: str) -> bool:
    kind = type(model)
    return f"{kind.__module__}.{kind.__qualname__}" in paths


def owns_xgboost(model: object) -> bool:
    """A parsed file or a live Booster; wrappers of scikit-learn's kind are pickles' business."""
    return _is(model, "modelport_boosters.xgb.model.XgbModel", "xgboost.core.Booster")


def owns_lightgbm(model: object) -> bool:
    """A parsed file or a live Booster."""
    return _is(model, "modelport_boosters.lgbm.model.LgbmModel", "lightgbm.basic.Booster")


def owns_catboost(model: object) -> bool:
    """A parsed file."""
    return _is(model, "modelport_boosters.cat.model.CatModel")
