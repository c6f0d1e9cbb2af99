"""The KServe layout read by KServe's own Python package: its classes for the custom resource, its server's protocol.

Slow: `pytest -m slow tests/modelport/exports/test_kserve_sdk.py`. The package asks for other versions than modelport
has, so it is installed with pip in an environment of its own. Its classes are generated from the OpenAPI document
that KServe publishes; its server is given a model that runs the exported ONNX file, and asked over the loopback.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from modelport.exports import Exported

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

READ = '''
import re, sys, yaml, kserve.models as models

def read(name, value, where):
    """Whatever the published type `name` has no place for stops the script."""
    if name.startswith("V1") and hasattr(models, name):
        kind = getattr(models, name)
        members = {said: member for member, said in kind.attribute_map.items()}
        assert isinstance(value, dict), where
        assert set(value) <= set(members), f"{where}: {set(value) - set(members)}"
        parts = {members[k]: read(kind.openapi_types[members[k]], v, f"{where}.{k}") for k, v in value.items()}
        return kind(**parts)
    if name == "str":
        assert isinstance(value, str), where
    elif name == "V1ObjectMeta":
        assert re.fullmatch("[a-z0-9]([-a-z0-9]*[a-z0-9])?", value["name"]), where
        assert all(isinstance(said, str) for said in value.get("annotations", {}).values()), where
    else:
        raise AssertionError(f"{where}: no rule for {name}")
    return value

service = yaml.safe_load(open(sys.argv[1]))
read("V1beta1InferenceService", service, "service")
assert service["apiVersion"] == "serving.kserve.io/v1beta1"
print("read")
'''

SERVE = """
import json, socket, sys, threading, time, urllib.request
import numpy as np, onnxruntime
from kserve import InferOutput, InferResponse, Model, ModelServer
from kserve.protocol.rest.v2_datamodels import InferenceRequest, InferenceResponse, ModelMetadataResponse

repository, example, metadata = sys.argv[1:]
InferenceRequest.model_validate_json(open(f"{example}/request.json").read())
InferenceResponse.model_validate_json(open(f"{example}/response.json").read())
ModelMetadataResponse.model_validate_json(open(metadata).read())
said = json.load(open(metadata))

class Exported(Model):
    def load(self):
        self.session = onnxruntime.InferenceSession(f"{repository}/{self.name}/1/model.onnx")
        self.ready = True
        return self.ready

    async def get_input_types(self):
        return said["inputs"]

    async def get_output_types(self):
        return said["outputs"]

    def predict(self, request, headers=None):
        texts = lambda array: np.array([v.decode() if isinstance(v, bytes) else v for v in array.ravel()], object)
        fed = {i.name: i.as_numpy() for i in request.inputs}
        fed = {name: texts(a).reshape(a.shape) if a.dtype == object else a for name, a in fed.items()}
        names = [output.name for output in self.session.get_outputs()]
        made = []
        for name, array in zip(names, self.session.run(names, fed)):
            kind = next(t["datatype"] for t in said["outputs"] if t["name"] == name)
            out = InferOutput(name, list(array.shape), kind)
            out.set_data_from_numpy(array, binary_data=False)
            made.append(out)
        return InferResponse(request.id, self.name, made, model_version="1")

def ask():
    base = f"http://127.0.0.1:{port}/v2/models/{said['name']}"
    for _ in range(120):
        try:
            urllib.request.urlopen(f"{base}/ready", timeout=5)
            break
        except OSError:
            time.sleep(0.5)
    found = json.load(urllib.request.urlopen(base, timeout=30))
    body = open(f"{example}/request.json", "rb").read()
    request = urllib.request.Request(f"{base}/infer", body, {"Content-Type": "application/json"})
    answer = json.load(urllib.request.urlopen(request, timeout=30))
    print(json.dumps({"metadata": found, "answer": answer}), flush=True)
    import os
    os._exit(0)

with socket.socket() as free:
    free.bind(("127.0.0.1", 0))
    port = free.getsockname()[1]
model = Exported(said["name"])
model.load()
threading.Thread(target=ask, daemon=True).start()
ModelServer(http_port=port, enable_grpc=False, workers=1).start([model])
"""


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The Python of an environment with KServe's package."""
    place = tmp_path_factory.mktemp("kserve") / "env"
    subprocess.run([sys.executable, "-m", "venv", str(place)], check=True, timeout=120)
    python = str(place / "bin" / "python")
    subprocess.run([python, "-m", "pip", "install", "-q", "kserve", "onnxruntime"], check=True, timeout=700)
    return python


@pytest.fixture(scope="module")
def folder(exported: Callable[[str], Exported]) -> Path:
    return exported("kserve").path


def run(python: str, script: str, *arguments: Path) -> subprocess.CompletedProcess[str]:
    quiet = {**os.environ, "PYTHONWARNINGS": "ignore"}
    words = [python, "-c", script, *map(str, arguments)]
    return subprocess.run(words, capture_output=True, text=True, timeout=180, env=quiet)


def test_the_service_is_read_by_the_published_classes(python: str, folder: Path) -> None:
    made = run(python, READ, folder / "inference-service.yaml")
    assert made.stdout.strip() == "read", made.stderr


def test_a_member_that_the_classes_do_not_have_is_found(python: str, folder: Path, tmp_path: Path) -> None:
    text = (folder / "inference-service.yaml").read_text()
    assert "storageUri" in text
    (tmp_path / "wrong.yaml").write_text(text.replace("storageUri", "storageURL"))
    made = run(python, READ, tmp_path / "wrong.yaml")
    assert made.returncode != 0
    assert "storageURL" in made.stderr


def test_the_server_answers_the_example_as_it_says(python: str, folder: Path) -> None:
    metadata = folder / "model-metadata.json"
    made = run(python, SERVE, folder / "model-repository", folder / "example", metadata)
    assert made.returncode == 0, made.stderr[-2000:]
    found = json.loads(made.stdout.strip().splitlines()[-1])
    said = json.loads(metadata.read_text())
    assert {key: found["metadata"][key] for key in ("name", "inputs", "outputs")} == {
        key: said[key] for key in ("name", "inputs", "outputs")
    }
    expected = json.loads((folder / "example" / "response.json").read_text())
    assert found["answer"]["id"] == expected["id"]
    for tensor, wanted in zip(found["answer"]["outputs"], expected["outputs"], strict=True):
        assert (tensor["name"], tensor["datatype"], tensor["shape"]) == (
            wanted["name"],
            wanted["datatype"],
            wanted["shape"],
        )
        exact = wanted["data"] if wanted["datatype"] == "BYTES" else pytest.approx(wanted["data"], rel=1e-12)
        assert tensor["data"] == exact
