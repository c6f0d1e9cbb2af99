"""Positions of categories: text, numbers, booleans, missing values, and what is refused."""

import numpy as np
import pytest
import spox
from onnxruntime import InferenceSession
from spox import Tensor, argument

from modelport.conversion import Context, Options, Precision
from modelport.errors import CannotConvert
from modelport.signature import Signature
from modelport_onnx.blocks.encoders import positions
from modelport_onnx.frame import Block
from modelport_onnx.lowering import Scope


def placed(values, known, nullable=True, precision=Precision.EXACT):
    rows = np.array(values).reshape(-1, 1)
    kind = np.str_ if rows.dtype.kind in "UO" else rows.dtype.type
    x = argument(Tensor(kind, ("N", 1)))
    scope = Scope(Context(Signature(()), Options(precision=precision)))
    proto = spox.build({"x": x}, {"y": positions(Block(x, ("c",), nullable), known, scope)})
    proto.ir_version = 10
    fed = rows.astype(object) if kind is np.str_ else rows
    return InferenceSession(proto.SerializeToString()).run(None, {"x": fed})[0][:, 0].tolist()


def test_text():
    assert placed(["b", "a", "c", "A", ""], ["a", "b"]) == [1, 0, 2, 2, 2]
    assert placed(["b", ""], ["a", "b", np.nan]) == [1, 2]
    assert placed(["b", ""], [None, "b"]) == [1, 0]
    assert placed(["", "x"], ["", "x"], nullable=False) == [0, 1]
    assert placed(["x"], []) == [0]


def test_numbers():
    assert placed([0.1, np.nextafter(0.1, 1), np.nan, -0.0], [0.0, 0.1, np.nan]) == [1, 3, 2, 0]
    assert placed([2**53 + 1, 2**53], [2**53, 2**53 + 1]) == [1, 0]
    assert placed([True, False], [False, True]) == [1, 0]
    assert placed([1.0, 0.0, np.nan], [False, True, None]) == [1, 0, 2]
    assert placed(np.array([0.1, 0.2], np.float32), [0.1, 0.2]) == [2, 2]
    assert placed(np.array([0.1, 0.2], np.float32), [0.1, 0.2], precision=Precision.PORTABLE) == [0, 1]


@pytest.mark.parametrize(
    ("values", "known", "reason"),
    [
        (["a"], ["a", None, np.nan], "None and NaN"),
        (["a"], ["", "a"], 'is a category and may be missing|has "" as a category'),
        (["a"], [1, 2], "travels as text"),
        ([1.0], ["a"], "travels as float64"),
    ],
)
def test_what_is_refused(values, known, reason):
    with pytest.raises(CannotConvert, match=reason):
        placed(values, known)
