"""B-spline bases by de Boor's recursion, for all columns together.

Source: C. de Boor, "A Practical Guide to Splines", chapter X; `scipy.interpolate.BSpline` (1.17): the interval is the
last one whose left knot is at most x, the first and last intervals reach outwards, and a basis function over knots
that coincide is 0.
"""

from typing import Any

import numpy as np
from spox import Var

from modelport_onnx.blocks.constant import integer, ints
from modelport_onnx.blocks.elementary import const
from modelport_onnx.blocks.search import Tables
from modelport_onnx.ops import op


def basis(x: Var, knots: Any, degree: int) -> Var:
    """The values of every basis function: x [N, C], knots [C, T] → [N, C, T - degree - 1]."""
    count = knots.shape[1] - degree - 1
    inner = Tables([row[degree + 1 : count] for row in knots], x)
    interval = op.add(inner.count(x, equal=True), integer(degree))
    values = _recursion(x, interval, Tables(list(np.asarray(knots, np.float64)), x), degree)
    place = op.sub(op.unsqueeze(interval, ints(2)), op.const(np.arange(count, dtype=np.int64)))
    total = None
    for n, value in enumerate(values):
        here = op.equal(place, integer(degree - n))
        part = op.where(here, op.unsqueeze(value, ints(2)), const(x, 0.0))
        total = part if total is None else op.add(total, part)
    assert total is not None, "there is at least one basis function"
    return total


def _recursion(x: Var, interval: Var, knots: Tables, degree: int) -> list[Var]:
    """The degree + 1 functions that are not 0 in each cell's interval, [N, C] each, leftmost first."""
    values = [op.add(op.mul(x, const(x, 0.0)), const(x, 1.0))]
    for j in range(1, degree + 1):
        before, values = values, [const(x, 0.0)]
        for n in range(1, j + 1):
            right = knots.at(op.add(interval, integer(n)))
            left = knots.at(op.add(interval, integer(n - j)))
            width = op.sub(right, left)
            empty = op.equal(width, const(x, 0.0))
            share = op.div(before[n - 1], op.where(empty, const(x, 1.0), width))
            share = op.where(empty, const(x, 0.0), share)
            values[n - 1] = op.add(values[n - 1], op.mul(share, op.sub(right, x)))
            values.append(op.mul(share, op.sub(x, left)))
    return values
