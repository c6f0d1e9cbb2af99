"""Operators that move cells and compute nothing; none of them may move the rows."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from modelport_columnar.values import Array, Extent, Fixed, Stacked, Symbolic, Value, symbolic

if TYPE_CHECKING:
    from modelport_columnar.execute import Step


def identity(step: "Step", value: Value, *_: Any) -> list[Value]:
    """The value itself."""
    return [value]


def rows_first(step: "Step", value: Value) -> Symbolic:
    """A value that must depend on the rows.

    Raises:
        CannotConvert: it is a constant or a shape.
    """
    if isinstance(value, Symbolic):
        return value
    raise step.refuse("the rows are not where they belong")


def axes_of(step: "Step", given: Value | None, rank: int) -> list[int] | None:
    """Axes, from an input or the attribute, counted from the front."""
    axes = given.array.ravel().tolist() if isinstance(given, Fixed) else step.attributes.get("axes")
    return None if axes is None else [int(axis) % rank for axis in axes]


def reshape(step: "Step", value: Value, shape: Value) -> list[Value]:
    """`Reshape` that keeps the rows: the first dimension is 0, -1 or the number of rows."""
    if isinstance(value, Extent):
        return [value]
    cells = rows_first(step, value).cells
    dims: list[int | None]
    if isinstance(shape, Extent):
        dims = list(shape.dims)
    elif isinstance(shape, Fixed):
        dims = [int(dim) for dim in shape.array.ravel()]
    else:
        raise step.refuse("the shape depends on the rows")
    rest = [cells.shape[i - 1] if dim == 0 and i else dim for i, dim in enumerate(dims)][1:]
    known = int(np.prod([dim for dim in rest if dim not in (-1, None)], dtype=np.int64))
    keeps_rows = bool(dims) and (dims[0] in (None, 0) or (dims[0] == -1 and known == cells.size))
    if not keeps_rows or None in rest or (rest.count(-1) == 0 and known != cells.size):
        raise step.refuse("it mixes rows with columns")
    return [symbolic(cells.ravel().tolist(), _filled(rest, cells.size))] if cells.size else [value]


def _filled(dims: Sequence[int | None], size: int) -> tuple[int, ...]:
    known = int(np.prod([dim for dim in dims if dim not in (-1, None)], dtype=np.int64))
    return tuple(size // known if dim == -1 else int(dim or 0) for dim in dims)


def flatten(step: "Step", value: Value) -> list[Value]:
    """`Flatten` to [N, C]."""
    if step.attributes.get("axis", 1) != 1:
        raise step.refuse("it mixes rows with columns")
    cells = rows_first(step, value).cells
    return [symbolic(cells.ravel().tolist(), (cells.size,))]


def unsqueeze(step: "Step", value: Value, axes: Value | None = None) -> list[Value]:
    """`Unsqueeze` behind the rows."""
    if isinstance(value, Extent):
        return [value]
    tensor = rows_first(step, value)
    given = axes.array.ravel().tolist() if isinstance(axes, Fixed) else list(step.attributes.get("axes", []))
    places = sorted(int(axis) % (tensor.rank + len(given)) for axis in given)
    if places == [0]:
        return [Stacked((tensor,))]
    if 0 in places:
        raise step.refuse("it puts an axis before the rows")
    cells = tensor.cells
    for place in places:
        cells = np.expand_dims(cells, place - 1)
    return [Symbolic(cells, tensor.kind)]


def squeeze(step: "Step", value: Value, axes: Value | None = None) -> list[Value]:
    """`Squeeze` behind the rows."""
    if isinstance(value, Extent):
        return [value]
    tensor = rows_first(step, value)
    places = axes_of(step, axes, tensor.rank)
    if places is None:
        places = [i + 1 for i, size in enumerate(tensor.cells.shape) if size == 1]
    if 0 in places:
        raise step.refuse("it takes the rows away")
    return [Symbolic(np.squeeze(tensor.cells, tuple(place - 1 for place in places)), tensor.kind)]


def transpose(step: "Step", value: Value) -> list[Value]:
    """`Transpose` of the axes behind the rows."""
    tensor = rows_first(step, value)
    order = list(step.attributes.get("perm", range(tensor.rank)[::-1]))
    if order[0] != 0:
        raise step.refuse("it moves the rows")
    return [Symbolic(np.transpose(tensor.cells, [axis - 1 for axis in order[1:]]), tensor.kind)]


def concat(step: "Step", *values: Value) -> list[Value]:
    """`Concat` of columns; of shapes, where the number of rows is among them."""
    if any(isinstance(value, Extent) for value in values):
        return [Extent(tuple(dim for value in values for dim in _dims(step, value)))]
    rank = max(value.rank for value in values if isinstance(value, Symbolic))
    axis = int(step.attributes["axis"]) % rank
    if axis == 0:
        raise step.refuse("it puts rows below rows")
    parts = [value if isinstance(value, Symbolic) else _spread(step, value, rank) for value in values]
    cells = np.concatenate([part.cells for part in parts], axis=axis - 1)
    return [symbolic(cells, cells.shape)]


def _dims(step: "Step", value: Value) -> tuple[int | None, ...]:
    if isinstance(value, Extent):
        return value.dims
    if isinstance(value, Fixed):
        return tuple(int(dim) for dim in value.array.ravel())
    raise step.refuse("a shape depends on the rows")


def _spread(step: "Step", value: Value, rank: int) -> Symbolic:
    """A constant beside columns: the same in every row."""
    if not isinstance(value, Fixed) or value.array.ndim != rank or value.array.shape[0] != 1:
        raise step.refuse("a constant has a row for each row")
    return symbolic([step.pool.constant(item) for item in value.array.ravel()], value.array.shape[1:])


def split(step: "Step", value: Value, sizes: Value | None = None) -> list[Value]:
    """`Split` of columns."""
    tensor = rows_first(step, value)
    axis = int(step.attributes.get("axis", 0)) % tensor.rank
    if axis == 0:
        raise step.refuse("it takes rows apart")
    width = tensor.cells.shape[axis - 1]
    if isinstance(sizes, Fixed):
        parts = [int(size) for size in sizes.array]
    else:
        count = int(step.attributes.get("num_outputs", len(step.node.output)))
        each = -(-width // count)
        parts = list(step.attributes.get("split", [min(each, width - each * i) for i in range(count)]))
    cuts = np.cumsum(parts)[:-1].tolist()
    return [Symbolic(part, tensor.kind) for part in np.split(tensor.cells, cuts, axis=axis - 1)]


def slice_(step: "Step", value: Value, *bounds: Value | None) -> list[Value]:
    """`Slice` of columns, or of a shape."""
    arrays = [_integers(step, bound) for bound in bounds]
    starts, ends = arrays[0], arrays[1]
    axes = arrays[2] if len(arrays) > 2 and arrays[2] is not None else list(range(len(starts or [])))
    steps = arrays[3] if len(arrays) > 3 and arrays[3] is not None else [1] * len(axes)
    if starts is None or ends is None:
        raise step.refuse("the bounds depend on the rows")
    if isinstance(value, Extent):
        return [Extent(value.dims[slice(starts[0], ends[0], steps[0])])]
    tensor = rows_first(step, value)
    index = [slice(None)] * tensor.rank
    for start, end, axis, stride in zip(starts, ends, axes, steps, strict=True):
        index[axis % tensor.rank] = slice(start, None if stride < 0 and end < -(1 << 30) else end, stride)
    if index[0] != slice(None):
        raise step.refuse("it takes rows away")
    return [Symbolic(tensor.cells[tuple(index[1:])], tensor.kind)]


def _integers(step: "Step", value: Value | None) -> list[int] | None:
    if value is None:
        return None
    if not isinstance(value, Fixed):
        raise step.refuse("the bounds depend on the rows")
    return [int(item) for item in value.array.ravel()]


def shape_of(step: "Step", value: Value) -> list[Value]:
    """`Shape`: the number of rows stays unknown."""
    dims: tuple[int | None, ...] = (None, *rows_first(step, value).cells.shape)
    part = dims[slice(step.attributes.get("start", 0), step.attributes.get("end"))]
    if None in part:
        return [Extent(part)]
    return [Fixed(np.array(part, np.int64))]


def expand(step: "Step", value: Value, shape: Value) -> list[Value]:
    """`Expand` to a shape that has the rows first."""
    dims = _dims(step, shape)
    wanted = tuple(1 if dim is None else dim for dim in dims[1:])
    if isinstance(value, Fixed):
        array: Array = value.array
        if array.ndim == len(dims):
            if array.shape[0] != 1:
                raise step.refuse("a constant has a row for each row")
            array = array[0]
        array = np.broadcast_to(array, np.broadcast_shapes(array.shape, wanted))
        return [symbolic([step.pool.constant(item) for item in array.ravel()], array.shape)]
    tensor = rows_first(step, value)
    if len(dims) != tensor.rank or (dims[0] is not None and dims[0] != 1):
        raise step.refuse("it repeats rows")
    return [Symbolic(np.broadcast_to(tensor.cells, np.broadcast_shapes(tensor.cells.shape, wanted)), tensor.kind)]


def tile(step: "Step", value: Value, repeats: Value) -> list[Value]:
    """`Tile` of columns."""
    tensor, counts = rows_first(step, value), _integers(step, repeats)
    if not counts or counts[0] != 1:
        raise step.refuse("it repeats rows")
    return [Symbolic(np.tile(tensor.cells, counts[1:]), tensor.kind)]


def constant_of_shape(step: "Step", value: Value) -> list[Value]:
    """`ConstantOfShape` with the rows first: the same constant in every cell."""
    from onnx import numpy_helper

    dims = _dims(step, value)
    if not dims or dims[0] is not None:
        raise step.refuse("the rows are not where they belong")
    given = step.attributes.get("value")
    scalar = numpy_helper.to_array(given).ravel()[0] if given is not None else np.float32(0)
    shape = tuple(int(dim or 0) for dim in dims[1:])
    return [symbolic([step.pool.constant(scalar)] * int(np.prod(shape, dtype=np.int64)), shape)]
