"""onnxruntime's Tokenizer in the reference evaluator: the same characters, the same padding."""

import numpy as np
import onnx
import onnxruntime as ort
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from onnx import TensorProto, helper
from onnx.reference import ReferenceEvaluator

from modelport_onnx.reference_ops import Tokenizer


def model(separators: list[str]) -> onnx.ModelProto:
    node = helper.make_node(
        "Tokenizer",
        ["x"],
        ["y"],
        domain="com.microsoft",
        mark=0,
        pad_value="<pad>",
        separators=separators,
        mincharnum=1,
    )
    texts = helper.make_tensor_value_info("x", TensorProto.STRING, ["N"])
    split = helper.make_tensor_value_info("y", TensorProto.STRING, ["N", "L"])
    opsets = [helper.make_opsetid("", 21), helper.make_opsetid("com.microsoft", 1)]
    return helper.make_model(helper.make_graph([node], "g", [texts], [split]), opset_imports=opsets, ir_version=10)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=8), min_size=1, max_size=4))
def test_characters(texts):
    rows = {"x": np.array(texts, object)}
    proto = model([""])
    want = ort.InferenceSession(proto.SerializeToString()).run(None, rows)[0]
    got = ReferenceEvaluator(proto, new_ops=[Tokenizer]).run(None, rows)[0]
    assert got.shape == want.shape
    assert got.tolist() == want.tolist()


def test_other_separators_are_not_guessed():
    with pytest.raises(NotImplementedError):
        ReferenceEvaluator(model([" "]), new_ops=[Tokenizer]).run(None, {"x": np.array(["a b"], object)})
