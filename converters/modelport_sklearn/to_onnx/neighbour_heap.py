"""The heap that scikit-learn's trees collect neighbours in, step by step, for many rows at once.

Source: `sklearn.utils._heap.heap_push` (scikit-learn 1.9). Of points at exactly the same distance those stay that the
heap happens to hold when it is full, so the answer on a tie is the heap's history.
"""

from collections.abc import Sequence

import numpy as np
from spox import Var

from modelport_onnx.blocks.constant import double, integer, ints
from modelport_onnx.ops import op

Heap = tuple[Var, Var]


def collect(distances: Var, positions: Var, count: int) -> Heap:
    """Pushes points in the order of their columns: [T, M], [T, M] → the heap's [T, count] distances and positions."""
    shape = op.concat([op.shape(distances, start=0, end=1), ints(count)], axis=0)
    empty = op.expand(double(np.inf), shape), op.expand(integer(0), shape)

    always = op.const(np.array([True]))

    def body(step: Var, _: Var, values: Var, places: Var) -> Sequence[Var]:
        # Runtimes are free to give the step as a scalar or as one element; the columns are wanted as [T, 1].
        column = op.reshape(step, ints(1))
        distance, position = (op.gather(item, column, axis=1) for item in (distances, positions))
        return [always, *_push((values, places), distance, position, count)]

    values, places = op.loop(op.shape(distances, start=1, end=2), always, empty, body=body)
    return op.reshape(values, ints(-1, count)), op.reshape(places, ints(-1, count))


def _push(heap: Heap, distance: Var, position: Var, count: int) -> Heap:
    """`heap_push`: a point nearer than the root takes its place and sinks."""
    slots = op.const(np.arange(count)[None])
    sinking = enters = op.less(distance, op.slice(heap[0], ints(0), ints(1), ints(1)))
    at = op.mul(position, integer(0))
    for _ in range(max(count.bit_length() - 1, 0)):
        child, value, place = _larger_child(heap, at, count)
        sinking = op.and_(sinking, op.less(distance, value))
        heap = _put(heap, op.and_(sinking, op.equal(slots, at)), value, place)
        at = op.where(sinking, child, at)
    return _put(heap, op.and_(enters, op.equal(slots, at)), distance, position)


def _put(heap: Heap, here: Var, value: Var, place: Var) -> Heap:
    return op.where(here, value, heap[0]), op.where(here, place, heap[1])


def _larger_child(heap: Heap, at: Var, count: int) -> tuple[Var, Var, Var]:
    """The slot of the larger child (the left one where both are equal), its distance and its position.

    A child that is not there has distance -inf, below every point.
    """
    padding = op.expand(double(-np.inf), op.shape(at))
    values = op.concat([heap[0], padding], axis=1)
    none = integer(count)
    left = op.min([op.add(op.mul(at, integer(2)), integer(1)), none])
    right = op.min([op.add(left, integer(1)), none])
    first, second = (op.gather_elements(values, slot, axis=1) for slot in (left, right))
    prefers_left = op.greater_or_equal(first, second)
    child = op.min([op.where(prefers_left, left, right), integer(count - 1)])
    return child, op.where(prefers_left, first, second), op.gather_elements(heap[1], child, axis=1)
