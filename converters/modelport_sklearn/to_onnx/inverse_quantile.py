"""The inverse of a QuantileTransformer: from a rank, or a normal score, back to the value.

Source: `sklearn.preprocessing.QuantileTransformer._transform_col(inverse=True)` (scikit-learn 1.9).
"""

import math
from typing import Any

import numpy as np
from spox import Var

from modelport_onnx.blocks.constant import double
from modelport_onnx.blocks.interpolate import interpolate
from modelport_onnx.blocks.special import erf
from modelport_onnx.blocks.sums import split
from modelport_onnx.frame import concat
from modelport_onnx.ops import op

_BOUNDS = 1e-7
"""`sklearn.preprocessing._data.BOUNDS_THRESHOLD`."""


def quantile(transformer: Any, values: Var, width: int) -> Var:
    """[N, width] → [N, width]."""
    quantiles = np.asarray(transformer.quantiles_, np.float64)
    normal = transformer.output_distribution == "normal"
    references = np.asarray(transformer.references_, np.float64)
    columns = split(values, width, 1)
    return concat([_column(c, references, quantiles[:, i], normal=normal) for i, c in enumerate(columns)])


def _column(values: Var, references: Any, quantiles: Any, *, normal: bool) -> Var:
    rank = _normal_rank(values) if normal else values
    found = interpolate(rank, references, quantiles)
    if not normal:
        return found
    high = op.greater(op.add(rank, double(_BOUNDS)), double(1.0))
    low = op.less(op.sub(rank, double(_BOUNDS)), double(0.0))
    return op.where(low, double(quantiles[0]), op.where(high, double(quantiles[-1]), found))


def _normal_rank(values: Var) -> Var:
    """The distribution function of the standard normal."""
    return op.mul(op.add(erf(op.mul(values, double(math.sqrt(0.5)))), double(1.0)), double(0.5))
