"""What fails where the original raises, in both runtimes."""

import numpy as np
import onnxruntime as ort
import pytest
import spox
import spox.opset.ai.onnx.v21 as op
from onnx.reference import ReferenceEvaluator
from spox import Tensor, argument

from modelport_onnx.blocks.guard import fail_where


@pytest.fixture
def proto():
    x = argument(Tensor(np.float64, ("N", 2)))
    return spox.build({"x": x}, {"y": fail_where(op.less(x, op.const(0.0)), x)})


def test_one_bad_cell_fails_the_batch(proto):
    options = ort.SessionOptions()
    options.log_severity_level = 4
    session = ort.InferenceSession(proto.SerializeToString(), options)
    good, bad = np.array([[1.0, np.nan], [0.0, 2.0]]), np.array([[1.0, 2.0], [0.0, -5e-324]])
    assert np.array_equal(session.run(None, {"x": good})[0], good, equal_nan=True)
    assert np.array_equal(ReferenceEvaluator(proto).run(None, {"x": good})[0], good, equal_nan=True)
    assert session.run(None, {"x": np.empty((0, 2))})[0].shape == (0, 2)
    with pytest.raises(Exception, match="out of data bounds"):
        session.run(None, {"x": bad})
    with pytest.raises(IndexError):
        ReferenceEvaluator(proto).run(None, {"x": bad})
