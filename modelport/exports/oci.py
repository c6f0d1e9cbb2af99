"""An OCI image layout whose one artifact is the bundle, member by member, with the media types of CNCF ModelPack.

Every layer is one file as it is (`.raw`), so that its digest is the file's SHA-256, and any OCI client gives the files
back under their names. Source: OCI image-spec 1.1 (image layout, index, manifest, descriptor); ModelPack model-spec v1
(media types, `org.cncf.model.filepath`, configuration).
"""

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from modelport.bundle import names
from modelport.exports.source import Content, Member, Source

ARTIFACT = "application/vnd.cncf.model.manifest.v1+json"
CONFIG = "application/vnd.cncf.model.config.v1+json"
MANIFEST = "application/vnd.oci.image.manifest.v1+json"
INDEX = "application/vnd.oci.image.index.v1+json"
TAG = "latest"

_KINDS = {"models": "weight", "golden": "dataset"}
_CONFIGS = (names.MANIFEST, names.SIGNATURE)


def files(source: Source) -> Mapping[str, Content]:
    """See `Target.files`."""
    found: dict[str, Content] = {}
    manifest = source.contents.archive.read(names.MANIFEST)
    layers = [_layer(name, str(about["sha256"]), about["size"]) for name, about in _members(source, manifest).items()]
    for layer, name in zip(layers, _members(source, manifest), strict=True):
        found[_blob(layer["digest"])] = manifest if name == names.MANIFEST else Member(name)
    config = _added(found, CONFIG, _config(source, [layer["digest"] for layer in layers]))
    described = _added(found, MANIFEST, _manifest(source, config, layers))
    described |= {"artifactType": ARTIFACT, "annotations": {"org.opencontainers.image.ref.name": TAG}}
    index = {"schemaVersion": 2, "mediaType": INDEX, "manifests": [described]}
    return found | {"index.json": _json(index), "oci-layout": _json({"imageLayoutVersion": "1.0.0"})}


def _members(source: Source, manifest: bytes) -> dict[str, Mapping[str, Any]]:
    own = {"size": len(manifest), "sha256": sha256(manifest).hexdigest()}
    return dict(sorted({**source.contents.manifest.files, names.MANIFEST: own}.items()))


def _layer(name: str, digest: str, size: int) -> dict[str, Any]:
    return {
        "mediaType": media_type(name),
        "digest": f"sha256:{digest}",
        "size": size,
        "annotations": {"org.cncf.model.filepath": name, "org.opencontainers.image.title": name},
    }


def media_type(member: str) -> str:
    """What ModelPack calls a file: weights, their configuration, data, or documents."""
    kind = "weight.config" if member in _CONFIGS else _KINDS.get(member.partition("/")[0], "doc")
    return f"application/vnd.cncf.model.{kind}.v1.raw"


def _config(source: Source, digests: list[str]) -> dict[str, Any]:
    """ModelPack's configuration; a layer that is a plain file is its own content, so its digest is its diff ID."""
    reference = source.contents.manifest.entry(source.contents.manifest.reference)
    formats = dict.fromkeys(entry.format for entry in source.contents.manifest.models)
    return {
        "descriptor": {"name": source.name, "description": source.contents.manifest.parity},
        "config": {"format": "onnx" if "onnx" in formats else reference.format},
        "modelfs": {"type": "layers", "diffIds": digests},
    }


def _manifest(source: Source, config: dict[str, Any], layers: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "schemaVersion": 2,
        "mediaType": MANIFEST,
        "artifactType": ARTIFACT,
        "config": config,
        "layers": layers,
        "annotations": {"org.opencontainers.image.title": source.name},
    }


def _added(found: dict[str, Content], media_type: str, document: dict[str, Any]) -> dict[str, Any]:
    """Puts a document among the blobs and gives its descriptor."""
    content = _json(document)
    digest = f"sha256:{sha256(content).hexdigest()}"
    found[_blob(digest)] = content
    return {"mediaType": media_type, "digest": digest, "size": len(content)}


def _blob(digest: str) -> str:
    return f"blobs/{digest.replace(':', '/')}"


def _json(document: Any) -> bytes:
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
