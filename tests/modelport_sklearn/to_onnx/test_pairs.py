"""Votes of pairs against scikit-learn's own count."""

import numpy as np
import onnxruntime as ort
import pytest
import spox
from sklearn.utils.multiclass import _ovr_decision_function
from spox import Tensor, argument

from modelport_sklearn.to_onnx import pairs


def evaluate(build, *arrays):
    inputs = [argument(Tensor(a.dtype.type, ("N", a.shape[1]))) for a in arrays]
    names = [f"x{i}" for i in range(len(inputs))]
    proto = spox.build(dict(zip(names, inputs, strict=True)), {"y": build(*inputs)})
    proto.ir_version = 10
    session = ort.InferenceSession(proto.SerializeToString(), providers=["CPUExecutionProvider"])
    return session.run(None, dict(zip(names, arrays, strict=True)))[0]


@pytest.mark.parametrize("count", [2, 3, 4, 7])
def test_votes_and_confidences(count):
    rng = np.random.default_rng(count)
    confidence = rng.normal(size=(50, count * (count - 1) // 2)) * 3
    second = rng.random(confidence.shape) < 0.5
    got = evaluate(lambda s, c: pairs.against_the_rest(s, c, count), second, confidence)
    np.testing.assert_allclose(got, _ovr_decision_function(second, confidence, count), atol=1e-14)


def test_every_pair_is_won_once():
    second = np.array([[True, True, False], [False, False, False]])
    votes = evaluate(lambda s: pairs.votes(s, 3), second)
    assert votes.tolist() == [[0.0, 2.0, 1.0], [2.0, 1.0, 0.0]]
