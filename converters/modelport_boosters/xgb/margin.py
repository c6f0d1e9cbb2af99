"""From the base score in the file, a mean, to the margin that sums begin with.

Source: `ProbToMargin` of XGBoost's objectives (src/objective, 3.2); all of it is float32.
"""

import json
from typing import Any

import numpy as np

from modelport.plugins import absent
from modelport_boosters.xgb.model import Floats, XgbModel

LOGIT = frozenset(("binary:logistic", "reg:logistic"))
LOG = frozenset(("count:poisson", "reg:gamma", "reg:tweedie", "survival:aft", "survival:cox"))
SOFTMAX = frozenset(("multi:softprob", "multi:softmax"))
IDENTITY = frozenset(
    (
        "reg:squarederror",
        "reg:squaredlogerror",
        "reg:absoluteerror",
        "reg:pseudohubererror",
        "reg:quantileerror",
        "rank:ndcg",
        "rank:map",
        "rank:pairwise",
        "binary:logitraw",
    )
)
HINGE = "binary:hinge"
"""A margin over 0 is 1, any other 0."""


def start(model: XgbModel) -> Floats:
    """[outputs] margins.

    A logarithm stands between the two, and the C library's `logf` is one float32 step off the rounded logarithm for one
    number in two hundred. Where XGBoost is installed, it is asked: with a model of ours that has no trees. Elsewhere
    the rounded logarithm has to do.
    """
    score: Any = np.broadcast_to(model.base_score, (model.outputs,)).astype(np.float32)
    if model.objective in LOGIT | LOG and not absent(("xgboost",)):
        return np.asarray([_asked(model.settings, float(one)) for one in score], np.float32)
    one = np.float32(1)
    if model.objective in LOGIT:
        odds = (one / score - one).astype(np.float32)
        return np.asarray(-np.log(odds.astype(np.float64)), np.float32)
    if model.objective in LOG:
        return np.asarray(np.log(score.astype(np.float64)), np.float32)
    return np.asarray(score)


def _asked(settings: dict[str, Any], score: float) -> float:
    """The margin of a model without trees."""
    import xgboost

    sizes = {
        "base_score": repr(score),
        "boost_from_average": "0",
        "num_class": "0",
        "num_feature": "1",
        "num_target": "1",
    }
    counts = {"num_parallel_tree": "1", "num_trees": "0"}
    trees = {"gbtree_model_param": counts, "tree_info": [], "trees": [], "iteration_indptr": [0]}
    machine = {"model": trees, "name": "gbtree"}
    learner: dict[str, Any] = {"attributes": {}, "feature_names": [], "feature_types": [], "gradient_booster": machine}
    learner |= {"learner_model_param": sizes, "objective": settings}
    document = {"learner": learner, "version": [2, 0, 0]}
    empty = xgboost.Booster()
    empty.load_model(bytearray(json.dumps(document).encode()))
    return float(empty.predict(xgboost.DMatrix(np.zeros((1, 1), np.float32)), output_margin=True).ravel()[0])
