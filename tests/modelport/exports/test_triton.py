"""The Triton repository: its configuration by Triton's own schema, its model in ONNX Runtime."""

import importlib.util
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import pyarrow as pa
import pytest
from google.protobuf import text_format

from modelport.exports import Exported
from modelport.exports.texts import proto_string

NUMPY = {
    "TYPE_FP64": np.float64,
    "TYPE_INT64": np.int64,
    "TYPE_BOOL": np.bool_,
    "TYPE_STRING": object,
}


@pytest.fixture(scope="module")
def schema() -> Any:
    """`model_config_pb2` of Triton's client, by itself: the package around it wants gRPC."""
    package = importlib.util.find_spec("tritonclient")
    assert package is not None
    assert package.submodule_search_locations
    place = Path(package.submodule_search_locations[0]) / "grpc" / "model_config_pb2.py"
    spec = importlib.util.spec_from_file_location("model_config_pb2", place)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def config(exported: Callable[[str], Exported], schema: Any) -> Any:
    text = (exported("triton").path / "mixed-model" / "config.pbtxt").read_text()
    return text_format.Parse(text, schema.ModelConfig())


def test_the_layout_is_name_version_model(exported: Callable[[str], Exported]) -> None:
    assert set(exported("triton").files) == {
        "mixed-model/1/model.onnx",
        "mixed-model/config.pbtxt",
        "modelport-export.json",
    }


def test_the_configuration_names_what_the_model_has(config: Any, schema: Any) -> None:
    assert (config.name, config.backend, config.max_batch_size) == ("mixed-model", "onnxruntime", 0)
    kinds = [(item.name, schema.DataType.Name(item.data_type), list(item.dims)) for item in config.input]
    assert kinds == [
        ('age of "it"', "TYPE_FP64", [-1, 1]),
        ("städte", "TYPE_STRING", [-1, 1]),
        ("member", "TYPE_BOOL", [-1, 1]),
        ("visits", "TYPE_INT64", [-1, 1]),
        ("children", "TYPE_FP64", [-1, 1]),
    ]
    assert [(item.name, list(item.dims)) for item in config.output] == [("label", [-1]), ("probability", [-1, 2])]


def test_fed_by_the_configuration_the_model_reproduces_the_golden_rows(
    config: Any, schema: Any, exported: Callable[[str], Exported], golden: tuple[pa.Table, pa.Table]
) -> None:
    """A client knows the names, types and dimensions of the configuration, and nothing else."""
    rows, answers = golden
    fed = {}
    for item in config.input:
        kind: Any = NUMPY[schema.DataType.Name(item.data_type)]
        missing = "" if kind is object else np.nan
        cells = [missing if cell is None else cell for cell in rows[item.name].to_pylist()]
        fed[item.name] = np.array(cells, kind).reshape([-1 if d == -1 else d for d in item.dims])
    model = exported("triton").path / "mixed-model" / "1" / config.default_model_filename
    label, probability = onnxruntime.InferenceSession(model).run([item.name for item in config.output], fed)
    assert list(label) == answers["label"].to_pylist()
    np.testing.assert_allclose(probability[:, 1], answers["probability(yes)"], rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("text", ["plain", 'a "b"', "back\\slash", "new\nline", "ünïcode", "\x00\x7f", "'"])
def test_any_name_survives_the_text_form(text: str, schema: Any) -> None:
    assert text_format.Parse(f"name: {proto_string(text)}", schema.ModelConfig()).name == text
