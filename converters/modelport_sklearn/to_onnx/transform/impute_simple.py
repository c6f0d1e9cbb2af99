"""SimpleImputer and MissingIndicator: missing cells get the column's statistic; indicator columns say where.

Source: `sklearn.impute.SimpleImputer.transform`, `_BaseImputer._concatenate_indicator` and
`MissingIndicator.transform` (1.9).
"""

from dataclasses import replace
from typing import Any

import numpy as np
from spox import Var

from modelport_onnx.blocks.encoders import is_missing
from modelport_onnx.blocks.guard import fail_where
from modelport_onnx.frame import Block, Frame, cast, concat, frame_of
from modelport_onnx.lowering import Scope
from modelport_onnx.ops import op
from modelport_sklearn.to_onnx.transform.values import dtype_of, fitted_names, real


def simple_imputer(estimator: Any, frame: Frame, scope: Scope) -> Frame:
    """Columns that were empty when fitted are left out unless `keep_empty_features`."""
    given = _uniform(estimator, frame, scope)
    blocks: list[Block] = []
    at = 0
    for block in given.blocks:
        features = range(at, at + len(block.names))
        at += len(block.names)
        kept = [i for i in features if estimator.keep_empty_features or not is_missing(estimator.statistics_[i])]
        if kept:
            blocks.append(_filled(estimator, block.take([i - features.start for i in kept]), kept, scope))
    if estimator.add_indicator and len(estimator.indicator_.features_):
        blocks.append(indicator_block(estimator.indicator_, given, scope))
    return _merged(estimator, blocks, frame.sparse)


def _uniform(estimator: Any, frame: Frame, scope: Scope) -> Frame:
    """Numbers in one type, as floats where the statistic is computed; text, and numbers beside it, as they are.

    Source: `SimpleImputer._validate_input`.
    """
    if any(block.is_text for block in frame.blocks):
        return frame
    kind = np.result_type(*(block.dtype for block in frame.blocks))
    whole = kind.kind in "iu" and estimator.strategy in ("most_frequent", "constant")
    wide = kind if whole else real(scope)
    if not frame.width:
        raise scope.refuse("no columns arrive here", "leave this step out")
    nullable = any(block.nullable for block in frame.blocks)
    return frame_of(frame.matrix(np.dtype(wide).type), frame.names, nullable=nullable, sparse=frame.sparse)


def _filled(estimator: Any, block: Block, features: list[int], scope: Scope) -> Block:
    missing = missing_cells(block, estimator.missing_values, scope)
    if missing is None:
        return block
    statistics = list(np.asarray(estimator.statistics_)[features].astype(estimator._fill_dtype))
    strange = [value for value in statistics if isinstance(value, str) != block.is_text]
    if strange:
        kind = "text" if block.is_text else "numeric"
        raise scope.refuse(
            f"column {block.names[0]!r} is {kind} and would be filled with {strange[0]!r}",
            "fill columns of text and of numbers apart, each with its own kind",
        )
    values = np.array([statistics], np.str_ if block.is_text else dtype_of(block.var))
    still = block.nullable and not is_missing(estimator.missing_values)
    return replace(block, var=op.where(missing, op.const(values), block.var), nullable=still)


def missing_cells(block: Block, marker: Any, scope: Scope) -> Var | None:
    """Where a column holds the marker of a missing value, boolean; None where it never can (`_get_mask`).

    Raises:
        CannotConvert: the empty string is the marker, or the marker is None, where both may stand for missing.
    """
    if block.is_text:
        return _missing_text(block, marker, scope)
    if is_missing(marker):
        return op.isnan(block.var) if block.dtype.kind == "f" else None
    if isinstance(marker, str):
        return None
    wide = cast(block.var, np.float64) if isinstance(marker, float) and block.dtype.kind != "f" else block.var
    return op.equal(wide, op.const(np.array(marker, dtype_of(wide))))


def _missing_text(block: Block, marker: Any, scope: Scope) -> Var | None:
    if is_missing(marker):
        return op.equal(block.var, op.const(np.array([""]))) if block.nullable else None
    if not isinstance(marker, str):
        return None
    if marker == "" and block.nullable:
        raise scope.refuse(
            f'missing_values="" fills empty strings of column {block.names[0]!r} but not missing values, '
            "and in a file both are the empty string",
            "fit with missing_values=np.nan, or declare that the column is never missing",
        )
    return op.equal(block.var, op.const(np.array([marker])))


def indicator_block(indicator: Any, frame: Frame, scope: Scope) -> Block:
    """`MissingIndicator`'s columns as booleans; new missing columns make the runtime fail where scikit-learn raises."""
    masks = Frame(tuple(_mask(block, indicator.missing_values, scope) for block in frame.blocks))
    wanted = [int(i) for i in indicator.features_]
    marks = masks.select(wanted).matrix(np.bool_)
    new = [i for i in range(frame.width) if i not in set(wanted)]
    if indicator.features == "missing-only" and indicator.error_on_new and new:
        marks = fail_where(masks.select(new).matrix(np.bool_), marks)
    return Block(marks, tuple(f"missing{i}" for i in wanted), nullable=False)


def _mask(block: Block, marker: Any, scope: Scope) -> Block:
    cells = missing_cells(block, marker, scope)
    if cells is None:
        cells = op.expand(op.const(np.array([[False]])), op.shape(block.var))
    return Block(cells, block.names, nullable=False)


def missing_indicator(estimator: Any, frame: Frame, scope: Scope) -> Frame:
    if not len(estimator.features_):
        raise scope.refuse("no column had a missing value when this was fitted, so no column comes out")
    block = indicator_block(estimator, frame, scope)
    return Frame((replace(block, names=fitted_names(estimator, len(block.names)), sparse=estimator.sparse is True),))


def _merged(estimator: Any, blocks: list[Block], sparse: bool) -> Frame:
    """Neighbours of one type as one tensor; the indicator in the type of the columns it stands beside (`np.hstack`)."""
    kinds = {block.dtype for block in blocks if block.dtype.kind != "b"}
    number = next((kind for kind in kinds if kind.kind in "iuf"), None)
    if len(kinds) == 1 and number is not None:
        blocks = [replace(block, var=cast(block.var, number)) for block in blocks]
    names = fitted_names(estimator, sum(len(block.names) for block in blocks))
    joined = _joined(blocks) if len({block.dtype for block in blocks}) == 1 else blocks
    return Frame(tuple(replace(block, sparse=sparse) for block in joined)).renamed(names)


def _joined(blocks: list[Block]) -> list[Block]:
    names = tuple(name for block in blocks for name in block.names)
    return [Block(concat([block.var for block in blocks]), names, any(block.nullable for block in blocks))]
