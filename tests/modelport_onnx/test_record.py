"""Provenance in an ONNX file."""

import onnx
from onnx import TensorProto, helper

from modelport_onnx.record import record, recorded


def model() -> onnx.ModelProto:
    ends = [helper.make_tensor_value_info(name, TensorProto.DOUBLE, ["N"]) for name in ("x", "y")]
    return helper.make_model(helper.make_graph([helper.make_node("Identity", ["x"], ["y"])], "g", ends[:1], ends[1:]))


def test_it_is_read_back_and_replaced() -> None:
    made = model()
    made.metadata_props.add(key="other", value="kept")
    assert recorded(made) is None
    assert recorded(record(made, '{"a":"é"}')) == '{"a":"é"}'
    assert recorded(onnx.load_from_string(record(made, "second").SerializeToString())) == "second"
    assert [entry.key for entry in made.metadata_props] == ["other", "modelport.provenance"]
