"""onnxruntime's Tokenizer in the reference evaluator: the same characters, the same padding."""

import numpy as np
import onnx
import onnxruntime as ort
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from onnx import TensorProto, helper
from onnx.reference import ReferenceEvaluator

from modelport_onnx.reference_ops import OPERATORS, Tokenizer


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


@pytest.mark.parametrize("separator", [r"[ \t]+", r"[.,]*(?:[ \n])[.,]*", "^[\x00- ]+|[\x00- ]+$"])
@settings(max_examples=60, deadline=None)
@given(texts=st.lists(st.text(st.sampled_from("ab .,\t\nß"), max_size=10), min_size=1, max_size=4))
def test_pieces_between_separators(separator, texts):
    rows = {"x": np.array([*texts, "a"], object)}
    proto = model([separator])
    want = ort.InferenceSession(proto.SerializeToString()).run(None, rows)[0]
    got = ReferenceEvaluator(proto, new_ops=[Tokenizer]).run(None, rows)[0]
    assert got.tolist() == want.tolist()


def test_several_separators_are_not_guessed():
    rows = {"x": np.array(["a b"], object)}
    with pytest.raises(NotImplementedError):
        ReferenceEvaluator(model([" ", ","]), new_ops=[Tokenizer]).run(None, rows)


def test_gathering_from_one_long_row():
    node = helper.make_node("GatherElements", ["x", "i"], ["y"], axis=1)
    values = helper.make_tensor_value_info("x", TensorProto.INT64, ["N", "L"])
    places = helper.make_tensor_value_info("i", TensorProto.INT64, ["N", "K"])
    taken = helper.make_tensor_value_info("y", TensorProto.INT64, ["N", "K"])
    graph = helper.make_graph([node], "g", [values, places], [taken])
    proto = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 21)], ir_version=10)
    evaluator = ReferenceEvaluator(proto, new_ops=list(OPERATORS))
    rows = {"x": np.arange(50)[None] * 3, "i": np.arange(49, -1, -1)[None]}
    assert evaluator.run(None, rows)[0].tolist() == [list(range(147, -1, -3))]
    with pytest.raises(IndexError):
        evaluator.run(None, {**rows, "i": np.array([[50]])})
