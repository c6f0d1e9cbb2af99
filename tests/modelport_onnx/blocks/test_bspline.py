"""B-spline bases against SciPy's."""

import numpy as np
import pytest
import spox
from onnxruntime import InferenceSession
from scipy.interpolate import BSpline
from spox import Tensor, argument

from modelport_onnx.blocks.bspline import basis


@pytest.mark.parametrize("degree", [0, 1, 2, 3, 4])
@pytest.mark.parametrize("inner", [[0.0, 1.0, 2.0, 4.0, 4.5], [0.0, 1.0, 1.0, 1.0, 2.0], [-1.0, -1.0, 0.5, 0.5, 3.0]])
def test_every_interval_and_beyond(degree, inner):
    knots = np.array([inner[0] - np.arange(degree, 0, -1), *[[]] * 0]).ravel()
    knots = np.concatenate([knots, inner, inner[-1] + np.arange(1, degree + 1)])
    rows = np.concatenate([np.linspace(-3, 7, 41), knots, np.nextafter(knots, -9), np.nextafter(knots, 9)])[:, None]
    x = argument(Tensor(np.float64, ("N", 1)))
    proto = spox.build({"x": x}, {"b": basis(x, knots[None], degree)})
    got = InferenceSession(proto.SerializeToString()).run(None, {"x": rows})[0][:, 0]
    count = len(knots) - degree - 1
    want = BSpline(knots, np.eye(count), degree, extrapolate=True)(rows[:, 0])
    assert np.max(np.abs(got - want) / np.maximum(1, np.abs(want))) < 1e-12
