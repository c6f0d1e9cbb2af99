"""Caps: older opsets keep the answers, or are refused with the operator named."""

import numpy as np
import onnx
import onnxruntime
import pytest
import spox
import spox.opset.ai.onnx.v21 as op
from spox import Tensor, argument

from modelport.conversion import Options
from modelport.errors import CannotConvert, UsageError
from modelport_onnx.passes.caps import apply_caps

ROWS = np.array([[3.0, -1.0, 2.0], [0.5, 0.25, 9.0]])


def greatest() -> onnx.ModelProto:
    x = argument(Tensor(np.float64, ("N", 3)))
    y = op.reduce_max(x, op.const(np.array([1], np.int64)), keepdims=0)
    return spox.build({"X": x}, {"Y": y})


@pytest.mark.parametrize("opset", [13, 17, 18, 20, 21])
def test_a_capped_graph_still_answers_the_same(opset: int) -> None:
    model = apply_caps(greatest(), Options(opset=opset, ir_version=8))
    assert {item.domain: item.version for item in model.opset_import}[""] == opset
    assert model.ir_version == 8
    out = onnxruntime.InferenceSession(model.SerializeToString()).run(None, {"X": ROWS})[0]
    np.testing.assert_array_equal(out, [3.0, 9.0])


def test_an_operator_younger_than_the_cap_is_named() -> None:
    x = argument(Tensor(np.float64, ("N", 3)))
    model = spox.build({"X": x}, {"Y": op.gelu(x)})
    with pytest.raises(CannotConvert, match="Gelu exists since opset 20"):
        apply_caps(model, Options(opset=18))


@pytest.mark.parametrize("options", [Options(opset=9), Options(ir_version=2)])
def test_caps_nobody_writes_are_refused(options: Options) -> None:
    with pytest.raises(UsageError):
        apply_caps(greatest(), options)
