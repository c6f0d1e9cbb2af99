"""Small models, trained once, that the seeds are made of."""

import warnings
from functools import cache
from typing import Any

import numpy as np

ROWS = np.round(np.random.default_rng(7).normal(size=(40, 3)), 3)
LABELS = (ROWS[:, 0] + ROWS[:, 1] > 0).astype(int)


@cache
def models() -> dict[str, Any]:
    """Name → fitted estimator."""
    from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestRegressor
    from sklearn.linear_model import LogisticRegression
    from sklearn.neighbors import KNeighborsClassifier
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler
    from sklearn.tree import DecisionTreeClassifier

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return {
            "pipeline": make_pipeline(StandardScaler(), LogisticRegression()).fit(ROWS, LABELS),
            "tree": DecisionTreeClassifier(max_depth=3).fit(ROWS, LABELS),
            "forest": RandomForestRegressor(2, max_depth=2).fit(ROWS, ROWS[:, 2]),
            "neighbours": KNeighborsClassifier(algorithm="kd_tree").fit(ROWS, LABELS),
            "histogram": HistGradientBoostingClassifier(max_iter=2, max_leaf_nodes=4).fit(ROWS, LABELS),
        }


@cache
def graphs() -> dict[str, Any]:
    """The same models as ONNX, where that is quick."""
    from modelport import api
    from modelport.conversion import Context
    from modelport_onnx.build import to_onnx

    found = {}
    for name in ("pipeline", "tree", "forest"):
        found[name] = to_onnx(models()[name], Context(api.signature(models()[name], data=ROWS)))
    return found
