"""Rows of different lengths: shifted and packed as Python lists are."""

import numpy as np
import spox
from hypothesis import given, settings
from hypothesis import strategies as st
from onnxruntime import InferenceSession
from spox import Tensor, argument

from modelport_onnx.blocks.ragged import columns_of, packed, shifted

MATRICES = st.integers(0, 6).flatmap(
    lambda width: st.lists(st.lists(st.integers(0, 9), min_size=width, max_size=width), min_size=1, max_size=4).map(
        lambda rows: np.array(rows, np.int64).reshape(len(rows), width)
    )
)


def ran(function, rows):
    x = argument(Tensor(np.int64, ("N", "L")))
    proto = spox.build({"x": x}, {"y": function(x)})
    return InferenceSession(proto.SerializeToString()).run(None, {"x": rows})[0]


@settings(max_examples=40, deadline=None)
@given(MATRICES, st.integers(-4, 4))
def test_shifting(rows, by):
    def moved(row):
        places = range(by, by + len(row))
        return [row[i] if 0 <= i < len(row) else -7 for i in places]

    want = np.array([moved(row) for row in rows.tolist()], np.int64).reshape(rows.shape)
    assert np.array_equal(ran(lambda x: shifted(x, by, fill=-7), rows), want)


@settings(max_examples=40, deadline=None)
@given(MATRICES)
def test_packing(rows):
    import spox.opset.ai.onnx.v21 as op

    from modelport_onnx.blocks.constant import integer

    def odd(x):
        return packed(x, op.equal(op.mod(x, integer(2)), integer(1)), columns_of(x), fill=-7)

    kept = [[value for value in row if value % 2] for row in rows.tolist()]
    want = [[*row, *[-7] * (rows.shape[1] - len(row))] for row in kept]
    assert ran(odd, rows).tolist() == want
