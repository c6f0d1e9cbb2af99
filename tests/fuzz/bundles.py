"""Bundles: the archive, the manifest, the members, with digests made to fit what was changed."""

import hashlib
import io
import json
import tempfile
from collections.abc import Sequence
from pathlib import Path
from random import Random

from modelport.bundle import archive
from tests.fuzz import mutate
from tests.fuzz.harness import OPENS, Harness
from tests.fuzz.models import ROWS, graphs, models

WORDS = (
    *(b"models/../x", b"golden/expected/0.arrow", b"sha256", b'"size": 0', b"null", b"[]", b"{}", b"-1", b"1e999"),
    *(b'"modelport_bundle": 2', b'"reference"', b'"onnxruntime"', b'"pickle"', b'"rows"', b"\\u0000", b"NaN"),
)  # fmt: skip


def read(path: Path) -> None:
    """What it says, and every byte against the manifest; no model is run."""
    from modelport import api

    api.inspect(path)
    api.check(path, runtimes=())


def seeds() -> Sequence[bytes]:
    from modelport import api
    from modelport.parity.settings import Settings

    quick = Settings.from_json({"rows": 60, "runtimes": ("onnxruntime", "scikit-learn")})
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "model.onnx"
        target.write_bytes(graphs()["tree"].SerializeToString())
        bundle = Path(folder) / "model.mport"
        api.package(models()["tree"], target, output=bundle, data=ROWS, settings=quick)
        return [bundle.read_bytes()]


def rebuilt(members: dict[str, bytes]) -> bytes:
    """The archive anew; the manifest's digests are those of the members, where it can still be read."""
    try:
        manifest = json.loads(members["manifest.json"])
        for name in manifest["files"]:
            if name in members:
                entry = {"size": len(members[name]), "sha256": hashlib.sha256(members[name]).hexdigest()}
                manifest["files"][name] = manifest["files"][name] | entry
        members["manifest.json"] = json.dumps(manifest).encode()
    except (ValueError, KeyError, TypeError, RecursionError):
        pass
    buffer = io.BytesIO()
    archive.write([(archive.seal(name, content), content) for name, content in members.items()], buffer)
    return buffer.getvalue()


def change(data: bytes, random: Random) -> bytes:
    return _change(data, random)


_change = mutate.members(mutate.of_bytes(WORDS), rebuilt)
BUNDLE = Harness(seeds, read, ".mport", change, OPENS)
