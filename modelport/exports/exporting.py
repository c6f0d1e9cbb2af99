"""Exporting: check the bundle, make the files, and show the folder only when all of it is there."""

import json
import re
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from modelport.bundle.checking import CheckReport, check, verify_bytes
from modelport.errors import InputError, MissingExtra, ParityFailed, UsageError
from modelport.exports.placing import RECORD, placed, target_of
from modelport.exports.source import Content, Source
from modelport.exports.table import TARGETS, Target

_NAME = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written.

    Attributes:
        path: the folder.
        target: the name of the target.
        name: what the model is called there.
        files: path in the folder → its size and SHA-256.
        next: a command that takes it from there.
    """

    path: Path
    target: str
    name: str
    files: Mapping[str, Mapping[str, Any]]
    next: str

    def to_json(self) -> dict[str, Any]:
        return {"folder": str(self.path), "target": self.target, "name": self.name, "files": dict(self.files)}


def export(
    bundle: Path,
    target: str,
    folder: Path,
    *,
    name: str | None = None,
    storage: str | None = None,
    trust: Sequence[str] = (),
    key: Path | None = None,
    roots: Sequence[Path] = (),
    signature: Path | None = None,
    force: bool = False,
) -> Exported:
    """Checks a bundle and writes what a target takes, as a folder that is there whole or not at all.

    Args:
        target: of `TARGETS`.
        folder: must not exist, or be empty, or (with `force`) be an earlier export.
        name: of the model there; by default the bundle's, in lower case, with dashes.
        storage: for `kserve`: the URI under which the cluster will find the folder `model-repository`.
        trust: globals that the pickle gate lets through besides its own list, where a pickle is checked.
        key, roots, signature: verify the bundle's signature first, see `modelport.bundle.signing.verify`.

    Raises:
        UsageError: no such target, a name that it does not take, or a folder that exists.
        InputError, Unsafe, BadSignature: the bundle is damaged or hostile, or not signed as it must be.
        ParityFailed: it answers otherwise than when it was built. MissingExtra: nothing here can run it.
        CannotConvert: the target cannot say what the model needs.
    """
    kind = _target(target)
    if storage is not None and target != "kserve":
        raise UsageError("a storage address is for the target kserve", hint="leave out --storage")
    target_of(folder, force=force)
    asked = None if name is None else _named(name)
    _must_hold(check(bundle, trust=trust, key=key, roots=roots, signature=signature))
    contents, digest = verify_bytes(bundle), _digest(bundle)
    called = asked or _plain(contents.manifest.name)
    with tempfile.TemporaryDirectory(prefix="modelport-") as temporary:
        source = Source(contents, called, digest, Path(temporary), storage)
        files: dict[str, Content] = dict(kind.files(source))
        about = placed(folder, files | {RECORD: _record(source, target)}, source, force=force)
    return Exported(folder, target, called, about, kind.next.format(folder=folder, name=called))


def _target(name: str) -> Target:
    found = TARGETS.get(name)
    if found is None:
        raise UsageError(f"there is no target called {name!r}", hint=f"there are {', '.join(TARGETS)}")
    return found


def _must_hold(report: CheckReport) -> None:
    if report.passed:
        return
    kind = MissingExtra if report.exit_code == MissingExtra.exit_code else ParityFailed
    raise kind(f"not exported: {report.sentence()}", where=str(report.path), hint=f"run: modelport check {report.path}")


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:63].strip("-") or "model"


def _named(name: str) -> str:
    """A name that every target takes: a label of DNS (RFC 1123), which Kubernetes asks for."""
    if not _NAME.fullmatch(name):
        hint = "use lower-case letters, digits and dashes, at most 63: --name my-model"
        raise UsageError(f"the name {name!r} is none that a model can have there", hint=hint)
    return name


def _record(source: Source, target: str) -> bytes:
    """What the folder was made from; it also tells an export from a folder of somebody's own."""
    document = {
        "modelport_export": 1,
        "target": target,
        "name": source.name,
        "bundle": {"name": source.contents.manifest.name, "sha256": source.sha256},
        "parity": source.contents.manifest.parity,
    }
    return (json.dumps(document, ensure_ascii=False, indent=2, sort_keys=True) + "\n").encode()


def _digest(path: Path) -> str:
    digest = sha256()
    try:
        with path.open("rb") as file:
            while chunk := file.read(1 << 20):
                digest.update(chunk)
    except OSError as error:
        raise InputError(f"this file cannot be read: {error.strerror}", where=str(path)) from error
    return digest.hexdigest()
