"""Rows of different lengths in one tensor [N, L]: shifting, numbering, packing and counting, all without a loop."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from spox import Var

from modelport_onnx.blocks.constant import integer, ints
from modelport_onnx.ops import ml3, op

WHOLE = np.int64


def rows_by(matrix: Var, width: Var | int, value: Any) -> Var:
    """`value` (a scalar constant) as [N, width], N being the rows of `matrix`."""
    wide = ints(width) if isinstance(width, int) else op.reshape(width, ints(1))
    return op.expand(op.const(value), op.concat([op.shape(matrix, start=0, end=1), wide], axis=0))


def columns_of(matrix: Var) -> Var:
    """The number of columns, [1]."""
    return op.shape(matrix, start=1, end=2)


def shifted(matrix: Var, by: int, fill: int = 0) -> Var:
    """What stands `by` places to the right of each cell; `fill` past the end. Negative: to the left."""
    if by == 0:
        return matrix
    width = columns_of(matrix)
    size = op.min([width, ints(abs(by))])
    blank = rows_by(matrix, size, WHOLE(fill))
    if by > 0:
        return op.concat([op.slice(matrix, ints(by), ints(np.iinfo(np.int64).max), ints(1)), blank], axis=1)
    return op.concat([blank, op.slice(matrix, ints(0), op.sub(width, size), ints(1))], axis=1)


def whole(condition: Var) -> Var:
    return op.cast(condition, to=np.int64)


def running(counts: Var) -> Var:
    """The running total along each row, its own cell included."""
    return op.cumsum(counts, integer(1))


def largest(matrix: Var) -> Var:
    """The largest cell, a scalar; 0 where there is none or all are negative."""
    return op.reduce_max(op.concat([op.reshape(matrix, ints(-1)), ints(0)], axis=0), keepdims=False)


def positions_in(matrix: Var) -> Var:
    """0, 1, 2 … along each row, in the shape of `matrix`."""
    steps = op.range(integer(0), op.squeeze(columns_of(matrix), ints(0)), integer(1))
    return op.expand(op.unsqueeze(steps, ints(0)), op.shape(matrix))


def packed(values: Var, keep: Var, width: Var, fill: int = 0) -> Var:
    """The kept cells of each row, moved to the left; `fill` after them. `width` is how wide the result is."""
    place = op.where(keep, running(whole(keep)), integer(0))
    target = rows_by(values, op.add(width, integer(1)), WHOLE(fill))
    moved = op.scatter_elements(target, place, op.where(keep, values, integer(fill)), axis=1)
    return op.slice(moved, ints(1), ints(np.iinfo(np.int64).max), ints(1))


def at(matrix: Var, places: Var) -> Var:
    """`matrix[n, places[n, i]]`."""
    return op.gather_elements(matrix, places, axis=1)


def renamed(keys: Var, names: Mapping[int, int]) -> Var:
    """Each key's name; 0 where it has none."""
    if not names:
        return op.mul(keys, integer(0))
    return ml3.label_encoder(keys, keys_int64s=list(names), values_int64s=list(names.values()), default_int64=0)
