"""Sequences named: spans of any length, and windows, against a search by hand."""

import numpy as np
import spox
from hypothesis import given, settings
from hypothesis import strategies as st
from onnxruntime import InferenceSession
from spox import Tensor, argument

from modelport_onnx.blocks.text_names import spans, windows

WORDS = st.lists(st.lists(st.integers(3, 5), min_size=1, max_size=9).map(tuple), min_size=1, max_size=6, unique=True)
ROW = st.lists(st.integers(0, 5), min_size=1, max_size=14)


@settings(max_examples=60, deadline=None)
@given(WORDS, ROW)
def test_spans(known, row):
    pairs = [(start, stop - start) for start in range(len(row)) for stop in range(start + 1, len(row) + 1)]
    codes, starts, lengths = (argument(Tensor(np.int64, ("N", axis))) for axis in ("L", "S", "S"))
    proto = spox.build({"c": codes, "s": starts, "n": lengths}, {"y": spans(codes, starts, lengths, known)})
    fed = {"c": [row], "s": [[start for start, _ in pairs]], "n": [[length for _, length in pairs]]}
    got = InferenceSession(proto.SerializeToString()).run(None, {k: np.array(v, np.int64) for k, v in fed.items()})[0]
    numbers = {word: i + 1 for i, word in enumerate(known)}
    assert got[0].tolist() == [numbers.get(tuple(row[start : start + length]), 0) for start, length in pairs]


@settings(max_examples=60, deadline=None)
@given(WORDS, ROW)
def test_windows(known, row):
    upto = max(map(len, known))
    codes = argument(Tensor(np.int64, ("N", "L")))
    found, names = windows(codes, known, upto)
    proto = spox.build({"c": codes}, {str(i): var for i, var in enumerate(found)})
    got = InferenceSession(proto.SerializeToString()).run(None, {"c": np.array([row], np.int64)})
    for size, (values, here) in enumerate(zip(got, names, strict=True), 1):
        want = [here.get(tuple(row[i : i + size]), 0) if i + size <= len(row) else 0 for i in range(len(row))]
        assert values[0].tolist() == want
