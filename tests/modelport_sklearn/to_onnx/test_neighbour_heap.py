"""The heap against one written out, point by point."""

import numpy as np
import onnxruntime as ort
import spox
from hypothesis import given, settings
from hypothesis import strategies as st
from onnx.reference import ReferenceEvaluator
from spox import Tensor, argument

from modelport_sklearn.to_onnx.neighbour_heap import collect


def pushed(distances, count):
    """One row's heap, by the rule of `heap_push`."""
    values, places = [np.inf] * count, [0] * count
    for place, value in enumerate(distances):
        if value >= values[0]:
            continue
        at = 0
        while 2 * at + 1 < count:
            child = 2 * at + 1
            if child + 1 < count and values[child] < values[child + 1]:
                child += 1
            if value >= values[child]:
                break
            values[at], places[at] = values[child], places[child]
            at = child
        values[at], places[at] = value, place
    return values, places


def collected(distances, count):
    d, p = (argument(Tensor(kind, ("N", "M"))) for kind in (np.float64, np.int64))
    proto = spox.build({"d": d, "p": p}, dict(zip(("v", "i"), collect(d, p, count), strict=True)))
    proto.ir_version = 10
    session = ort.InferenceSession(proto.SerializeToString(), providers=["CPUExecutionProvider"])
    places = np.broadcast_to(np.arange(distances.shape[1]), distances.shape).copy()
    fed = {"d": distances, "p": places}
    found = session.run(None, fed)
    for here, there in zip(found, ReferenceEvaluator(proto).run(None, fed), strict=True):
        assert np.array_equal(here, there), "runtimes give a loop's step in different shapes"
    return found


@settings(max_examples=40, deadline=None)
@given(data=st.data(), count=st.integers(1, 17), rows=st.integers(1, 4), extra=st.integers(0, 30))
def test_any_history(data, count, rows, extra):
    """Few different distances, so that ties are everywhere."""
    cells = rows * (count + extra)
    flat = data.draw(st.lists(st.integers(0, 4), min_size=cells, max_size=cells))
    distances = np.array(flat, float).reshape(rows, -1)
    values, places = collected(distances, count)
    for row, got_values, got_places in zip(distances, values, places, strict=True):
        want = pushed(row, count)
        assert got_values.tolist() == want[0]
        assert got_places.tolist() == want[1]
