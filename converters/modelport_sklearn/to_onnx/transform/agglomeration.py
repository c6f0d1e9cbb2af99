"""FeatureAgglomeration: each group of columns pooled into one.

Source: `sklearn.cluster._feature_agglomeration.AgglomerationTransform.transform` (1.9).
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from spox import Var

from modelport_onnx.frame import Frame, concat
from modelport_onnx.lowering import Scope
from modelport_onnx.ops import op
from modelport_sklearn.to_onnx.transform.values import ints, like, numbers, result


def agglomeration(estimator: Any, frame: Frame, scope: Scope) -> Frame:
    x = numbers(frame, scope)
    pool = _pooling(estimator.pooling_func, scope)
    labels = np.asarray(estimator.labels_)
    groups = [np.flatnonzero(labels == label) for label in np.unique(labels)]
    parts = [pool(op.gather(x, op.const(group.astype(np.int64)), axis=1), len(group)) for group in groups]
    return result(estimator, concat(parts), len(groups))


def _pooling(function: Any, scope: Scope) -> Callable[[Var, int], Var]:
    """[N, G] → [N, 1] for a pooling function that is known."""
    known: dict[Any, Callable[[Var, int], Var]] = {
        np.mean: lambda x, width: op.div(op.reduce_sum(x, ints(1)), like(x, width)),
        np.sum: lambda x, width: op.reduce_sum(x, ints(1)),
        np.max: lambda x, width: op.reduce_max(x, ints(1)),
        np.min: lambda x, width: op.reduce_min(x, ints(1)),
        np.median: _median,
    }
    found = known.get(function)
    if found is None:
        name = getattr(function, "__name__", function)
        raise scope.refuse(
            f"pooling_func={name!r} is not known here", "use np.mean, np.sum, np.max, np.min or np.median"
        )
    return found


def _median(x: Var, width: int) -> Var:
    """The middle of the sorted values, or the mean of the two in the middle."""
    ordered, _ = op.top_k(x, ints(width), axis=1, largest=0, sorted=1)
    low, high = (width - 1) // 2, width // 2
    middle = op.slice(ordered, ints(low), ints(high + 1), ints(1))
    return op.div(op.reduce_sum(middle, ints(1)), like(x, high - low + 1))
