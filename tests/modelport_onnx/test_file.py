"""ONNX files: hostile and damaged ones are refused before anything is read from where they point."""

import os
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from modelport.errors import InputError, Unsafe
from modelport.formats import Policy
from modelport_onnx.file import read, write


def model_with_weight(weight: TensorProto) -> onnx.ModelProto:
    graph = helper.make_graph(
        [helper.make_node("Add", ["X", weight.name], ["Y"])],
        "adds",
        [helper.make_tensor_value_info("X", TensorProto.DOUBLE, ["N", 2])],
        [helper.make_tensor_value_info("Y", TensorProto.DOUBLE, ["N", 2])],
        [weight],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 21)], ir_version=10)


def external(location: str, length: int = 16) -> TensorProto:
    tensor = numpy_helper.from_array(np.array([1.0, 2.0]), "w")
    tensor.ClearField("raw_data")
    tensor.data_location = TensorProto.EXTERNAL
    tensor.external_data.add(key="location", value=location)
    tensor.external_data.add(key="length", value=str(length))
    return tensor


def saved(folder: Path, weight: TensorProto) -> Path:
    path = folder / "model.onnx"
    path.write_bytes(model_with_weight(weight).SerializeToString())
    return path


def test_external_data_beside_the_model_is_read(tmp_path: Path) -> None:
    (tmp_path / "w.bin").write_bytes(np.array([1.0, 2.0]).tobytes())
    model = read(saved(tmp_path, external("w.bin")), Policy())
    np.testing.assert_array_equal(numpy_helper.to_array(model.graph.initializer[0]), [1.0, 2.0])


@pytest.mark.parametrize("location", ["../w.bin", "/etc/passwd", "sub/../../w.bin", "c:\\w.bin", "", "a\\..\\w.bin"])
def test_external_data_outside_the_folder_is_refused(tmp_path: Path, location: str) -> None:
    folder = tmp_path / "inside"
    folder.mkdir()
    (tmp_path / "w.bin").write_bytes(bytes(16))
    with pytest.raises(Unsafe, match="own folder"):
        read(saved(folder, external(location)), Policy())


def test_external_data_behind_a_link_is_refused(tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(bytes(16))
    (tmp_path / "w.bin").symlink_to(tmp_path / "secret")
    with pytest.raises(Unsafe, match="link"):
        read(saved(tmp_path, external("w.bin")), Policy())


def test_external_data_in_a_hard_linked_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(bytes(16))
    os.link(tmp_path / "secret", tmp_path / "w.bin")
    with pytest.raises(Unsafe, match="hard-linked"):
        read(saved(tmp_path, external("w.bin")), Policy())


def test_external_data_that_reaches_beyond_its_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "w.bin").write_bytes(bytes(8))
    with pytest.raises(Unsafe, match="beyond the end"):
        read(saved(tmp_path, external("w.bin")), Policy())


def test_missing_external_data_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="missing"):
        read(saved(tmp_path, external("w.bin")), Policy())


def test_a_file_over_the_limit_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = saved(tmp_path, numpy_helper.from_array(np.array([1.0, 2.0]), "w"))
    with pytest.raises(Unsafe, match="limit"):
        read(path, Policy(max_bytes=10))


@pytest.mark.parametrize("keep", [0.3, 0.6, 0.95])
def test_a_truncated_file_is_refused(tmp_path: Path, keep: float) -> None:
    path = saved(tmp_path, numpy_helper.from_array(np.arange(2.0), "w"))
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * keep)])
    with pytest.raises(InputError):
        read(path, Policy())


def test_writing_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    model = model_with_weight(numpy_helper.from_array(np.array([1.0, 2.0]), "w"))
    write(model, tmp_path / "a.onnx")
    write(model, tmp_path / "b.onnx")
    assert (tmp_path / "a.onnx").read_bytes() == (tmp_path / "b.onnx").read_bytes()
