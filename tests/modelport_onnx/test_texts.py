"""Text that is no UTF-8 is refused wherever it stands in the file."""

from pathlib import Path

import onnx
import pytest
from onnx import TensorProto, helper

from modelport.errors import InputError
from modelport.formats import Policy
from modelport_onnx.file import read


def written() -> bytes:
    x, y = (helper.make_tensor_value_info(name, TensorProto.DOUBLE, ["rows_", 2]) for name in ("left_", "right"))
    node = helper.make_node("Identity", ["left_"], ["right"], name="node_", domain="")
    model = helper.make_model(helper.make_graph([node], "graph", [x], [y]), producer_name="maker")
    model.metadata_props.add(key="k_key", value="value")
    found: bytes = model.SerializeToString()
    return found


def test_whole_text_is_read(tmp_path: Path) -> None:
    path = tmp_path / "m.onnx"
    path.write_bytes(written())
    assert isinstance(read(path, Policy()), onnx.ModelProto)


@pytest.mark.parametrize("text", [b"maker", b"graph", b"node_", b"rows_", b"left_", b"right", b"k_key", b"value"])
def test_text_that_is_none_is_refused(text: bytes, tmp_path: Path) -> None:
    path = tmp_path / "m.onnx"
    path.write_bytes(written().replace(text, b"\xff\xfe" + text[2:]))
    with pytest.raises(InputError, match="UTF-8"):
        read(path, Policy())
