"""Packed attributes hold what protobuf itself would have written."""

import numpy as np
import onnx
from hypothesis import given
from hypothesis import strategies as st

from modelport_onnx.blocks import packed


@given(st.lists(st.integers(0, 2**63 - 1)))
def test_integers(values):
    proto = packed.ints("numbers", np.array(values, np.int64))
    assert proto.type == onnx.AttributeProto.INTS
    assert (proto.name, list(proto.ints)) == ("numbers", values)


@given(st.lists(st.floats(width=32, allow_nan=False)))
def test_floats(values):
    proto = packed.floats("numbers", np.array(values, np.float32))
    assert (proto.type, list(proto.floats)) == (onnx.AttributeProto.FLOATS, values)


def test_strings():
    proto = packed.strings("words", np.array([2, 0, 2]), {0: "LEAF", 2: "BRANCH_LEQ"})
    assert (proto.type, list(proto.strings)) == (onnx.AttributeProto.STRINGS, [b"BRANCH_LEQ", b"LEAF", b"BRANCH_LEQ"])


def test_no_values_at_all():
    assert list(packed.ints("none", np.array([], np.int64)).ints) == []
