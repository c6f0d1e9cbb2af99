"""Frames: columns keep their order, names and types through selection and joining."""

import numpy as np
import onnxruntime
import pytest
import spox
from hypothesis import given, settings
from hypothesis import strategies as st
from spox import Tensor, argument

from modelport_onnx.frame import Block, Frame, frame_of, join

MATRIX = np.arange(24, dtype=np.float64).reshape(4, 6)


def run(frame: Frame, inputs: dict[str, spox.Var], feeds: dict[str, np.ndarray]) -> np.ndarray:
    proto = spox.build(inputs, {"out": frame.matrix()})
    return onnxruntime.InferenceSession(proto.SerializeToString()).run(None, feeds)[0]


@given(st.lists(st.integers(0, 5), min_size=1, max_size=9))
@settings(max_examples=25, deadline=None)
def test_select_gives_the_columns_asked_for_in_their_order(columns: list[int]) -> None:
    left, right = argument(Tensor(np.float64, ("N", 4))), argument(Tensor(np.float64, ("N", 2)))
    frame = join([frame_of(left, "abcd"), frame_of(right, "ef")]).select(columns)
    out = run(frame, {"left": left, "right": right}, {"left": MATRIX[:, :4], "right": MATRIX[:, 4:]})
    np.testing.assert_array_equal(out, MATRIX[:, columns])
    assert frame.names == tuple("abcdef"[i] for i in columns)


def test_a_contiguous_selection_of_a_whole_block_adds_nothing() -> None:
    var = argument(Tensor(np.float64, ("N", 6)))
    block = Block(var, tuple("abcdef"))
    assert block.take(range(6)).var is var


def test_text_among_numbers_is_an_error_not_a_guess() -> None:
    frame = frame_of(argument(Tensor(np.str_, ("N", 1))), ["city"])
    with pytest.raises(TypeError, match="text"):
        frame.matrix()
