"""The float32 matrix XGBoost looks at: missing values, absent zeros of sparse matrices, codes of categories.

Source: XGBoost `src/data/adapter.h` (IsValidFunctor), `src/common/categorical.h`, `src/data/cat_container.h`, 3.2.
"""

import numpy as np
from spox import Var

from modelport_boosters.to_onnx.float32 import single
from modelport_boosters.xgb.model import XgbModel
from modelport_onnx.blocks.encoders import gather_table, positions
from modelport_onnx.frame import Block, Frame, cast, concat
from modelport_onnx.lowering import Scope
from modelport_onnx.ops import op

LIMIT = float(1 << 24)
"""Codes of categories are under this; beyond it float32 holds no whole numbers."""


def matrix(model: XgbModel, frame: Frame, missing: float, scope: Scope) -> Var:
    """[N, C] float32, NaN where a value is missing; categorical columns hold whole codes, -1 what no split lists.

    Args:
        missing: the value that means missing besides NaN.

    Raises:
        CannotConvert: a column holds text that the model has no categories for, or names that XGBoost cut short.
    """
    if frame.width != model.features:
        raise scope.refuse(f"the model takes {model.features} columns and gets {frame.width}")
    kinds = model.types or ("float",) * model.features
    if "c" not in kinds and not any(block.is_text for block in frame.blocks):
        return _without(frame.matrix(np.float32), missing, frame.sparse)
    columns = [_column(model, frame.column(i), i, kinds[i] == "c", missing, scope) for i in range(frame.width)]
    return _without(concat(columns), np.nan, frame.sparse)


def _without(x: Var, missing: float, sparse: bool) -> Var:
    """Marks as missing what the library takes for it."""
    for value in ((0.0,) if sparse else ()) + (() if np.isnan(missing) else (missing,)):
        x = op.where(op.equal(x, single(value)), single(np.nan), x)
    return x


def _column(model: XgbModel, column: Block, number: int, categorical: bool, missing: float, scope: Scope) -> Var:
    known = model.categories[number] if number < len(model.categories) else ()
    if not categorical:
        if column.is_text:
            raise scope.refuse(f"column {column.names[0]!r} holds text where the model takes numbers")
        return _without(cast(column.var, np.float32), missing, False)
    if known:
        return _codes(column, known, scope)
    if column.is_text:
        raise scope.refuse(
            f"the model does not say which codes the text in column {column.names[0]!r} stands for",
            "train it with xgboost 3.1 or newer, which keeps the categories of a DataFrame",
        )
    value = _without(cast(column.var, np.float32), missing, False)
    outside = op.or_(op.less(value, single(0.0)), op.greater_or_equal(value, single(LIMIT)))
    return op.where(outside, single(-1.0), op.floor(value))


def _codes(column: Block, known: tuple[object, ...], scope: Scope) -> Var:
    """The position of each value among the categories; the runtime fails on one that is not there.

    XGBoost 3.2 means to fail too ("Found a category not in the training set"), and does for those that sort last;
    others it takes for the category that sorts after them, which is no answer to keep.
    """
    if any(isinstance(value, str) and not value.isascii() for value in known):
        raise scope.refuse(
            f"XGBoost cuts names with non-ASCII letters short when it saves the categories of {column.names[0]!r}",
            "give the categories ASCII names before fitting",
        )
    table = np.append(np.arange(len(known), dtype=np.float32), np.float32(np.nan))
    return gather_table(table, positions(column, (*known, None), scope))
