"""A KServe InferenceService that serves the ONNX model over the Open Inference Protocol, version 2.

`model-repository/` is what the storage address must lead to; KServe's Triton runtime takes it as it is. MLServer has
no runtime for ONNX, so there is no `model-settings.json`. The protocol's JSON cannot say NaN or infinity: rows with
missing numbers need its binary form (the extension "binary tensor data"), or gRPC.

Source: KServe v1beta1 InferenceService; Open Inference Protocol v2, model metadata and inference objects.
"""

from collections.abc import Mapping
from typing import Any

from modelport.exports.examples import answered, fed, listed, plain_rows
from modelport.exports.source import Content, Source
from modelport.exports.texts import json_text, yaml_text
from modelport.exports.triton import repository
from modelport.tensors import Tensor

DATATYPES = {
    "float64": "FP64",
    "float32": "FP32",
    "int64": "INT64",
    "int32": "INT32",
    "bool": "BOOL",
    "string": "BYTES",
}


def files(source: Source) -> Mapping[str, Content]:
    """See `Target.files`."""
    found = repository(source, "model-repository/")
    found["inference-service.yaml"] = yaml_text(service(source))
    found["model-metadata.json"] = json_text(metadata(source))
    rows = plain_rows(source)
    if rows:
        request, response = examples(source, rows)
        found |= {"example/request.json": json_text(request), "example/response.json": json_text(response)}
    return found


def service(source: Source) -> dict[str, Any]:
    """The InferenceService."""
    return {
        "apiVersion": "serving.kserve.io/v1beta1",
        "kind": "InferenceService",
        "metadata": {"name": source.name, "annotations": {"modelport/bundle-sha256": source.sha256}},
        "spec": {
            "predictor": {
                "model": {
                    "modelFormat": {"name": "onnx"},
                    "protocolVersion": "v2",
                    "runtime": "kserve-tritonserver",
                    "storageUri": source.storage or f"pvc://models/{source.name}/model-repository",
                }
            }
        },
    }


def metadata(source: Source) -> dict[str, Any]:
    """What a server of the protocol answers to `GET v2/models/<name>`."""
    tensors = source.onnx.tensors
    return {
        "name": source.name,
        "versions": ["1"],
        "platform": "onnxruntime_onnx",
        "inputs": [_about(tensor) for tensor in tensors.inputs],
        "outputs": [_about(tensor) for tensor in tensors.outputs],
    }


def _about(tensor: Tensor) -> dict[str, Any]:
    shape = [-1 if size is None else size for size in tensor.shape]
    return {"name": tensor.name, "datatype": DATATYPES[tensor.dtype], "shape": shape}


def examples(source: Source, rows: list[int]) -> tuple[dict[str, Any], dict[str, Any]]:
    """A request with golden rows, and the response to it."""
    tensors = source.onnx.tensors
    request = {"id": "golden", "inputs": _said(fed(source, rows), tensors.inputs)}
    outputs = _said(answered(source, rows), tensors.outputs)
    return request, {"model_name": source.name, "model_version": "1", "id": "golden", "outputs": outputs}


def _said(values: Mapping[str, Any], tensors: tuple[Tensor, ...]) -> list[dict[str, Any]]:
    said = []
    for tensor in tensors:
        array = values[tensor.name]
        data = listed(array.reshape(-1))
        said.append(
            {"name": tensor.name, "datatype": DATATYPES[tensor.dtype], "shape": list(array.shape), "data": data}
        )
    return said
