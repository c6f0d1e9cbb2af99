"""Iteration, and one row after another."""

import numpy as np
import spox
import spox.opset.ai.onnx.v21 as op
from onnxruntime import InferenceSession
from spox import Tensor, argument

from modelport_onnx.blocks.constant import double, ints
from modelport_onnx.blocks.loops import by_rows, repeat


def ran(function, rows):
    x = argument(Tensor(np.float64, ("N", 2)))
    return InferenceSession(spox.build({"x": x}, {"y": function(x)}).SerializeToString()).run(None, {"x": rows})[0]


def test_until_the_condition_or_the_limit():
    def halved(limit):
        def body(step, value):
            half = op.div(value, double(2.0))
            return op.greater(op.reduce_max(half, keepdims=False), double(1.0)), [half]

        return lambda x: op.reshape(repeat([x], limit, body)[0], ints(-1, 2))

    rows = np.array([[16.0, 3.0], [2.0, 1.0]])
    assert np.array_equal(ran(halved(100), rows), rows / 16)
    assert np.array_equal(ran(halved(2), rows), rows / 4)


def test_rows_alone_give_what_rows_together_give():
    rows = np.arange(10.0).reshape(5, 2)

    def added(size):
        return lambda x: by_rows(x, size, 1, lambda part: op.reduce_sum(part, ints(1)))

    assert np.array_equal(ran(added(1), rows), ran(added(10**9), rows))
    assert ran(added(10**9), rows)[:, 0].tolist() == [1.0, 5.0, 9.0, 13.0, 17.0]
