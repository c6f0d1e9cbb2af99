"""Reductions over columns."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from modelport_columnar.expression import Expr, Kind
from modelport_columnar.operators.shape import axes_of, rows_first
from modelport_columnar.values import Across, Array, Fixed, Symbolic, Value, symbolic

if TYPE_CHECKING:
    from modelport_columnar.execute import Step


def reduce(op: str, step: "Step", value: Value, axes: Value | None = None) -> list[Value]:
    """`Reduce…` over axes behind the rows."""
    tensor = rows_first(step, value)
    if axes is not None and not isinstance(axes, Fixed):
        raise step.refuse("the axes depend on the rows")
    places = axes_of(step, axes, tensor.rank)
    if not places and step.attributes.get("noop_with_empty_axes"):
        return [value]
    if not places or 0 in places:
        return [_across(step, op, tensor, places or range(tensor.rank))]
    inner = [place - 1 for place in places]
    kept = [axis for axis in range(tensor.cells.ndim) if axis not in inner]
    groups = np.transpose(tensor.cells, [*kept, *inner])
    shape = groups.shape[: len(kept)]
    rows = groups.reshape(int(np.prod(shape, dtype=np.int64)), -1)
    reduced = symbolic([combine(step, op, row) for row in rows], shape)
    if not step.attributes.get("keepdims", 1):
        return [reduced]
    return [Symbolic(np.expand_dims(reduced.cells, tuple(sorted(inner))), reduced.kind)]


def lp_normalization(step: "Step", value: Value) -> list[Value]:
    """`LpNormalization` along the columns of [N, C]; a row of zeros stays, as in onnxruntime (1.32)."""
    tensor = rows_first(step, value)
    if tensor.rank != 2 or int(step.attributes.get("axis", -1)) % 2 != 1:
        raise step.refuse("it normalises over the rows")
    norm = combine(step, {1: "l1", 2: "l2"}[int(step.attributes.get("p", 2))], tensor.cells)
    zero = step.pool.constant(np.asarray(0, tensor.kind.value)[()])
    empty = step.pool.make("equal", (norm, zero), Kind.BOOL)
    divided = [step.pool.make("div", (a, norm), a.kind) for a in tensor.cells.tolist()]
    return [symbolic([step.pool.make("where", (empty, zero, a), a.kind) for a in divided])]


def _across(step: "Step", op: str, tensor: Symbolic, places: Sequence[int]) -> Across:
    """Whether any cell of a batch holds: the one question about several rows that has an answer row by row."""
    cells = tuple(tensor.cells.ravel().tolist())
    whether = all(cell.op == "cast" and cell.args[0].kind is Kind.BOOL for cell in cells)
    if op not in ("sum", "maximum") or len(places) != tensor.rank or not whether:
        raise step.refuse("it sums over the rows")
    return Across(tuple(cell.args[0] for cell in cells))


def combine(step: "Step", op: str, cells: Array) -> Expr:
    """One reduced cell."""
    make, args = step.pool.make, tuple(cells.tolist())
    kind = args[0].kind
    if op in ("sum", "maximum", "minimum", "product"):
        return args[0] if len(args) == 1 else make(op, args, kind)
    if op == "mean":
        total = args[0] if len(args) == 1 else make("sum", args, kind)
        return make("div", (total, step.pool.constant(np.asarray(len(args), kind.value)[()])), kind)
    if op == "l1":
        return make("sum", [make("abs", (a,), kind) for a in args], kind)
    squares = make("sum", [make("mul", (a, a), kind) for a in args], kind)
    if op == "sum_square":
        return squares
    if op == "l2":
        return make("sqrt", (squares,), kind)
    return _log_sum_exp(step, args, kind)


def _log_sum_exp(step: "Step", args: tuple[Expr, ...], kind: Kind) -> Expr:
    """max + log Σ exp(a - max), as onnxruntime computes it."""
    make = step.pool.make
    greatest = make("maximum", args, kind)
    powers = [make("exp", (make("sub", (a, greatest), kind),), kind) for a in args]
    return make("add", (make("log", (make("sum", powers, kind),), kind), greatest), kind)


def cumsum(step: "Step", value: Value, axis: Value) -> list[Value]:
    """`CumSum` along one axis behind the rows, in the order of the cells."""
    tensor = rows_first(step, value)
    place = int(axis.array.ravel()[0]) % tensor.rank if isinstance(axis, Fixed) else 0
    if place == 0:
        raise step.refuse("it sums over the rows")
    groups = np.moveaxis(tensor.cells, place - 1, -1)
    rows = groups.reshape(-1, groups.shape[-1])
    flat = [cell for row in rows for cell in _running(step, row.tolist(), tensor.kind)]
    found = symbolic(flat, groups.shape)
    return [Symbolic(np.moveaxis(found.cells, -1, place - 1), tensor.kind)]


def _running(step: "Step", cells: list[Expr], kind: Kind) -> list[Expr]:
    """Running sums of one row of cells."""
    backwards = bool(step.attributes.get("reverse"))
    sums: list[Expr] = []
    for cell in cells[::-1] if backwards else cells:
        sums.append(step.pool.make("add", (sums[-1], cell), kind) if sums else cell)
    if step.attributes.get("exclusive"):
        sums = [step.pool.constant(np.zeros((), kind.value)[()]), *sums[:-1]]
    return sums[::-1] if backwards else sums


def softmax(op: str, step: "Step", value: Value) -> list[Value]:
    """`Softmax` and `LogSoftmax` along the columns of [N, C]."""
    tensor = rows_first(step, value)
    if tensor.rank != 2 or int(step.attributes.get("axis", -1)) % 2 != 1:
        raise step.refuse("it normalises over the rows")
    whole = step.pool.make(op, tensor.cells.tolist(), Kind.MANY)
    return [symbolic([step.pool.make("pick", (whole,), tensor.kind, i) for i in range(tensor.cells.size)])]
