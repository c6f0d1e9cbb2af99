"""External data is found wherever a model may hold a tensor, and measured before any of it is read."""

import os
import struct
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper

from modelport.errors import InputError, Unsafe
from modelport.formats import Policy
from modelport_onnx.external import external_tensors, load_external
from modelport_onnx.inspect import inspect
from modelport_onnx.ort import OrtSession
from modelport_onnx.reference import ReferenceSession


def tensor(location: str = "w.bin", shape: tuple[int, ...] = (2,), **entries: object) -> TensorProto:
    found = TensorProto(name="w", data_type=TensorProto.DOUBLE, dims=shape, data_location=TensorProto.EXTERNAL)
    for key, value in {"location": location, **entries}.items():
        found.external_data.add(key=key, value=str(value))
    return found


def graph(*nodes: onnx.NodeProto, initializers: tuple[TensorProto, ...] = ()) -> onnx.GraphProto:
    output = helper.make_tensor_value_info("Y", TensorProto.DOUBLE, [2])
    return helper.make_graph(nodes, "g", [], [output], list(initializers))


def constant(value: TensorProto) -> onnx.NodeProto:
    return helper.make_node("Constant", [], ["Y"], value=value)


def places() -> Iterator[tuple[str, onnx.ModelProto]]:
    """A model for each place that can hold a tensor."""
    yield "initializer", helper.make_model(graph(initializers=(tensor(),)))
    yield "attribute", helper.make_model(graph(constant(tensor())))
    inner = graph(constant(tensor()))
    yield "subgraph", helper.make_model(graph(helper.make_node("If", ["c"], ["Y"], then_branch=inner)))
    listed = onnx.NodeProto(op_type="Custom", output=["Y"])
    listed.attribute.add(name="many", type=onnx.AttributeProto.TENSORS).tensors.append(tensor())
    yield "list of tensors", helper.make_model(graph(listed))
    many = onnx.NodeProto(op_type="Custom", output=["Y"])
    many.attribute.add(name="many", type=onnx.AttributeProto.GRAPHS).graphs.append(graph(constant(tensor())))
    yield "list of graphs", helper.make_model(graph(many))
    sparse = graph()
    sparse.sparse_initializer.add(values=tensor(), dims=[4])
    yield "sparse initializer", helper.make_model(sparse)
    own = helper.make_function("own", "F", [], ["Y"], [constant(tensor())], [helper.make_opsetid("", 21)])
    yield "function", helper.make_model(graph(), functions=[own])
    default = helper.make_function("own", "F", [], ["Y"], [], [helper.make_opsetid("", 21)])
    default.attribute_proto.add(name="a", type=onnx.AttributeProto.TENSOR).t.CopyFrom(tensor())
    yield "default of a function", helper.make_model(graph(), functions=[default])
    trained = helper.make_model(graph())
    trained.training_info.add().algorithm.CopyFrom(graph(constant(tensor())))
    yield "training", trained


@pytest.mark.parametrize(("place", "model"), list(places()), ids=[name for name, _ in places()])
def test_a_tensor_is_found_in_every_place(place: str, model: onnx.ModelProto, tmp_path: Path) -> None:
    path = tmp_path / "m.onnx"
    path.write_bytes(model.SerializeToString())
    with pytest.raises(InputError, match="missing"):
        load_external(model, path, Policy())
    (tmp_path / "w.bin").write_bytes(struct.pack("<2d", 1.5, -2.5))
    assert load_external(model, path, Policy()) == 1
    assert b"w.bin" not in model.SerializeToString()
    assert not list(external_tensors(model))


def refused(folder: Path, found: TensorProto, policy: Policy | None = None) -> None:
    path = folder / "m.onnx"
    model = helper.make_model(graph(initializers=(found,)))
    path.write_bytes(model.SerializeToString())
    load_external(model, path, policy or Policy())


def test_a_link_on_the_way_is_refused(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "w.bin").write_bytes(bytes(16))
    (tmp_path / "sub").symlink_to(tmp_path / "real")
    with pytest.raises(Unsafe, match="link"):
        refused(tmp_path, tensor("sub/w.bin"))
    refused(tmp_path, tensor("real/w.bin"))


@pytest.mark.parametrize("location", ["*/_ORT_MEM_ADDR_/*", "w.bin/x", "n" * 300])
def test_a_location_that_is_no_file_is_refused(location: str, tmp_path: Path) -> None:
    """The first is what onnxruntime takes for an address in memory."""
    (tmp_path / "w.bin").write_bytes(bytes(16))
    with pytest.raises(InputError):
        refused(tmp_path, tensor(location))


@pytest.mark.parametrize("location", ["w\0.bin", ".", ""])
def test_a_location_that_names_nothing_is_unsafe(location: str, tmp_path: Path) -> None:
    (tmp_path / "w.bin").write_bytes(bytes(16))
    with pytest.raises(Unsafe):
        refused(tmp_path, tensor(location))


def test_a_location_that_is_no_text_is_unsafe(tmp_path: Path) -> None:
    raw = tensor("w.bin").SerializeToString().replace(b"w.bin", b"w.\xffin")
    with pytest.raises(Unsafe, match="no file name"):
        refused(tmp_path, TensorProto.FromString(raw))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_is_refused_without_waiting_for_it(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "w.bin")
    with pytest.raises(Unsafe, match="plain file"):
        refused(tmp_path, tensor())


@pytest.mark.parametrize("entries", [{"length": 8}, {"length": 24}, {"length": "x"}, {"offset": "9" * 5000}])
def test_a_length_that_the_shape_contradicts_is_refused(entries: dict[str, object], tmp_path: Path) -> None:
    (tmp_path / "w.bin").write_bytes(bytes(64))
    with pytest.raises(InputError):
        refused(tmp_path, tensor(**entries))


@pytest.mark.parametrize("entries", [{"length": -16}, {"offset": -1}, {"offset": 60}])
def test_an_extent_outside_the_file_is_unsafe(entries: dict[str, object], tmp_path: Path) -> None:
    (tmp_path / "w.bin").write_bytes(bytes(64))
    with pytest.raises(Unsafe):
        refused(tmp_path, tensor(**entries))


def test_many_tensors_of_one_file_are_added_up_before_any_is_read(tmp_path: Path) -> None:
    (tmp_path / "w.bin").write_bytes(bytes(800))
    model = helper.make_model(graph(initializers=tuple(tensor(shape=(100,)) for _ in range(50))))
    (tmp_path / "m.onnx").write_bytes(model.SerializeToString())
    with pytest.raises(Unsafe, match="limit"):
        load_external(model, tmp_path / "m.onnx", Policy(max_bytes=30_000))
    assert not any(found.raw_data for found in model.graph.initializer)


def test_a_tensor_that_only_claims_to_lie_elsewhere_is_unsafe(tmp_path: Path) -> None:
    bare = TensorProto(name="w", data_type=TensorProto.DOUBLE, dims=(2,), data_location=TensorProto.EXTERNAL)
    with pytest.raises(Unsafe):
        refused(tmp_path, bare)


def test_four_bit_values_share_their_bytes(tmp_path: Path) -> None:
    (tmp_path / "w.bin").write_bytes(bytes([0x21, 0x03]))
    found = tensor(shape=(3,))
    found.data_type = TensorProto.UINT4
    model = helper.make_model(graph(initializers=(found,)))
    (tmp_path / "m.onnx").write_bytes(b"x")
    load_external(model, tmp_path / "m.onnx", Policy())
    values = onnx.numpy_helper.to_array(model.graph.initializer[0]).astype(np.uint8)
    np.testing.assert_array_equal(values, [1, 2, 3])


def test_inspection_counts_them(tmp_path: Path) -> None:
    (tmp_path / "w.bin").write_bytes(bytes(16))
    x, y = (helper.make_tensor_value_info(name, TensorProto.DOUBLE, ["N", 2]) for name in "XY")
    adds = helper.make_graph([helper.make_node("Add", ["X", "w"], ["Y"])], "adds", [x], [y], [tensor()])
    path = tmp_path / "m.onnx"
    model = helper.make_model(adds, opset_imports=[helper.make_opsetid("", 21)], ir_version=10)
    path.write_bytes(model.SerializeToString())
    assert inspect(path).facts["external tensors"] == 1


@pytest.mark.parametrize("open_model", [OrtSession, ReferenceSession])
def test_a_live_model_opens_no_file(open_model: type, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A model that comes from no file has no folder of its own; a runtime would look in the one that one works in."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "w.bin").write_bytes(bytes(16))
    x, y = (helper.make_tensor_value_info(name, TensorProto.DOUBLE, ["N", 2]) for name in "XY")
    adds = helper.make_graph([helper.make_node("Add", ["X", "w"], ["Y"])], "adds", [x], [y], [tensor()])
    with pytest.raises(Unsafe, match="another file"):
        open_model(helper.make_model(adds, opset_imports=[helper.make_opsetid("", 21)], ir_version=10))
