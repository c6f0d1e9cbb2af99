"""An MLflow model folder in the ONNX flavour.

MLflow hands a DataFrame's columns to ONNX Runtime as vectors, where the model takes columns [N, 1]; so the signature
is one of tensors, and a request names them: `{"inputs": {"age": [[31.0]], …}}`. The folder is what MLflow 3 writes
(`mlflow.onnx.save_model`), without the time and the random numbers; `model.onnx` is the bundle's, byte for byte.

Source: MLflow 3 documentation, "MLflow Models" (storage format, signatures, input examples).
"""

import json
import uuid
from collections.abc import Mapping
from typing import Any

from modelport.exports.examples import fed, listed, plain_rows
from modelport.exports.source import Content, Member, Source
from modelport.exports.texts import json_text, yaml_text
from modelport.tensors import Tensor

_NEEDED = ("numpy", "onnx", "onnxruntime", "pandas")


def files(source: Source) -> Mapping[str, Content]:
    """See `Target.files`."""
    rows = plain_rows(source)
    found: dict[str, Content] = {
        "MLmodel": yaml_text(_model(source, bool(rows))),
        "model.onnx": Member(source.onnx.entry.member),
        "requirements.txt": "".join(f"{line}\n" for line in _requirements(source)).encode(),
        "python_env.yaml": yaml_text(_environment(source)),
        "conda.yaml": yaml_text(_conda(source)),
    }
    if rows:
        example = {name: listed(values) for name, values in fed(source, rows).items()}
        found["input_example.json"] = json_text(example)
        found["serving_input_example.json"] = json_text({"inputs": example})
    return found


def _model(source: Source, example: bool) -> dict[str, Any]:
    tensors = source.onnx.tensors
    document: dict[str, Any] = {
        "flavors": {
            "onnx": {
                "code": None,
                "data": "model.onnx",
                "onnx_session_options": None,
                "onnx_version": source.lock.get("onnx", "unknown"),
                "providers": ["CPUExecutionProvider"],
            },
            "python_function": {
                "data": "model.onnx",
                "env": {"conda": "conda.yaml", "virtualenv": "python_env.yaml"},
                "loader_module": "mlflow.onnx",
                "python_version": _python(source),
            },
        },
        "metadata": {"modelport_bundle_sha256": source.sha256},
        "model_uuid": uuid.UUID(bytes=bytes.fromhex(source.sha256)[:16], version=4).hex,
        "signature": {
            "inputs": _schema(tensors.inputs),
            "outputs": _schema(tensors.outputs),
            "params": None,
        },
    }
    if example:
        document["saved_input_example_info"] = {
            "artifact_path": "input_example.json",
            "serving_input_path": "serving_input_example.json",
            "type": "ndarray",
        }
    return document


def _schema(tensors: tuple[Tensor, ...]) -> str:
    """A signature's side, which MLflow keeps as JSON in a text."""
    return json.dumps([_tensor(tensor) for tensor in tensors], ensure_ascii=False)


def _tensor(tensor: Tensor) -> dict[str, Any]:
    dtype = "str" if tensor.dtype == "string" else tensor.dtype
    shape = [-1 if size is None else size for size in tensor.shape]
    return {"name": tensor.name, "type": "tensor", "tensor-spec": {"dtype": dtype, "shape": shape}}


def _python(source: Source) -> str:
    return source.contents.manifest.made_with.get("python", "3")


def _requirements(source: Source) -> list[str]:
    return ["mlflow", *(f"{name}=={source.lock[name]}" for name in _NEEDED if name in source.lock)]


def _environment(source: Source) -> dict[str, Any]:
    return {"python": _python(source), "dependencies": ["-r requirements.txt"]}


def _conda(source: Source) -> dict[str, Any]:
    packages = [f"python={_python(source)}", "pip", {"pip": _requirements(source)}]
    return {"name": source.name, "channels": ["conda-forge"], "dependencies": packages}
