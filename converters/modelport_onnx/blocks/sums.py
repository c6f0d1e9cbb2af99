"""Sums in a chosen order, for models whose answer depends on it.

A term of 1e12 carries an absolute rounding of 1e-4, so two orders of the same sum may differ by more than any
tolerance. onnxruntime's ReduceSum adds in an order of its own; the Sum operator adds its inputs from left to right.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from spox import Var

from modelport_onnx.blocks.constant import double, ints
from modelport_onnx.ops import op

_LANES = 8
_BLOCK = 128
_EINSUM_BLOCK = 8


def part(var: Var, start: int, stop: int, axis: int) -> Var:
    """`var` from `start` up to `stop` along an axis."""
    return op.slice(var, ints(start), ints(stop), ints(axis))


def split(var: Var, count: int, axis: int) -> list[Var]:
    """`var` cut into `count` equal pieces along an axis."""
    return [var] if count == 1 else list(op.split(var, num_outputs=count, axis=axis))


def in_order(parts: Sequence[Var]) -> Var:
    """`((a + b) + c) + …`, from left to right."""
    return parts[0] if len(parts) == 1 else op.sum(parts)


def sequential_sum(var: Var, width: int, axis: int) -> Var:
    """The sum along an axis of `width` elements, from first to last; the axis stays, of width 1."""
    return in_order(split(var, width, axis))


def pairwise_sum(var: Var, width: int, axis: int) -> Var:
    """The sum along an axis in NumPy's order, `numpy.add.reduce` over contiguous float64; the axis stays, of width 1.

    Source: NumPy's `pairwise_sum` (`numpy/_core/src/umath/loops_utils.h.src`, 2.x): under 8 elements from first to
    last; up to 128 in eight lanes that are added as a tree; beyond that halves, cut at a multiple of eight.
    """
    if width < _LANES:
        return sequential_sum(var, width, axis)
    if width > _BLOCK:
        half = width // 2 - (width // 2) % _LANES
        left, right = part(var, 0, half, axis), part(var, half, width, axis)
        return op.add(pairwise_sum(left, half, axis), pairwise_sum(right, width - half, axis))
    return _lanes(var, width, axis)


def _lanes(var: Var, width: int, axis: int) -> Var:
    rounds, rest = divmod(width, _LANES)
    body = part(var, 0, width - rest, axis) if rest else var
    lanes = split(in_order(split(body, rounds, axis)), _LANES, axis)
    while len(lanes) > 1:
        lanes = [op.add(a, b) for a, b in zip(lanes[::2], lanes[1::2], strict=True)]
    tail = split(part(var, width - rest, width, axis), rest, axis) if rest else []
    return in_order([lanes[0], *tail])


def weighted(matrix: Var, weights: Any) -> Var:
    """`matrix @ weights`, [N, M] and [M, T] → [N, T], each sum in eight parts that are added in pairs.

    A long sum in one chain loses more digits than the lanes of a BLAS do; a product with eight columns for each one of
    `weights`, an eighth of the terms in every column, is as fast and keeps them.
    """
    known = np.asarray(weights, np.float64)
    count, width = known.shape
    if count < _LANES * _LANES:
        return op.matmul(matrix, double(known))
    lane = np.arange(count) * _LANES // count
    spread = np.zeros((count, _LANES, width))
    spread[np.arange(count), lane] = known
    partial = op.matmul(matrix, double(spread.reshape(count, -1)))
    lanes = split(partial, _LANES, 1)
    while len(lanes) > 1:
        lanes = [op.add(a, b) for a, b in zip(lanes[::2], lanes[1::2], strict=True)]
    return lanes[0]


def einsum_sum(terms: Var, width: int) -> Var:
    """The sum of each row in the order of `numpy.einsum("ij,ij->i", …)`: […, width] → […, 1].

    Source: NumPy's `double_sum_of_products_contig_two` (`numpy/_core/src/multiarray/einsum_sumprod.c.src`, 2.x) in
    the two lanes that builds for x86-64 use: blocks of eight from their last pair to their first, then pair by pair.
    """
    if width == 1:
        return terms
    columns = split(terms, width, -1)
    pairs = _einsum_pairs(width)
    lanes = [in_order([columns[i + lane] for i in pairs if i + lane < width]) for lane in (0, 1)]
    return op.add(lanes[0], lanes[1])


def _einsum_pairs(width: int) -> list[int]:
    whole = width - width % _EINSUM_BLOCK
    blocks = [start + pair for start in range(0, whole, _EINSUM_BLOCK) for pair in (6, 4, 2, 0)]
    return [*blocks, *range(whole, width, 2)]
