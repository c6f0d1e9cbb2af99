"""Positions and what stands at them."""

from typing import TYPE_CHECKING

import numpy as np

from modelport_columnar.expression import Expr, Kind
from modelport_columnar.operators.shape import rows_first
from modelport_columnar.values import Array, Extent, Fixed, Symbolic, Value, symbolic

if TYPE_CHECKING:
    from modelport_columnar.execute import Step


def extreme(op: str, step: "Step", value: Value) -> list[Value]:
    """`ArgMax`, `ArgMin` along one axis behind the rows."""
    tensor = rows_first(step, value)
    axis = int(step.attributes.get("axis", 0)) % tensor.rank
    if axis == 0:
        raise step.refuse("it looks for a row")
    which = "last" if step.attributes.get("select_last_index") else "first"
    groups = np.moveaxis(tensor.cells, axis - 1, -1)
    rows = groups.reshape(-1, groups.shape[-1])
    found = symbolic([step.pool.make(op, row.tolist(), Kind.INT64, which) for row in rows], groups.shape[:-1])
    if step.attributes.get("keepdims", 1):
        return [Symbolic(np.expand_dims(found.cells, axis - 1), Kind.INT64)]
    return [found]


def gather(step: "Step", value: Value, indices: Value) -> list[Value]:
    """`Gather`: columns at constant positions, or a constant table at computed ones."""
    axis = int(step.attributes.get("axis", 0))
    if isinstance(value, Extent) and isinstance(indices, Fixed):
        return [_of_extent(value, indices.array)]
    if isinstance(value, Symbolic) and isinstance(indices, Fixed):
        axis %= value.rank
        if axis == 0:
            raise step.refuse("it takes rows")
        return [Symbolic(np.take(value.cells, indices.array, axis=axis - 1), value.kind)]
    if isinstance(value, Fixed) and isinstance(indices, Symbolic) and axis % value.array.ndim == 0:
        return [_of_table(step, value.array, indices)]
    raise step.refuse("both the table and the positions depend on the rows")


def _of_extent(value: Extent, positions: Array) -> Value:
    dims = tuple(value.dims[int(i)] for i in positions.ravel())
    return Extent(dims) if None in dims else Fixed(np.array(dims, np.int64).reshape(positions.shape))


def _of_table(step: "Step", table: Array, indices: Symbolic) -> Symbolic:
    columns = table.reshape(len(table), -1)
    cells = [lookup(step, columns[:, k], index) for index in indices.cells.ravel() for k in range(columns.shape[1])]
    return symbolic(cells, (*indices.cells.shape, *table.shape[1:]))


def lookup(step: "Step", table: Array, index: Expr) -> Expr:
    """A constant table at a computed position."""
    kind = step.pool.constant(table[0]).kind
    return step.pool.make("lookup", (index,), kind, table)


def gather_elements(step: "Step", value: Value, indices: Value) -> list[Value]:
    """`GatherElements` along the columns: a column at a computed position."""
    tensor, positions = rows_first(step, value), rows_first(step, indices)
    if int(step.attributes.get("axis", 0)) % tensor.rank != 1 or tensor.rank != 2:
        raise step.refuse("it takes rows")
    options = tensor.cells.tolist()
    cells = [step.pool.make("choose", (index, *options), tensor.kind) for index in positions.cells.tolist()]
    return [symbolic(cells)]


def top_k(step: "Step", value: Value, count: Value) -> list[Value]:
    """`TopK` along the columns of [N, C]."""
    tensor = rows_first(step, value)
    if not isinstance(count, Fixed) or tensor.rank != 2 or int(step.attributes.get("axis", -1)) % 2 != 1:
        raise step.refuse("it looks for rows")
    k = int(count.array.ravel()[0])
    whole = step.pool.make("top_k", tensor.cells.tolist(), Kind.MANY, (k, bool(step.attributes.get("largest", 1))))
    values = [step.pool.make("pick", (whole,), tensor.kind, i) for i in range(k)]
    places = [step.pool.make("pick", (whole,), Kind.INT64, k + i) for i in range(k)]
    return [symbolic(values), symbolic(places)]


def one_hot(step: "Step", indices: Value, depth: Value, values: Value) -> list[Value]:
    """`OneHot` of positions [N] or [N, C], the new axis last."""
    tensor = rows_first(step, indices)
    if not isinstance(depth, Fixed) or not isinstance(values, Fixed):
        raise step.refuse("its width depends on the rows")
    if int(step.attributes.get("axis", -1)) not in (-1, tensor.rank):
        raise step.refuse("the new axis is not the last")
    width = int(depth.array.ravel()[0])
    off, on = (step.pool.constant(item) for item in values.array)
    cells = [_hot(step, index, i, on, off) for index in tensor.cells.ravel() for i in range(width)]
    return [symbolic(cells, (*tensor.cells.shape, width))]


def _hot(step: "Step", index: Expr, position: int, on: Expr, off: Expr) -> Expr:
    here = step.pool.constant(np.asarray(position, index.kind.value)[()])
    return step.pool.make("where", (step.pool.make("equal", (index, here), Kind.BOOL), on, off), on.kind)


def hardmax(step: "Step", value: Value) -> list[Value]:
    """`Hardmax` along the columns: one at the first greatest, zero elsewhere."""
    tensor = rows_first(step, value)
    if tensor.rank != 2 or int(step.attributes.get("axis", -1)) % 2 != 1:
        raise step.refuse("it looks for rows")
    best = step.pool.make("argmax", tensor.cells.tolist(), Kind.INT64, "first")
    on, off = (step.pool.constant(np.asarray(item, tensor.kind.value)[()]) for item in (1, 0))
    return [symbolic([_hot(step, best, i, on, off) for i in range(tensor.cells.size)])]
