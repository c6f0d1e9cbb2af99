"""What every transformer's lowering needs: numbers in the right width, constants beside them, names of columns."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
from spox import Tensor, Var

from modelport.conversion import NoteKind
from modelport_onnx.frame import Block, Frame, cast, frame_of
from modelport_onnx.lowering import Scope
from modelport_onnx.ops import op


def real(scope: Scope) -> type[np.generic]:
    """The float type the graph computes in: float64, as scikit-learn does; float32 where that was asked for."""
    return np.float32 if scope.portable else np.float64


def carried(dtype: npt.DTypeLike, scope: Scope) -> np.dtype[Any]:
    """The type a column of a dtype travels as: float64, float32, int64 or bool.

    float64 becomes `real(scope)`; other floats float64, other whole numbers int64.
    """
    kind = np.dtype(dtype)
    if kind == np.float64:
        return np.dtype(real(scope))
    if kind in (np.float32, np.int64, np.bool_):
        return kind
    return np.dtype(np.int64 if kind.kind in "iu" else real(scope))


def numbers(frame: Frame, scope: Scope) -> Var:
    """All columns as one [N, C] tensor of `real(scope)`.

    Raises:
        CannotConvert: there are no columns, or one holds text (scikit-learn would parse each string as a number).
    """
    if not frame.width:
        raise scope.refuse("no columns arrive here", "leave this step out")
    text = [name for block in frame.blocks if block.is_text for name in block.names]
    if text:
        raise scope.refuse(f"column {text[0]!r} holds text where numbers belong", "encode it in an earlier step")
    if scope.portable:
        scope.note(NoteKind.ROUNDED, "computes in float32 what scikit-learn computes in float64")
    return frame.matrix(real(scope))


def doubles(frame: Frame, scope: Scope) -> Var:
    """As `numbers`, in float64 also where float32 was asked for: arithmetic that float32 would spoil."""
    numbers(frame, scope)
    return frame.matrix()


def all_float32(frame: Frame) -> bool:
    """Whether scikit-learn would hold these columns as one float32 matrix, and compute in float32."""
    return bool(frame.blocks) and all(block.dtype == np.float32 for block in frame.blocks)


def own_numbers(frame: Frame, scope: Scope) -> Var:
    """As `numbers`, but columns that are all float32 stay float32, for classes whose arithmetic does."""
    x = numbers(frame, scope)
    return frame.matrix(np.float32) if all_float32(frame) else x


def as_given(x: Var, frame: Frame) -> Var:
    """A result in float32 where all columns were: computed in float64 and stored in the matrix that came in."""
    return cast(x, np.float32) if all_float32(frame) else x


def in_place(operator: Callable[[Var, Var], Var], x: Var, value: npt.ArrayLike) -> Var:
    """NumPy's `x -= value` and its like: computed in the wider of the two types, rounded to the type of `x`."""
    given = np.asarray(value)
    if dtype_of(x) == np.float32 and given.dtype == np.float64:
        return cast(operator(cast(x, np.float64), op.const(given)), np.float32)
    return operator(x, like(x, given))


def promoted(x: Var, *values: Any) -> Var:
    """`x` in the type that a product with these arrays has: float32 only where all are."""
    narrow = all(np.asarray(value).dtype == np.float32 for value in values)
    return x if narrow else cast(x, np.float64)


def dtype_of(var: Var) -> np.dtype[Any]:
    kind = var.type
    assert isinstance(kind, Tensor), "only tensors have a type of element"
    return np.dtype(kind.dtype)


def like(var: Var, value: npt.ArrayLike) -> Var:
    """`value` as a constant of the element type of `var`."""
    return op.const(np.asarray(value, dtype_of(var)))


def ints(*values: int) -> Var:
    """A one-dimensional int64 constant: axes, shapes, positions."""
    return op.const(np.array(values, np.int64))


def fitted_names(estimator: Any, width: int, fallback: Sequence[str] = ()) -> tuple[str, ...]:
    """What `get_feature_names_out` gives; where the estimator has no such names, the fallback, or `x0 … xN`."""
    try:
        names = [str(name) for name in estimator.get_feature_names_out()]
    except (AttributeError, ValueError, TypeError, KeyError, NotImplementedError):  # some classes say "none" so
        names = list(fallback)
    return tuple(names) if len(names) == width else tuple(f"x{i}" for i in range(width))


def result(estimator: Any, var: Var, width: int, *, nullable: bool = False, sparse: bool = False) -> Frame:
    """A transformer's output [N, width] as a frame under the estimator's own column names."""
    return frame_of(var, fitted_names(estimator, width), nullable=nullable, sparse=sparse)


def nullable(frame: Frame) -> bool:
    return any(block.nullable for block in frame.blocks)


def columns(frame: Frame) -> list[Block]:
    """The frame as blocks of width 1."""
    return [frame.column(i) for i in range(frame.width)]


def one_type(blocks: Iterable[Block]) -> Frame:
    """Blocks in NumPy's common type, as `np.hstack` gives it; text beside numbers stays as it is (an object array)."""
    kept = [block for block in blocks if block.names]
    if any(block.is_text for block in kept) or not kept:
        return Frame(tuple(kept))
    common = np.result_type(*(block.dtype for block in kept))
    return Frame(tuple(replace(block, var=cast(block.var, common)) for block in kept))


def select(condition: Var, then: npt.ArrayLike, otherwise: Var) -> Var:
    """`otherwise`, with the constant `then` where `condition` holds."""
    return op.where(condition, like(otherwise, then), otherwise)


def any_of(conditions: Sequence[Var]) -> Var:
    """The disjunction of boolean tensors."""
    found = conditions[0]
    for condition in conditions[1:]:
        found = op.or_(found, condition)
    return found
