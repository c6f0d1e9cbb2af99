"""OrdinalEncoder: each category its number; missing and unknown values the numbers asked for.

Source: `sklearn.preprocessing.OrdinalEncoder.transform` and `_BaseEncoder._transform` (1.9). A category that is
unknown where `handle_unknown="error"` makes the runtime fail, as it makes scikit-learn.
"""

from typing import Any

import numpy as np

from modelport_onnx.blocks.encoders import gather_table, positions
from modelport_onnx.frame import Frame, cast, concat
from modelport_onnx.lowering import Scope
from modelport_sklearn.to_onnx.transform.one_hot import infrequent_groups
from modelport_sklearn.to_onnx.transform.values import carried, columns, result


def ordinal(estimator: Any, frame: Frame, scope: Scope) -> Frame:
    kind = carried(estimator.dtype, scope)
    codes = [
        gather_table(code_table(estimator, i).astype(kind), positions(column, estimator.categories_[i], scope))
        for i, column in enumerate(columns(frame))
    ]
    return result(estimator, cast(concat(codes), kind), frame.width, nullable=_may_be_nan(estimator))


def _may_be_nan(estimator: Any) -> bool:
    return any(value != value for value in (estimator.encoded_missing_value, estimator.unknown_value))


def code_table(estimator: Any, feature: int) -> np.ndarray[Any, np.dtype[np.generic]]:
    """The code of each category and, where unknown values are accepted, theirs, in the encoder's dtype."""
    count = len(estimator.categories_[feature])
    mapping, _ = infrequent_groups(estimator, feature)
    missing = estimator._missing_indices.get(feature)
    known = [i if mapping is None or i == missing else int(mapping[i]) for i in range(count)]
    table = np.array(known).astype(estimator.dtype)
    if missing is not None:
        table[missing] = estimator.encoded_missing_value
    if estimator.handle_unknown == "use_encoded_value":
        table = np.append(table, np.array([estimator.unknown_value]).astype(estimator.dtype))
    return table
