"""IterativeImputer: the fitted sequence of estimators, one after another.

Source: `sklearn.impute.IterativeImputer.transform`, `_initial_imputation` and `_impute_one_feature` (1.9).
"""

from typing import Any

import numpy as np
from spox import Var

from modelport_onnx.blocks.encoders import is_missing
from modelport_onnx.frame import Block, Frame, cast, frame_of, join
from modelport_onnx.lowering import Scope, lower_predict, lower_transform
from modelport_onnx.ops import op
from modelport_onnx.outcome import Regressed
from modelport_sklearn.to_onnx.transform.impute_simple import indicator_block
from modelport_sklearn.to_onnx.transform.scale import clip
from modelport_sklearn.to_onnx.transform.values import doubles, fitted_names, ints, like


def iterative_imputer(estimator: Any, frame: Frame, scope: Scope) -> Frame:
    refused = check(estimator)
    if refused:
        raise scope.refuse(refused, "set sample_posterior=False")
    given = frame_of(doubles(frame, scope), frame.names, nullable=True)
    filled = lower_transform(estimator.initial_imputer_, given, scope).matrix()
    missing = _missing(estimator, given.matrix())
    made = filled if not estimator.n_iter_ else _completed(estimator, filled, missing, scope)
    parts = [frame_of(made, [f"c{i}" for i in range(_width(estimator))])]
    if estimator.add_indicator and len(estimator.indicator_.features_):
        marks = indicator_block(estimator.indicator_, given, scope)
        parts.append(Frame((Block(cast(marks.var, np.float64), marks.names, False),)))
    whole = join(parts)
    return frame_of(whole.matrix(), fitted_names(estimator, whole.width))


def check(estimator: Any) -> str | None:
    """Why the estimator cannot be converted, or None."""
    return "sample_posterior=True draws random numbers" if estimator.sample_posterior else None


def _width(estimator: Any) -> int:
    kept = estimator.keep_empty_features
    return int(len(estimator._is_empty_feature) if kept else (~estimator._is_empty_feature).sum())


def _missing(estimator: Any, x: Var) -> Var:
    """Which cells are imputed, [N, kept columns]; columns that were empty when fitted are not."""
    marker = estimator.missing_values
    mask = op.isnan(x) if is_missing(marker) else op.equal(x, like(x, marker))
    empty = np.asarray(estimator._is_empty_feature, np.bool_)
    if estimator.keep_empty_features:
        return op.and_(mask, op.const(~empty))
    return op.gather(mask, op.const(np.flatnonzero(~empty).astype(np.int64)), axis=1)


def _completed(estimator: Any, filled: Var, missing: Var, scope: Scope) -> Var:
    """Each estimator in turn. A batch in which every cell is missing keeps the initial imputation."""
    columns = [op.slice(filled, ints(i), ints(i + 1), ints(1)) for i in range(_width(estimator))]
    for step in estimator.imputation_sequence_:
        target = int(step.feat_idx)
        others = [int(i) for i in step.neighbor_feat_idx]
        inputs = op.concat([columns[i] for i in others], axis=1)
        outcome = lower_predict(step.estimator, frame_of(inputs, [f"x{i}" for i in others]), scope)
        if not isinstance(outcome, Regressed):
            raise scope.refuse(f"{type(step.estimator).__name__} is no regressor", "impute with a regressor")
        bounds = [like(filled, bound[target]) for bound in (estimator._min_value, estimator._max_value)]
        value = clip(op.reshape(cast(outcome.value, np.float64), ints(-1, 1)), bounds[0], bounds[1])
        here = op.slice(missing, ints(target), ints(target + 1), ints(1))
        columns[target] = op.where(here, value, columns[target])
    completed = op.concat(columns, axis=1) if len(columns) > 1 else columns[0]
    present = op.reduce_sum(op.cast(op.not_(missing), to=np.int64), keepdims=False)
    return op.where(op.equal(present, op.const(np.int64(0))), filled, completed)
