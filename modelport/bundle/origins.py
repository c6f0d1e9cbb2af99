"""Where each model of a bundle came from: its digest, what wrote it, and the conversion that it records of itself."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from modelport.artifacts import Artifact
from modelport.bundle.manifest import Entry
from modelport.errors import ModelportError
from modelport.provenance import Provenance

VERSION = 1


@dataclass(frozen=True, slots=True)
class Origin:
    """What is known of one model.

    Attributes:
        sha256: of the file.
        producer: library and version that wrote it, where the file says so.
        converted: the conversion that it records; None if it records none.
        source: member of the bundle that it was converted from, by its digest; None if it is not here.
    """

    entry: Entry
    sha256: str
    producer: str | None = None
    converted: Provenance | None = None
    source: str | None = None

    def to_json(self) -> dict[str, Any]:
        return {
            "member": self.entry.member,
            "name": self.entry.name,
            "format": self.entry.format,
            "sha256": self.sha256,
            "producer": self.producer,
            "converted": self.converted.to_json() if self.converted else None,
            "source": self.source,
        }


def origins(models: Sequence[Artifact], entries: Sequence[Entry], digests: Mapping[str, str]) -> tuple[Origin, ...]:
    """What the files themselves tell; no code of theirs is run.

    Args:
        digests: member → SHA-256.
    """
    members = {digests[entry.member]: entry.member for entry in reversed(entries)}
    found = []
    for model, entry in zip(models, entries, strict=True):
        converted = _converted(model)
        source = members.get(str(converted.source.get("sha256"))) if converted else None
        found.append(Origin(entry, digests[entry.member], _producer(model), converted, source))
    return tuple(found)


def _converted(model: Artifact) -> Provenance | None:
    text = model.format.recorded(model.model) if model.format.recorded else None
    return Provenance.loads(text) if text else None


def _producer(model: Artifact) -> str | None:
    if model.path is None:
        return None
    try:
        found = model.format.inspect(model.path).producer
    except ModelportError:
        return None
    return None if found is None else str(found)


def dumps(found: Sequence[Origin], made_with: Mapping[str, str]) -> bytes:
    """`provenance.json`."""
    document = {
        "modelport_origins": VERSION,
        "models": [origin.to_json() for origin in found],
        "packaged_with": dict(made_with),
    }
    return (json.dumps(document, ensure_ascii=False, indent=2, sort_keys=True) + "\n").encode()
