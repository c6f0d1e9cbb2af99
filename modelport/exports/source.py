"""What exports are made from: a bundle that was checked, its members, and its ONNX model with what it must answer."""

from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any

import pyarrow as pa

from modelport.bundle import arrow, names
from modelport.bundle.checking import Contents
from modelport.bundle.manifest import Entry, Golden
from modelport.errors import CannotConvert
from modelport.formats import Policy, formats
from modelport.parity.settings import Settings
from modelport.signature import Signature
from modelport.tensors import Tensors

RUNTIME = "onnxruntime"
"""What the exported ONNX model is run by, wherever it goes."""


@dataclass(frozen=True, slots=True)
class Member:
    """The content of a member of the bundle, streamed when it is written."""

    name: str


Content = bytes | Member


@dataclass(frozen=True)
class Source:
    """A bundle, every byte of which was verified, and which answers as it did.

    Attributes:
        contents: the opened bundle.
        name: what the model is called where it goes.
        sha256: of the bundle's file.
        folder: an empty one of ours, for files that a library must see.
        storage: where a cluster will find the files; None to say so in the export.
    """

    contents: Contents
    name: str
    sha256: str
    folder: Path
    storage: str | None = None

    @property
    def signature(self) -> Signature:
        return self.contents.signature

    @property
    def settings(self) -> Settings:
        return self.contents.report.settings

    def read(self, member: str) -> bytes:
        """A small member, verified once more as it is read."""
        content = self.contents.archive.read(member)
        if sha256(content).hexdigest() != self.contents.manifest.files[member]["sha256"]:
            raise self.contents.archive.damaged(f"the content of {member} is not what the manifest says")
        return content

    @cached_property
    def lock(self) -> dict[str, str]:
        """Distribution → version of the bundle's environment."""
        lines = self.read(names.LOCK).decode().splitlines()
        pairs = (line.partition("==") for line in lines if not line.startswith("#") and "==" in line)
        return {name.strip(): version.strip() for name, _, version in pairs}

    @cached_property
    def onnx(self) -> "OnnxModel":
        """The ONNX model and its answers.

        Raises:
            CannotConvert: the bundle holds none, or none whose answers in ONNX Runtime were recorded.
        """
        manifest = self.contents.manifest
        entries = [entry for entry in manifest.models if entry.format == "onnx"]
        if not entries:
            hint = "convert the model, and package both: modelport convert MODEL model.onnx"
            raise CannotConvert("this bundle holds no ONNX model, and that is what this target runs", hint=hint)
        for entry in entries:
            for run in manifest.golden:
                if (run.model, run.runtime) == (entry.member, RUNTIME):
                    return _onnx(self, entry, run)
        hint = f"package it where {RUNTIME} is installed"
        raise CannotConvert(f"this bundle does not say what its ONNX model answers in {RUNTIME}", hint=hint)


@dataclass(frozen=True, slots=True)
class OnnxModel:
    """An ONNX model of a bundle.

    Attributes:
        entry: which it is.
        signature: its own; inputs may be fewer than the bundle's, and in another order.
        tensors: what it takes and gives.
        inputs: the golden rows, in its own columns.
        outputs: what it answers to them.
    """

    entry: Entry
    signature: Signature
    tensors: Tensors
    inputs: pa.RecordBatch
    outputs: pa.RecordBatch


def _onnx(source: Source, entry: Entry, run: Golden) -> OnnxModel:
    from modelport.parity.adapt import fit_inputs

    kind = formats()["onnx"]
    path = source.folder / "model.onnx"
    with path.open("wb") as target:
        source.contents.archive.copy(entry.member, target)
    model: Any = kind.read(path, Policy())
    signature = kind.signature(model, None)
    assert kind.tensors is not None, "the format onnx is one of tensors"
    tensors: Tensors = kind.tensors(model)
    rows = fit_inputs(source.signature, signature, entry.name).adapt(source.contents.rows)
    where = str(source.contents.archive.path)
    return OnnxModel(entry, signature, tensors, rows, arrow.loads(source.read(run.member), None, where))
