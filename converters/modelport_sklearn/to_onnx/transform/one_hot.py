"""OneHotEncoder: each category a column; infrequent ones share one; dropped and unknown ones have none.

Source: `sklearn.preprocessing.OneHotEncoder.transform`, `_BaseEncoder._transform` and `_map_infrequent_categories`
(1.9). A category that is unknown where `handle_unknown="error"` makes the runtime fail, as it makes scikit-learn.
"""

from typing import Any

import numpy as np
from spox import Var

from modelport_onnx.blocks.encoders import gather_table, positions
from modelport_onnx.frame import Frame, cast, concat
from modelport_onnx.lowering import Scope
from modelport_onnx.ops import op
from modelport_sklearn.to_onnx.transform.values import carried, columns, result

NOWHERE = -1
"""The output column of a category that has none: all its row is 0."""


def one_hot(estimator: Any, frame: Frame, scope: Scope) -> Frame:
    widths = [int(width) for width in estimator._n_features_outs]
    chosen = [
        gather_table(output_columns(estimator, i), positions(column, estimator.categories_[i], scope))
        for i, column in enumerate(columns(frame))
    ]
    kept = [(place, width) for place, width in zip(chosen, widths, strict=True) if width]
    if not kept:
        raise scope.refuse("every category is dropped, so no column is left", "leave this step out")
    kind = carried(estimator.dtype, scope)
    hot = spread(concat([place for place, _ in kept]), [width for _, width in kept])
    return result(estimator, cast(hot, kind), sum(widths), sparse=bool(estimator.sparse_output))


def spread(chosen: Var, widths: list[int]) -> Var:
    """Chosen columns [N, F] as a boolean [N, sum of widths]: one comparison for all features together."""
    feature = np.repeat(np.arange(len(widths)), widths)
    local = np.concatenate([np.arange(width) for width in widths]).astype(np.int64)
    return op.equal(op.gather(chosen, op.const(feature.astype(np.int64)), axis=1), op.const(local))


def output_columns(estimator: Any, feature: int) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Output column within its feature, for each category and (where they are accepted) for unknown values."""
    count = len(estimator.categories_[feature])
    mapping, infrequent = infrequent_groups(estimator, feature)
    codes = list(range(count)) if mapping is None else [int(code) for code in mapping]
    if estimator.handle_unknown != "error":
        joins = infrequent is not None and estimator.handle_unknown in ("infrequent_if_exist", "warn")
        codes.append(codes[int(infrequent[0])] if joins else NOWHERE)
    return np.array(_without_dropped(estimator, feature, codes), np.int64)


def infrequent_groups(estimator: Any, feature: int) -> tuple[Any, Any]:
    """Category → code where infrequent ones are grouped, and their positions; None where nothing is grouped."""
    if not getattr(estimator, "_infrequent_enabled", False):
        return None, None
    return estimator._default_to_infrequent_mappings[feature], estimator._infrequent_indices[feature]


def _without_dropped(estimator: Any, feature: int, codes: list[int]) -> list[int]:
    """The dropped code has no column; those after it move up by one."""
    after_grouping = estimator._drop_idx_after_grouping
    dropped = None if after_grouping is None else after_grouping[feature]
    if dropped is None:
        return codes
    return [NOWHERE if code == dropped else code - (code > dropped) for code in codes]
