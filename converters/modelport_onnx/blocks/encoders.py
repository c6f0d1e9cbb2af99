"""Categories to positions: where in a list of known values each cell stands.

A missing cell (NaN, or "" in a text column that may be missing) has the position of the missing category, where there
is one. Everything that is not known has position K, one past the end: gathering at it from a table of K entries makes
the runtime fail, which is what an estimator does that raises on unknown categories.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from spox import Var

from modelport_onnx.frame import Block, cast
from modelport_onnx.lowering import Scope
from modelport_onnx.ops import ml3, ml5, op

Known = Sequence[Any]
"""Category values as the estimator holds them: str, numbers or bool; None and NaN are missing."""


def is_missing(value: Any) -> bool:
    """None, NaN and pandas' NA: whatever an Arrow null may have been."""
    return value is None or type(value).__name__ == "NAType" or bool(value != value)


def missing_position(known: Known, column: Block, scope: Scope) -> int | None:
    """The position of the one missing category, if there is one.

    Raises:
        CannotConvert: several missing values are told apart (None and NaN), which an Arrow null cannot.
    """
    found = [i for i, value in enumerate(known) if is_missing(value)]
    if len(found) > 1:
        raise scope.refuse(
            f"column {column.names[0]!r} has None and NaN as separate categories, and a missing value is one thing",
            "replace one by the other before fitting",
        )
    return found[0] if found else None


def positions(column: Block, known: Known, scope: Scope) -> Var:
    """Position of each cell of a column among `known`, [N, 1] int64; K where it is not known.

    Raises:
        CannotConvert: the column's type and the categories' do not fit, or "" and missing are told apart.
    """
    missing = missing_position(known, column, scope)
    return _text(column, known, missing, scope) if column.is_text else _numbers(column, known, missing, scope)


def _text(column: Block, known: Known, missing: int | None, scope: Scope) -> Var:
    present = [(value, i) for i, value in enumerate(known) if i != missing]
    strange = [value for value, _ in present if not isinstance(value, str)]
    if strange:
        raise _mistyped(column, strange[0], "text", scope)
    if column.nullable and any(value == "" for value, _ in present):
        raise scope.refuse(
            f'column {column.names[0]!r} has "" as a category and may be missing; in a file both are the empty string',
            "fill one of the two with a word of its own, or declare that the column is never missing",
        )
    keys = present if missing is None or not column.nullable else [*present, ("", missing)]
    # A lone surrogate is no Unicode text: no Arrow column can hold it, so it is never met.
    keys = [(value, i) for value, i in keys if _encodable(value)]
    if not keys:
        return _constant(column.var, len(known))
    return ml3.label_encoder(
        column.var,
        keys_strings=[value for value, _ in keys],
        values_int64s=[i for _, i in keys],
        default_int64=len(known),
    )


def _encodable(value: str) -> bool:
    return not any("\ud800" <= char <= "\udfff" for char in value)


def _numbers(column: Block, known: Known, missing: int | None, scope: Scope) -> Var:
    present = [(value, i) for i, value in enumerate(known) if i != missing]
    strange = [value for value, _ in present if isinstance(value, str | bytes)]
    if strange:
        raise _mistyped(column, strange[0], str(column.dtype), scope)
    places = np.array([i for _, i in present], np.int64)
    found = _lookup(column.var, np.array([value for value, _ in present]), places, len(known), scope)
    if missing is None or column.dtype.kind != "f":
        return found
    return op.where(op.isnan(column.var), op.const(np.int64(missing)), found)


def _lookup(var: Var, keys: Any, places: Any, default: int, scope: Scope) -> Var:
    if not len(keys):
        return _constant(var, default)
    whole = keys.dtype.kind in "iub" and np.dtype(var.unwrap_tensor().dtype).kind in "iub"
    if scope.ml_opset < 4:
        # Before version 4 there are float32 keys only; portable graphs have nothing wider to compare.
        return ml3.label_encoder(
            cast(var, np.float32),
            keys_floats=[float(np.float32(key)) for key in keys],
            values_int64s=[int(place) for place in places],
            default_int64=default,
        )
    kind: type[np.generic] = np.int64 if whole else np.float64
    return ml5.label_encoder(
        cast(var, kind),
        keys_tensor=keys.astype(kind),
        values_tensor=places,
        default_tensor=np.array([default], np.int64),
    )


def _constant(var: Var, value: int) -> Var:
    """`value` in the shape of `var`."""
    return op.expand(op.const(np.int64(value)), op.shape(var))


def _mistyped(column: Block, value: Any, kind: str, scope: Scope) -> Exception:
    return scope.refuse(
        f"column {column.names[0]!r} travels as {kind}, and the model was fitted with the category {value!r}",
        "make the column one type before fitting, for example with df[column].astype(str)",
    )


def gather_table(table: Any, position: Var) -> Var:
    """Entry of a one-dimensional table at each position; the runtime fails where a position lies past its end."""
    return op.gather(op.const(np.asarray(table)), position, axis=0)
