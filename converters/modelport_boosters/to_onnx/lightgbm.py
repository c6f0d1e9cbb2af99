"""LightGBM, in float64.

Source: LightGBM 4.7 (`src/boosting/gbdt_prediction.cpp`, `src/objective`) and `lightgbm.sklearn`.
"""

from collections.abc import Callable
from typing import Any

from spox import Var

from modelport.conversion import NoteKind
from modelport.signature import Category
from modelport_boosters.lgbm.model import LgbmModel, parse
from modelport_boosters.lgbm.trees import columns_of, forest
from modelport_boosters.to_onnx.lightgbm_inputs import matrix, plain
from modelport_boosters.to_onnx.lightgbm_linear import linear_total
from modelport_onnx.blocks.choose import first_largest
from modelport_onnx.blocks.constant import double
from modelport_onnx.blocks.links import expit, softmax, softplus, two_sided
from modelport_onnx.blocks.tree_ensemble import total
from modelport_onnx.frame import Frame
from modelport_onnx.lowering import Scope
from modelport_onnx.ops import op
from modelport_onnx.outcome import Classified, Outcome, Regressed

IDENTITY = frozenset(
    ("regression", "regression_l1", "huber", "fair", "quantile", "mape", "lambdarank", "rank_xendcg", "")
)
EXP = frozenset(("poisson", "gamma", "tweedie"))
CLASSES = frozenset(("binary", "multiclass", "multiclassova"))


def check(estimator: Any) -> str | None:
    """Why an estimator's parameters cannot be converted exactly, if they cannot."""
    asked = estimator.get_params()
    if callable(asked.get("objective")) and hasattr(estimator, "predict_proba"):
        return "a classifier with an objective of one's own has no probabilities that are known"
    return None


def classifier(estimator: Any, frame: Frame, scope: Scope) -> Classified:
    """LGBMClassifier, with the rounds early stopping keeps."""
    model = parse(estimator.booster_.model_to_string())
    classes: tuple[Category, ...] = tuple(estimator.classes_.tolist())
    if model.objective not in CLASSES:
        raise scope.refuse(
            f"a classifier with the objective {estimator.objective!r} has no probabilities that are known"
        )
    return _classes(model, _raw(model, frame, scope), classes)


def regressor(estimator: Any, frame: Frame, scope: Scope) -> Regressed:
    """LGBMRegressor, LGBMRanker, with the rounds early stopping keeps."""
    model = parse(estimator.booster_.model_to_string())
    return Regressed(_mean(model, _raw(model, frame, scope), scope))


def booster(estimator: Any, frame: Frame, scope: Scope) -> Outcome:
    """A Booster; its best round is the last that counts, as in `Booster.predict`."""
    return parsed(parse(estimator.model_to_string()), frame, scope)


def parsed(model: LgbmModel, frame: Frame, scope: Scope) -> Outcome:
    """A model file. Classes are numbered, since the file has no names for them."""
    raw = _raw(model, frame, scope)
    if model.objective in CLASSES:
        return _classes(model, raw, tuple(range(max(2, model.outputs))))
    return Regressed(_mean(model, raw, scope))


def _raw(model: LgbmModel, frame: Frame, scope: Scope) -> Var:
    """[N, outputs] float64."""
    if not model.trees:
        raise scope.refuse("the model has no trees", "fit with one round or more")
    linear = any(tree.linear for tree in model.trees)
    if linear and scope.portable:
        raise scope.refuse("linear leaves compute in float64", "convert with --precision exact")
    if scope.portable:
        scope.note(NoteKind.ROUNDED, "inputs are compared as float32; LightGBM compares them as float64")
    columns = columns_of(model)
    x, trees = matrix(model, columns, frame, scope), forest(model, columns)
    raw = linear_total(model, x, plain(model, frame, scope), trees, scope) if linear else total(x, trees, scope)
    rounds = len(model.trees) // model.outputs
    return op.div(raw, double(rounds)) if model.averaged else raw


def _classes(model: LgbmModel, raw: Var, classes: tuple[Category, ...]) -> Classified:
    if model.objective == "multiclass":
        shares = softmax(raw)
    else:
        steep = float(model.settings.get("sigmoid", 1.0))
        shares = expit(raw if steep == 1.0 else op.mul(raw, double(steep)))
    if model.outputs == 1:
        shares = two_sided(shares)
    return Classified(classes, first_largest(shares), shares)


def _mean(model: LgbmModel, raw: Var, scope: Scope) -> Var:
    steep = float(model.settings.get("sigmoid", 1.0))
    links: list[tuple[frozenset[str], Callable[[Var], Var]]] = [
        (EXP, op.exp),
        (frozenset(("cross_entropy",)), expit),
        (frozenset(("cross_entropy_lambda",)), softplus),
        (frozenset(("binary", "multiclassova")), lambda score: expit(op.mul(score, double(steep)))),
        (frozenset(("multiclass",)), softmax),
    ]
    if model.objective in IDENTITY:
        return op.mul(op.sign(raw), op.mul(raw, raw)) if "sqrt" in model.settings else raw
    for objectives, link in links:
        if model.objective in objectives:
            return link(raw)
    raise scope.refuse(f"the objective {model.objective!r} is not known", "convert a model of a built-in objective")
