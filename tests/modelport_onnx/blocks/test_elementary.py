"""Elementary functions against NumPy's, to a few units in the last place over their whole range."""

import numpy as np
import pytest
import spox
from hypothesis import given, settings
from hypothesis import strategies as st
from onnxruntime import InferenceSession
from spox import Tensor, argument

from modelport_onnx.blocks import elementary

PAIRS = {
    "log1p": np.log1p,
    "expm1": np.expm1,
    "sinh": np.sinh,
    "cosh": np.cosh,
    "atan": np.arctan,
    "asin": np.arcsin,
    "acos": np.arccos,
    "asinh": np.arcsinh,
    "acosh": np.arccosh,
    "atanh": np.arctanh,
    "cbrt": np.cbrt,
}


@pytest.fixture(scope="module")
def sessions():
    x = argument(Tensor(np.float64, ("N",)))
    graph = {name: getattr(elementary, name)(x) for name in PAIRS}
    return InferenceSession(spox.build({"x": x}, graph).SerializeToString())


@settings(max_examples=100, deadline=None)
@given(st.lists(st.one_of(st.floats(), st.floats(-2, 2), st.floats(-1e-6, 1e-6)), min_size=1, max_size=20))
def test_every_function(sessions, values):
    rows = np.array(values)
    for (name, reference), got in zip(PAIRS.items(), sessions.run(list(PAIRS), {"x": rows}), strict=True):
        with np.errstate(all="ignore"):
            want = reference(rows)
        same = (got == want) | (np.isnan(got) & np.isnan(want))
        with np.errstate(all="ignore"):
            off = np.abs(got - want) / np.maximum(np.abs(want), 1e-300)
        assert np.all(same | (off < 1e-13)), (name, rows[~(same | (off < 1e-13))])
