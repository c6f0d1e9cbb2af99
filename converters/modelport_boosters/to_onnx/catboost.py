"""CatBoost: float32 inputs, float64 sums.

Source: CatBoost 1.2 (`catboost/libs/model`, `catboost/libs/eval_result`) and `catboost.core`.
"""

from typing import Any

import numpy as np
from spox import Var

from modelport.signature import Category
from modelport_boosters.cat.model import CatModel, of
from modelport_boosters.cat.trees import forest, other_splits
from modelport_onnx.blocks.choose import first_largest, flat
from modelport_onnx.blocks.constant import double
from modelport_onnx.blocks.links import expit, softmax, two_sided
from modelport_onnx.blocks.sums import part
from modelport_onnx.blocks.tree_ensemble import total
from modelport_onnx.frame import Frame, cast, concat
from modelport_onnx.lowering import Scope
from modelport_onnx.ops import op
from modelport_onnx.outcome import Classified, MultiClassified, Outcome, Regressed

BINARY = frozenset(("Logloss", "CrossEntropy"))
SEVERAL = frozenset(("MultiClass", "MultiClassOneVsAll"))
LABELS = frozenset(("MultiLogloss", "MultiCrossEntropy"))
EXPONENT = frozenset(("Poisson", "Tweedie"))


def check(estimator: Any) -> str | None:
    """Why an estimator's parameters cannot be converted exactly, if they cannot."""
    asked = estimator.get_params()
    for name, kind in (("text_features", "text"), ("embedding_features", "embedding")):
        if asked.get(name):
            return f"CatBoost's {kind} features have no exact form"
    return "CatBoost keeps hashes of categories, and ONNX has no such hash" if asked.get("cat_features") else None


def classifier(estimator: Any, frame: Frame, scope: Scope) -> Outcome:
    """CatBoostClassifier."""
    model = of(estimator)
    return _classes(model, _raw(model, frame, scope), tuple(np.asarray(estimator.classes_).tolist()), scope)


def regressor(estimator: Any, frame: Frame, scope: Scope) -> Regressed:
    """CatBoostRegressor, CatBoostRanker; counts come out of their logarithm."""
    model = of(estimator)
    return _values(model, _raw(model, frame, scope))


def plain(estimator: Any, frame: Frame, scope: Scope) -> Regressed:
    """CatBoost: `predict` gives the sum, whatever the loss."""
    model = of(estimator)
    return Regressed(_raw(model, frame, scope))


def parsed(model: CatModel, frame: Frame, scope: Scope) -> Outcome:
    """A model file: a classifier where its loss is one, else a regressor."""
    raw = _raw(model, frame, scope)
    if model.loss in BINARY | SEVERAL | LABELS:
        classes = model.classes or tuple(range(max(2, model.outputs)))
        return _classes(model, raw, classes, scope)
    return _values(model, raw)


def _values(model: CatModel, raw: Var) -> Regressed:
    if model.loss in EXPONENT:
        return Regressed(op.exp(raw))
    if model.loss == "RMSEWithUncertainty":
        variance = op.exp(op.mul(double(2.0), part(raw, 1, 2, 1)))
        return Regressed(op.concat([part(raw, 0, 1, 1), variance], axis=1), ("mean", "variance"))
    return Regressed(raw)


def _raw(model: CatModel, frame: Frame, scope: Scope) -> Var:
    """[N, outputs] float64."""
    for kind, columns in (("text", model.text), ("embedding", model.embedding)):
        if columns:
            names = ", ".join(repr(model.names[i]) for i in columns)
            raise scope.refuse(
                f"CatBoost's {kind} features ({names}) have no exact form", "make numbers of them before"
            )
    if other_splits(model):
        names = ", ".join(repr(model.names[i]) for i in model.categorical)
        reason = f"CatBoost keeps hashes of the categories of {names}, not their names, and ONNX has no such hash"
        raise scope.refuse(reason, "encode them before, with OneHotEncoder or TargetEncoder in a pipeline")
    if not model.symmetric and not model.trees:
        raise scope.refuse("the model has no trees", "fit with one iteration or more")
    raw = total(_matrix(model, frame, scope), forest(model), scope)
    scaled = raw if model.scale == 1.0 else op.mul(raw, double(model.scale))
    return op.add(scaled, double(model.bias[None]))


def _matrix(model: CatModel, frame: Frame, scope: Scope) -> Var:
    """[N, C] float32; a categorical column that no tree looks at is left out as zeros."""
    if frame.width != len(model.names):
        raise scope.refuse(f"the model takes {len(model.names)} columns and gets {frame.width}")
    if not any(block.is_text for block in frame.blocks):
        return frame.matrix(np.float32)
    columns = []
    for i in range(frame.width):
        column = frame.column(i)
        if column.is_text and i not in model.categorical:
            raise scope.refuse(f"column {column.names[0]!r} holds text where the model takes numbers")
        if column.is_text:
            columns.append(op.expand(op.const(np.zeros((1, 1), np.float32)), op.shape(column.var)))
        else:
            columns.append(cast(column.var, np.float32))
    return concat(columns)


def _classes(model: CatModel, raw: Var, classes: tuple[Category, ...], scope: Scope) -> Outcome:
    if model.loss in LABELS:
        return MultiClassified(tuple(_two((0, 1), part(raw, i, i + 1, 1), 0.0) for i in range(model.outputs)))
    if model.loss in SEVERAL:
        shares = softmax(raw) if model.loss == "MultiClass" else expit(raw)
        return Classified(classes, first_largest(raw), shares)
    if model.loss not in BINARY:
        raise scope.refuse(f"a classifier with the loss function {model.loss} has no probabilities that are known")
    return _two(classes, raw, float(np.log(model.threshold / (1.0 - model.threshold))))


def _two(classes: tuple[Category, ...], raw: Var, border: float) -> Classified:
    index = flat(cast(op.greater(raw, double(border)), np.int64))
    return Classified(classes, index, two_sided(expit(raw)))
