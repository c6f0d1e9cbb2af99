"""Binary search against `numpy.searchsorted`."""

import numpy as np
import pytest
import spox
from hypothesis import given, settings
from hypothesis import strategies as st
from onnx.reference import ReferenceEvaluator
from onnxruntime import InferenceSession
from spox import Tensor, argument

from modelport_onnx.blocks.search import Tables

NUMBERS = st.floats(-5, 5).map(lambda value: round(value, 1))


def counted(tables, rows, equal):
    x = argument(Tensor(rows.dtype, ("N", len(tables))))
    proto = spox.build({"x": x}, {"n": Tables(tables, x).count(x, equal=equal)})
    got = InferenceSession(proto.SerializeToString()).run(None, {"x": rows})[0]
    assert np.array_equal(got, ReferenceEvaluator(proto).run(None, {"x": rows})[0])
    return got


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(NUMBERS, max_size=9), min_size=1, max_size=3), st.lists(NUMBERS, min_size=1, max_size=5))
def test_both_sides(tables, values):
    sorted_tables = [np.sort(np.array(table, float)) for table in tables]
    rows = np.repeat(np.array([*values, np.inf, -np.inf])[:, None], len(tables), axis=1)
    for equal, side in ((True, "right"), (False, "left")):
        want = np.stack([np.searchsorted(table, rows[:, 0], side=side) for table in sorted_tables], axis=1)
        assert np.array_equal(counted(sorted_tables, rows, equal), want)


def test_nothing_lies_below_what_is_no_number():
    assert counted([np.array([1.0, 2.0])], np.array([[np.nan]]), True).tolist() == [[0]]


@pytest.mark.parametrize("edge", [0.1, 1 / 3, 1e-9, -0.1])
def test_float32_values_keep_their_side(edge):
    near = np.float32(edge)
    rows = np.array([[near], [np.nextafter(near, np.float32(9))], [np.nextafter(near, np.float32(-9))]], np.float32)
    want = [[int(edge <= float(value))] for value in rows[:, 0]]
    assert counted([np.array([edge])], rows, True).tolist() == want
