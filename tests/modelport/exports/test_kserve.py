"""The KServe layout: the documents by the published facts of their schemas, the example by ONNX Runtime."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import onnxruntime
import pytest
import yaml

from modelport import api
from modelport.exports import Exported

TENSOR = {
    "type": "object",
    "required": ["name", "datatype", "shape"],
    "additionalProperties": False,
    "properties": {
        "name": {"type": "string"},
        "datatype": {"enum": ["BOOL", "INT32", "INT64", "FP32", "FP64", "BYTES"]},
        "shape": {"type": "array", "items": {"type": "integer", "minimum": -1}, "minItems": 1},
        "data": {"type": "array", "items": {"type": ["number", "string", "boolean"]}},
    },
}
"""A tensor of the Open Inference Protocol v2: in metadata without data, in requests and responses with it."""

SERVICE = {
    "type": "object",
    "required": ["apiVersion", "kind", "metadata", "spec"],
    "additionalProperties": False,
    "properties": {
        "apiVersion": {"const": "serving.kserve.io/v1beta1"},
        "kind": {"const": "InferenceService"},
        "metadata": {
            "required": ["name"],
            "properties": {"name": {"pattern": "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$", "maxLength": 63}},
        },
        "spec": {
            "required": ["predictor"],
            "additionalProperties": False,
            "properties": {
                "predictor": {
                    "required": ["model"],
                    "additionalProperties": False,
                    "properties": {
                        "model": {
                            "required": ["modelFormat"],
                            "additionalProperties": False,
                            "properties": {
                                "modelFormat": {"required": ["name"], "properties": {"name": {"const": "onnx"}}},
                                "protocolVersion": {"const": "v2"},
                                "runtime": {"type": "string"},
                                "storageUri": {"type": "string", "pattern": "^[a-z0-9]+://"},
                            },
                        }
                    },
                }
            },
        },
    },
}
"""What KServe's v1beta1 custom resource says of the members that are used here."""

KINDS = {"FP64": np.float64, "BYTES": object, "BOOL": np.bool_, "INT64": np.int64}


@pytest.fixture(scope="module")
def folder(exported: Callable[[str], Exported]) -> Path:
    return exported("kserve").path


def strict(path: Path) -> Any:
    return json.loads(path.read_text(), parse_constant=pytest.fail)


def test_the_service_is_one_that_kserve_takes(folder: Path) -> None:
    service = yaml.safe_load((folder / "inference-service.yaml").read_text())
    jsonschema.validate(service, SERVICE)
    assert service["spec"]["predictor"]["model"]["storageUri"].endswith("/model-repository")


def test_the_storage_is_where_one_says(bundle: Path, tmp_path: Path) -> None:
    made = api.export(bundle, tmp_path / "out", to="kserve", name="risk", storage="s3://bucket/risk: #1")
    service = yaml.safe_load((made.path / "inference-service.yaml").read_text())
    assert service["metadata"]["name"] == "risk"
    assert service["spec"]["predictor"]["model"]["storageUri"] == "s3://bucket/risk: #1"


def test_the_repository_is_that_of_triton(folder: Path, exported: Callable[[str], Exported]) -> None:
    for name in ("mixed-model/config.pbtxt", "mixed-model/1/model.onnx"):
        assert (folder / "model-repository" / name).read_bytes() == (exported("triton").path / name).read_bytes()


def test_the_metadata_is_of_the_protocol(folder: Path) -> None:
    metadata = strict(folder / "model-metadata.json")
    assert set(metadata) == {"name", "versions", "platform", "inputs", "outputs"}
    for tensor in (*metadata["inputs"], *metadata["outputs"]):
        jsonschema.validate(tensor, TENSOR)
        assert "data" not in tensor
    assert [tensor["datatype"] for tensor in metadata["inputs"]] == ["FP64", "BYTES", "BOOL", "INT64", "FP64"]


def test_the_example_is_answered_as_it_says(folder: Path) -> None:
    request, response = strict(folder / "example/request.json"), strict(folder / "example/response.json")
    for tensor in (*request["inputs"], *response["outputs"]):
        jsonschema.validate(tensor, TENSOR)
        assert len(tensor["data"]) == np.prod(tensor["shape"]) > 0
    fed = {t["name"]: np.array(t["data"], KINDS[t["datatype"]]).reshape(t["shape"]) for t in request["inputs"]}
    session = onnxruntime.InferenceSession(folder / "model-repository/mixed-model/1/model.onnx")
    for tensor, found in zip(response["outputs"], session.run(None, fed), strict=True):
        assert list(found.shape) == tensor["shape"]
        if tensor["datatype"] == "BYTES":
            assert found.ravel().tolist() == tensor["data"]
        else:
            np.testing.assert_allclose(found.ravel(), tensor["data"], rtol=1e-12)
