"""KBinsDiscretizer: the number of the bin, or a column for each bin.

Source: `sklearn.preprocessing.KBinsDiscretizer.transform` (1.9): `searchsorted(bin_edges[1:-1], X, side="right")`.
"""

from typing import Any

import numpy as np

from modelport_onnx.blocks.search import Tables
from modelport_onnx.frame import Frame, cast
from modelport_onnx.lowering import Scope
from modelport_sklearn.to_onnx.transform.one_hot import spread
from modelport_sklearn.to_onnx.transform.values import numbers, real, result


def bins(estimator: Any, frame: Frame, scope: Scope) -> Frame:
    """With `dtype=np.float32` values are rounded to float32 before they are compared with the float64 edges."""
    x = numbers(frame, scope)
    kind = np.dtype(real(scope))
    if estimator.dtype is not None and np.dtype(estimator.dtype) == np.float32:
        x, kind = cast(cast(x, np.float32), kind), np.dtype(np.float32)
    edges = [np.asarray(edge, np.float64)[1:-1] for edge in estimator.bin_edges_]
    number = Tables(edges, x).count(x, equal=True)
    if estimator.encode == "ordinal":
        return result(estimator, cast(number, kind), frame.width)
    widths = [int(count) for count in estimator.n_bins_]
    hot = spread(number, widths)
    return result(estimator, cast(hot, kind), sum(widths), sparse=estimator.encode == "onehot")
