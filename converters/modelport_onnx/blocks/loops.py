"""Iteration until a condition no longer holds, as ONNX's Loop."""

from collections.abc import Callable, Sequence

import numpy as np
from spox import Var

from modelport_onnx.blocks.constant import ints
from modelport_onnx.ops import op

Body = Callable[..., tuple[Var, Sequence[Var]]]


def repeat(states: Sequence[Var], limit: int, body: Body) -> Sequence[Var]:
    """States after `body` has run until it asked for no more, or `limit` times.

    Args:
        states: tensors of rank 1 or more; their shapes stay.
        body: number of the iteration (from 0, [1] int64) and the states → whether to go on, and the next states.
    """

    def inner(step: Var, _: Var, *before: Var) -> list[Var]:
        more, after = body(step, *before)
        return [op.reshape(more, ints(1)), *after]

    going = op.const(np.array([True]))
    return op.loop(ints(limit), going, list(states), body=inner)


AT_ONCE = 4096
"""Numbers of an intermediate that may be held for each row; beyond it a Scan takes one row after another."""


def by_rows(matrix: Var, size: int, width: int, block: Callable[[Var], Var]) -> Var:
    """`block` of all rows at once, or of one row after another where an intermediate would be too large.

    Args:
        size: numbers of the largest intermediate for each row.
        width: columns of the result.
        block: rows [n, C] → [n, width].
    """
    if size <= AT_ONCE:
        return block(matrix)

    def body(row: Var) -> list[Var]:
        return [op.reshape(block(op.unsqueeze(row, ints(0))), ints(width))]

    return op.reshape(op.scan([matrix], body=body, num_scan_inputs=1)[0], ints(-1, width))
