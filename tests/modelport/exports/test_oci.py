"""The OCI layout, read by an OCI client over the protocol of registries, and by the rules of the specification."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from modelport.bundle import Bundle, archive
from modelport.exports import Exported
from modelport.exports.oci import ARTIFACT, CONFIG, INDEX, MANIFEST, media_type


@pytest.fixture(scope="module")
def layout(exported: Callable[[str], Exported]) -> Path:
    return exported("oci").path


def blob(layout: Path, descriptor: dict[str, Any]) -> bytes:
    """A blob by its descriptor, as the specification has it read: by digest, and of that size."""
    algorithm, _, encoded = descriptor["digest"].partition(":")
    content = (layout / "blobs" / algorithm / encoded).read_bytes()
    assert algorithm == "sha256"
    assert sha256(content).hexdigest() == encoded
    assert len(content) == descriptor["size"]
    return content


def manifest_of(layout: Path) -> dict[str, Any]:
    assert json.loads((layout / "oci-layout").read_bytes()) == {"imageLayoutVersion": "1.0.0"}
    index = json.loads((layout / "index.json").read_bytes())
    assert (index["schemaVersion"], index["mediaType"]) == (2, INDEX)
    (descriptor,) = index["manifests"]
    assert (descriptor["mediaType"], descriptor["artifactType"]) == (MANIFEST, ARTIFACT)
    found: dict[str, Any] = json.loads(blob(layout, descriptor))
    return found


def test_every_layer_is_a_member_of_the_bundle(layout: Path, built: Bundle) -> None:
    manifest, opened = manifest_of(layout), archive.open_archive(built.path)
    assert (manifest["schemaVersion"], manifest["mediaType"], manifest["artifactType"]) == (2, MANIFEST, ARTIFACT)
    files = {layer["annotations"]["org.cncf.model.filepath"]: blob(layout, layer) for layer in manifest["layers"]}
    assert files == {name: opened.read(name) for name in opened.members}


def test_the_configuration_is_that_of_modelpack(layout: Path) -> None:
    manifest = manifest_of(layout)
    assert manifest["config"]["mediaType"] == CONFIG
    config = json.loads(blob(layout, manifest["config"]))
    assert set(config) == {"descriptor", "config", "modelfs"}
    assert config["config"] == {"format": "onnx"}
    assert config["modelfs"] == {"type": "layers", "diffIds": [layer["digest"] for layer in manifest["layers"]]}


def test_there_are_no_blobs_besides(layout: Path) -> None:
    manifest = manifest_of(layout)
    (descriptor,) = json.loads((layout / "index.json").read_bytes())["manifests"]
    named = {item["digest"] for item in (descriptor, manifest["config"], *manifest["layers"])}
    assert {f"sha256:{path.name}" for path in (layout / "blobs/sha256").iterdir()} == named


@pytest.mark.parametrize(
    ("member", "kind"),
    [
        ("models/a.onnx", "weight"),
        ("signature.json", "weight.config"),
        ("manifest.json", "weight.config"),
        ("golden/inputs.arrow", "dataset"),
        ("card/model.md", "doc"),
        ("sbom.cdx.json", "doc"),
    ],
)
def test_media_types(member: str, kind: str) -> None:
    assert media_type(member) == f"application/vnd.cncf.model.{kind}.v1.raw"


def test_the_client_finds_the_layout_valid(layout: Path) -> None:
    from oras.layout import Layout

    found = Layout(str(layout))
    found.validate()
    assert set(found.get_ordered_blobs("latest")) == {path.name for path in (layout / "blobs/sha256").iterdir()} or len(
        found.get_ordered_blobs("latest")
    ) >= len(list((layout / "blobs/sha256").iterdir()))


@contextmanager
def registry(layout: Path) -> Iterator[str]:
    """The layout behind the read half of the OCI distribution protocol, on the loopback."""
    (descriptor,) = json.loads((layout / "index.json").read_bytes())["manifests"]

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            *_, kind, reference = self.path.split("/")
            digest = descriptor["digest"] if reference == "latest" else reference
            place = layout / "blobs" / digest.replace(":", "/")
            known = kind in ("manifests", "blobs") and place.is_file()
            content = place.read_bytes() if known else b"{}"
            self.send_response(200 if known or self.path == "/v2/" else 404)
            self.send_header("Content-Type", MANIFEST if kind == "manifests" else "application/octet-stream")
            self.send_header("Docker-Content-Digest", digest)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_HEAD = do_GET

        def log_message(self, *_: Any) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)


def test_an_oci_client_pulls_the_files_under_their_names(layout: Path, built: Bundle, tmp_path: Path) -> None:
    import oras.client

    with registry(layout) as host:
        client = oras.client.OrasClient(hostname=host, insecure=True)
        client.pull(target=f"{host}/models/mixed:latest", outdir=str(tmp_path))
    opened = archive.open_archive(built.path)
    found = {path.relative_to(tmp_path).as_posix(): path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert found == {name: opened.read(name) for name in opened.members}
