"""Dummy predictors, which answer the same whatever the row.

Source: `sklearn.dummy.DummyClassifier.{predict,predict_proba}`, `DummyRegressor.predict` (scikit-learn 1.9).
"""

from typing import Any

import numpy as np
from spox import Var

from modelport_onnx.blocks.constant import double, ints
from modelport_onnx.frame import Frame
from modelport_onnx.lowering import Scope
from modelport_onnx.ops import op
from modelport_onnx.outcome import Classified, MultiClassified, Regressed
from modelport_sklearn.to_onnx.classes import classes_of

RANDOM = ("stratified", "uniform")


def check(estimator: Any) -> str | None:
    """Why the strategy has no exact form, or None."""
    return f"strategy={estimator.strategy!r} draws its answers at random" if estimator.strategy in RANDOM else None


def regressor(estimator: Any, frame: Frame, scope: Scope) -> Regressed:
    """DummyRegressor: `constant_` [1, T]."""
    return Regressed(_repeated(frame, np.asarray(estimator.constant_, np.float64).ravel()))


def classifier(estimator: Any, frame: Frame, scope: Scope) -> Classified | MultiClassified:
    """DummyClassifier, for one or several targets."""
    reason = check(estimator)
    if reason:
        raise scope.refuse(reason, "use strategy='prior', 'most_frequent' or 'constant'")
    if estimator.n_outputs_ == 1:
        constant = np.ravel(estimator.constant)[0] if estimator.strategy == "constant" else None
        return _target(estimator, estimator.classes_, estimator.class_prior_, constant, frame, scope)
    constants = np.ravel(estimator.constant) if estimator.strategy == "constant" else [None] * estimator.n_outputs_
    parts = zip(estimator.classes_, estimator.class_prior_, constants, strict=True)
    return MultiClassified(tuple(_target(estimator, *part, frame, scope) for part in parts))


def _target(estimator: Any, labels: Any, prior: Any, constant: Any, frame: Frame, scope: Scope) -> Classified:
    if estimator.strategy == "constant":
        chosen = int(np.flatnonzero(np.asarray(labels) == constant)[0])
    else:
        chosen = int(np.argmax(prior))
    row = np.asarray(prior, np.float64) if estimator.strategy == "prior" else np.eye(len(labels))[chosen]
    index = op.expand(op.const(np.array([chosen], np.int64)), _rows(frame))
    return Classified(classes_of(labels, scope), index, _repeated(frame, row))


def _rows(frame: Frame) -> Var:
    return op.shape(frame.blocks[0].var, start=0, end=1)


def _repeated(frame: Frame, row: Any) -> Var:
    """A row [T] for each row of the frame: [N, T]."""
    shape = op.concat([_rows(frame), op.const(np.array([len(row)], np.int64))], axis=0)
    return op.reshape(op.expand(double(row[None]), shape), ints(-1, len(row)))
