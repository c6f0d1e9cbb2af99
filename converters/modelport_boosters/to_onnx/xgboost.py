"""XGBoost, in float32 and in its own order: the base score first, then tree after tree.

Source: XGBoost 3.2 (`src/predictor/cpu_predictor.cc`, `src/gbm`, `src/objective`) and `xgboost.sklearn`.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from spox import Var

from modelport.conversion import NoteKind
from modelport_boosters.to_onnx import float32
from modelport_boosters.to_onnx.xgboost_inputs import matrix
from modelport_boosters.xgb.margin import HINGE, IDENTITY, LOG, LOGIT, SOFTMAX, start
from modelport_boosters.xgb.model import XgbModel, parse
from modelport_boosters.xgb.trees import forest
from modelport_onnx.blocks.choose import first_largest, flat
from modelport_onnx.blocks.constant import ints
from modelport_onnx.blocks.tree_ensemble import each
from modelport_onnx.frame import Frame, cast
from modelport_onnx.lowering import Scope
from modelport_onnx.ops import op
from modelport_onnx.outcome import Classified, MultiClassified, Outcome, Regressed


def check(estimator: Any) -> str | None:
    """Why a classifier's objective cannot be converted exactly, if it cannot."""
    if callable(estimator.objective):
        return "a classifier with an objective of one's own has no probabilities that are known"
    if estimator.objective == "binary:logitraw":
        return "XGBClassifier compares raw margins of binary:logitraw with 0.5, and gives them as probabilities"
    return None


def classifier(estimator: Any, frame: Frame, scope: Scope) -> Outcome:
    """XGBClassifier, XGBRFClassifier; early stopping's best round is the last that counts."""
    model = _parsed(estimator, scope)
    margins = _margins(model, matrix(model, frame, _missing(estimator), scope), True, scope)
    reason = check(estimator)
    if reason:
        raise scope.refuse(reason, "use binary:logistic or multi:softprob")
    if model.objective not in LOGIT | SOFTMAX | {HINGE}:
        raise scope.refuse(f"a classifier with the objective {model.objective!r} has no probabilities that are known")
    if model.objective in LOGIT and model.outputs > 1:
        return _labels_apart(float32.sigmoid(margins), model.outputs)
    if model.objective in SOFTMAX and model.classes == 2:
        raise scope.refuse("XGBClassifier gives no labels for two classes of multi:softprob", "use binary:logistic")
    if estimator.objective == "multi:softmax":
        what = "probabilities of multi:softmax come from NumPy's float32 exponential, which differs between processors"
        scope.note(NoteKind.ROUNDED, f"{what}: they are within four float32 steps")
    return _classes(model, margins)


def regressor(estimator: Any, frame: Frame, scope: Scope) -> Regressed:
    """XGBRegressor, XGBRFRegressor, XGBRanker."""
    model = _parsed(estimator, scope)
    margins = _margins(model, matrix(model, frame, _missing(estimator), scope), True, scope)
    if callable(estimator.objective):
        return Regressed(float32.widen(margins))
    return Regressed(_mean(model, margins, scope))


def booster(estimator: Any, frame: Frame, scope: Scope) -> Outcome:
    """A Booster: every tree counts, as in `Booster.predict`."""
    return parsed(parse(bytes(estimator.save_raw("ubj"))), frame, scope)


def parsed(model: XgbModel, frame: Frame, scope: Scope) -> Outcome:
    """A model file. Classes are numbered, since the file has no names for them."""
    if model.best_round is not None and model.kept(True) != model.kept(False):
        scope.note(
            NoteKind.ASSUMED, "all rounds count, as in Booster.predict, although early stopping found a best one"
        )
    margins = _margins(model, matrix(model, frame, np.nan, scope), False, scope)
    if model.objective in SOFTMAX or (model.objective in {"binary:logistic", HINGE} and model.outputs == 1):
        return _classes(model, margins)
    if model.objective in LOGIT and model.objective != "binary:logitraw" and model.outputs > 1:
        return _labels_apart(float32.sigmoid(margins), model.outputs)
    return Regressed(_mean(model, margins, scope))


def _parsed(estimator: Any, scope: Scope) -> XgbModel:
    return parse(bytes(estimator.get_booster().save_raw("ubj")))


def _missing(estimator: Any) -> float:
    return float("nan" if estimator.missing is None else estimator.missing)


def _margins(model: XgbModel, x: Var, best: bool, scope: Scope) -> Var:
    """[N, outputs] float32."""
    if model.booster == "gblinear":
        return _linear(model, x)
    first = start(model)
    kept = model.kept(best)
    if kept.stop == kept.start:
        raise scope.refuse("the model has no trees", "fit with one round or more")
    trees = forest(model, best, first if best else None)
    count = trees.count // model.outputs
    terms = op.reshape(each(x, trees, np.float32, scope), ints(-1, model.outputs, count))
    return float32.running_total(first, terms, count)


def _linear(model: XgbModel, x: Var) -> Var:
    """`gblinear`: intercept and the first base score, then column after column; a missing value adds nothing."""
    weights = model.weights
    assert weights is not None, "a linear model has weights"
    first = (weights[-1] + start(model)[0]).astype(np.float32)
    present = op.where(op.isnan(x), float32.single(0.0), x)
    column = op.reshape(present, ints(-1, 1, model.features))
    return float32.running_total(first, op.mul(column, float32.single(weights[:-1].T[None])), model.features)


def _classes(model: XgbModel, margins: Var) -> Classified:
    if model.objective in SOFTMAX:
        shares = float32.softmax(margins)
        index = first_largest(margins if model.objective == "multi:softmax" else shares)
        return Classified(tuple(range(model.classes)), index, float32.widen(shares))
    second = _step(margins) if model.objective == HINGE else float32.sigmoid(margins)
    index = flat(cast(float32.half(second), np.int64))
    return Classified((0, 1), index, float32.two_sided(second))


def _step(margins: Var) -> Var:
    return cast(op.greater(margins, float32.single(0.0)), np.float32)


def _labels_apart(shares: Var, outputs: int) -> MultiClassified:
    """Several yes-or-no labels at once."""
    targets = []
    for i in range(outputs):
        share = op.slice(shares, ints(i), ints(i + 1), ints(1))
        index = flat(cast(float32.half(share), np.int64))
        targets.append(Classified((0, 1), index, float32.two_sided(share)))
    return MultiClassified(tuple(targets))


def _mean(model: XgbModel, margins: Var, scope: Scope) -> Var:
    links: list[tuple[frozenset[str], Callable[[Var], Var]]] = [
        (IDENTITY, lambda margin: margin),
        (frozenset((HINGE,)), _step),
        (LOGIT, float32.sigmoid),
        (LOG, float32.exp),
    ]
    for objectives, link in links:
        if model.objective in objectives:
            return float32.widen(link(margins))
    raise scope.refuse(f"the objective {model.objective!r} is not known", "convert a model of a built-in objective")
