"""XGBoost, LightGBM and CatBoost estimators as this room meets them: their categories and their splits."""

import json
from collections.abc import Iterator
from typing import Any

from modelport.signature import Category

LIBRARIES = ("xgboost", "lightgbm", "catboost")


def library(estimator: object) -> str:
    """The top-level package of an estimator's class."""
    return type(estimator).__module__.split(".")[0]


def is_booster(estimator: object) -> bool:
    return library(estimator) in LIBRARIES


def categories(estimator: Any) -> dict[int, list[Any]]:
    """Column → the pandas categories it was fitted with; columns of numbers are left out."""
    if library(estimator) == "lightgbm":
        return _lightgbm_categories(estimator.booster_)
    if library(estimator) == "xgboost":
        return _xgboost_categories(estimator.get_booster())
    return {}


def _lightgbm_categories(booster: Any) -> dict[int, list[Any]]:
    """`pandas_categorical` lists them in the order of the categorical columns; the columns themselves are those
    whose `feature_infos` entry is a list of codes (`0:1:2`) rather than a range (`[0:1]`)."""
    known = booster.pandas_categorical
    if not known:
        return {}
    line = next(
        line for line in booster.model_to_string(num_iteration=1).splitlines() if line.startswith("feature_infos=")
    )
    infos = line.partition("=")[2].split(" ")
    columns = [i for i, info in enumerate(infos) if info != "none" and not info.startswith("[")]
    return dict(zip(columns, known, strict=True)) if len(columns) == len(known) else {}


def _xgboost_categories(booster: Any) -> dict[int, list[Any]]:
    if "c" not in (booster.feature_types or ()):
        return {}
    exported = booster.get_categories(export_to_arrow=True).to_arrow()
    return {i: values.to_pylist() for i, (_, values) in enumerate(exported) if values is not None}


def splits(estimator: Any) -> Iterator[tuple[int, Category]]:
    """Every split of a fitted booster: column, threshold."""
    kind = library(estimator)
    if kind == "xgboost":
        yield from _xgboost_splits(estimator.get_booster())
    elif kind == "lightgbm":
        yield from _lightgbm_splits(estimator.booster_)
    elif kind == "catboost":
        for column, borders in estimator.get_borders().items():
            for border in borders:
                yield int(column), float(border)


def _xgboost_splits(booster: Any) -> Iterator[tuple[int, Category]]:
    """From the JSON model, which keeps float32 thresholds exactly. Linear boosters have none."""
    model = json.loads(booster.save_raw("json"))["learner"]["gradient_booster"]
    for tree in model.get("gbtree", model).get("model", {}).get("trees", ()):
        parts = zip(
            tree["left_children"], tree["split_indices"], tree["split_conditions"], tree["split_type"], strict=True
        )
        for left, column, threshold, kind in parts:
            if left != -1 and kind == 0:
                yield int(column), float(threshold)


def _lightgbm_splits(booster: Any) -> Iterator[tuple[int, Category]]:
    for tree in booster.dump_model()["tree_info"]:
        waiting = [tree["tree_structure"]]
        while waiting:
            node = waiting.pop()
            if "split_feature" not in node:
                continue
            if node["decision_type"] == "<=":
                yield int(node["split_feature"]), float(node["threshold"])
            waiting += [node["left_child"], node["right_child"]]
