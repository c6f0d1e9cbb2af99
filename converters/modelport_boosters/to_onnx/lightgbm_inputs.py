"""The float64 matrix LightGBM looks at: what counts as zero, what counts as missing, codes of categories.

Source: LightGBM 4 (`include/LightGBM/meta.h` kZeroThreshold; `src/c_api.cpp` RowPairFunctionFromDenseMatric, which
drops what is within it; `include/LightGBM/tree.h`; `python-package/lightgbm/basic.py` _data_from_pandas).
"""

import numpy as np
from spox import Var

from modelport_boosters.lgbm.model import NONE, ZERO, LgbmModel
from modelport_boosters.lgbm.trees import CATEGORY, Columns
from modelport_onnx.blocks.encoders import gather_table, positions
from modelport_onnx.frame import Block, Frame, cast, concat
from modelport_onnx.lowering import Scope
from modelport_onnx.ops import op

TINY = float(np.float32(1e-35))
"""Numbers as near to zero as this are zero (kZeroThreshold)."""


def matrix(model: LgbmModel, columns: Columns, frame: Frame, scope: Scope) -> Var:
    """[N, columns] float64 (float32 in portable graphs), NaN where a split takes the value for missing.

    Raises:
        CannotConvert: text stands where the model has no categories, or its categorical columns cannot be told.
    """
    if frame.width != len(model.names):
        raise scope.refuse(f"the model takes {len(model.names)} columns and gets {frame.width}")
    x = _numbers(model, frame, scope)
    if columns.feature != tuple(range(len(model.names))):
        x = op.gather(x, op.const(np.array(columns.feature, np.int64)), axis=1)
    kinds = np.array(columns.kind)
    if _zero_matters(model) or (kinds == ZERO).any():
        filler = np.where(kinds == ZERO, np.nan, 0.0)[None]
        x = op.where(op.less_or_equal(op.abs(x), _like(x, TINY)), _like(x, filler), x)
    if (kinds == NONE).any():
        x = op.where(op.and_(op.isnan(x), op.const((kinds == NONE)[None])), _like(x, 0.0), x)
    if (kinds == CATEGORY).any():
        whole = _whole(x)
        x = op.where(op.const((kinds == CATEGORY)[None]), whole, x)
    return x


def plain(model: LgbmModel, frame: Frame, scope: Scope) -> Var:
    """[N, C], the columns as linear leaves look at them: what is as near to zero as `TINY` is zero."""
    x = _numbers(model, frame, scope)
    return op.where(op.less_or_equal(op.abs(x), _like(x, TINY)), _like(x, 0.0), x)


def _like(x: Var, values: object) -> Var:
    return op.const(np.asarray(values, x.unwrap_tensor().dtype))


def _whole(x: Var) -> Var:
    """Categories as C++ casts them to `int`: toward zero; what an `int` cannot hold is no category."""
    toward_zero = op.mul(op.sign(x), op.floor(op.abs(x)))
    return op.where(op.less(op.abs(x), _like(x, 2.0**31)), toward_zero, _like(x, -1.0))


def _zero_matters(model: LgbmModel) -> bool:
    """Whether a threshold lies where a tiny number and zero fall on different sides of it."""
    return any(((tree.threshold >= -TINY) & (tree.threshold < TINY)).any() for tree in model.trees)


def _numbers(model: LgbmModel, frame: Frame, scope: Scope) -> Var:
    dtype = np.float32 if scope.portable else np.float64
    if not model.categories:
        for block in frame.blocks:
            if block.is_text:
                raise scope.refuse(f"column {block.names[0]!r} holds text, and the model has no categories for it")
        return frame.matrix(dtype)
    if len(model.categorical) != len(model.categories):
        reason = "which columns the categories belong to cannot be told: one of them was never used, or is numeric"
        raise scope.refuse(reason, "drop columns of one value, and make every categorical column of one kind")
    known = dict(zip(model.categorical, model.categories, strict=True))
    columns = []
    for i in range(frame.width):
        column = frame.column(i)
        if i in known:
            columns.append(_codes(column, known[i], dtype, scope))
        elif column.is_text:
            raise scope.refuse(f"column {column.names[0]!r} holds text where the model takes numbers")
        else:
            columns.append(cast(column.var, dtype))
    return concat(columns)


def _codes(column: Block, known: tuple[object, ...], dtype: type[np.generic], scope: Scope) -> Var:
    """The position of each value among the categories; NaN for what is not there, as pandas has it."""
    table = np.append(np.arange(len(known), dtype=np.float64), np.nan).astype(dtype)
    return gather_table(table, positions(column, known, scope))
