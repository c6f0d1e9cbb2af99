"""Gradient boosting: the first guess, plus the learning rate times every tree.

Source: `sklearn.ensemble.BaseGradientBoosting._raw_predict`, `_init_raw_predictions` and the losses they use (1.9).
"""

from typing import Any

import numpy as np
from spox import Var

from modelport_onnx.blocks.choose import first_largest, flat
from modelport_onnx.blocks.constant import double, ints
from modelport_onnx.blocks.links import expit, softmax, two_sided
from modelport_onnx.blocks.sums import part
from modelport_onnx.blocks.tree_ensemble import total
from modelport_onnx.frame import Frame, frame_of
from modelport_onnx.lowering import Scope, lower_predict
from modelport_onnx.ops import op
from modelport_onnx.outcome import Classified, Regressed
from modelport_sklearn.to_onnx.classes import classes_of
from modelport_sklearn.to_onnx.tree_arrays import leaf_values, narrow, tree_arrays

_TREES = ("sklearn.tree.", "sklearn.ensemble._forest", "sklearn.ensemble._gb", "sklearn.ensemble._hist")
"""Modules of estimators that compute in float64 although they are given float32 rows."""


def check(estimator: Any) -> str | None:
    """Why the first guess cannot be converted exactly, if it cannot."""
    first = getattr(estimator, "init_", estimator.init)
    module = type(first).__module__
    if first is None or isinstance(first, str) or module.startswith(_TREES):
        return None
    if module == "sklearn.dummy":
        random = getattr(first, "strategy", None) in ("stratified", "uniform")
        return "its first guess is drawn at random" if random else None
    return f"its first guess is computed in float32 by {type(first).__name__}, in an order that is not known"


def regressor(estimator: Any, frame: Frame, scope: Scope) -> Regressed:
    """GradientBoostingRegressor; every loss has the identity for its link."""
    return Regressed(_raw(estimator, frame, scope))


def classifier(estimator: Any, frame: Frame, scope: Scope) -> Classified:
    """GradientBoostingClassifier: logit (`log_loss`), half logit (`exponential`) or softmax."""
    raw = _raw(estimator, frame, scope)
    classes = classes_of(estimator.classes_, scope)
    if estimator.n_trees_per_iteration_ > 1:
        return Classified(classes, first_largest(raw), softmax(raw), raw)
    index = flat(op.cast(op.greater_or_equal(raw, double(0.0)), to=np.int64))
    link = raw if estimator.loss == "log_loss" else op.mul(raw, double(2.0))
    return Classified(classes, index, two_sided(expit(link)), raw)


def _raw(estimator: Any, frame: Frame, scope: Scope) -> Var:
    x = narrow(frame, scope)
    stages = estimator.estimators_
    width = stages.shape[1]
    inner = [member.tree_ for member in stages.ravel()]
    values = [leaf_values(tree)[:, :, 0] * estimator.learning_rate for tree in inner]
    trees = tree_arrays(inner, values, targets=[i % width for i in range(len(inner))])
    return op.add(total(x, trees, scope), _first_guess(estimator, x, frame, scope))


def _first_guess(estimator: Any, x: Var, frame: Frame, scope: Scope) -> Var:
    reason = check(estimator)
    if reason:
        raise scope.refuse(reason, "use init=None, or a tree or forest of scikit-learn's")
    first = estimator.init_
    if isinstance(first, str):
        return double(0.0)
    if type(first).__module__ == "sklearn.dummy":
        return double(estimator._raw_predict_init(np.zeros((1, estimator.n_features_in_), np.float32)))
    given = lower_predict(first, frame_of(x, frame.names), scope.inside("init"))
    if isinstance(given, Regressed):
        return given.value
    if not isinstance(given, Classified) or given.probability is None:
        raise scope.refuse("its first guess gives no probabilities")
    eps = float(np.finfo(np.float64).eps)
    shares = op.clip(given.probability, double(eps), double(1 - eps))
    if estimator.n_trees_per_iteration_ > 1:
        logs = op.log(shares)
        return op.sub(logs, op.reduce_mean(logs, ints(1)))
    second = part(shares, 1, 2, 1)
    logit = op.sub(op.log(second), op.log(op.sub(double(1.0), second)))
    return logit if estimator.loss == "log_loss" else op.mul(logit, double(0.5))
