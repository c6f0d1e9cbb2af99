"""Taking one model out of a bundle, to score with."""

from pathlib import Path

from modelport.artifacts import Artifact
from modelport.bundle import names
from modelport.bundle.archive import SMALL, Archive, open_archive
from modelport.bundle.manifest import Entry, Manifest, loads
from modelport.errors import MissingExtra, UsageError
from modelport.formats import Policy, formats
from modelport.runtimes import runtimes_for
from modelport.signature import Signature


def open_model(path: Path, folder: Path, kind: str | None, policy: Policy) -> tuple[Artifact, Signature]:
    """A model of a bundle as a file of its own, every byte of it verified; and the bundle's signature.

    Args:
        folder: an empty folder of ours, where the file goes.
        kind: the format wanted; None for the one that runs here at the least cost and risk.

    Raises:
        InputError: the bundle is damaged; Unsafe: hostile.
        UsageError: it holds no model of that format.
        MissingExtra: no runtime that is installed opens any of its models.
    """
    bundle = open_archive(path)
    manifest = loads(bundle.read(names.MANIFEST, SMALL), str(path))
    signature = Signature.loads(_verified(bundle, manifest, names.SIGNATURE).decode("utf-8", "replace"))
    entry = _chosen(manifest, kind, path)
    target = folder / Path(entry.member).name
    with target.open("wb") as file:
        digest = bundle.copy(entry.member, file)
    if digest != manifest.files[entry.member]["sha256"]:
        raise bundle.damaged(f"the content of {entry.member} is not what the manifest says")
    return Artifact(formats()[entry.format], target, policy, label=f"{path.name}/{entry.name}"), signature


def _verified(bundle: Archive, manifest: Manifest, name: str) -> bytes:
    from hashlib import sha256

    content = bundle.read(name)
    if sha256(content).hexdigest() != manifest.files[name]["sha256"]:
        raise bundle.damaged(f"the content of {name} is not what the manifest says")
    return content


def _chosen(manifest: Manifest, kind: str | None, path: Path) -> Entry:
    wanted = [entry for entry in manifest.models if kind in (None, entry.format) and entry.format in formats()]
    if not wanted:
        held = ", ".join(dict.fromkeys(entry.format for entry in manifest.models))
        raise UsageError(f"this bundle holds no {kind or 'known'} model", where=str(path), hint=f"it holds {held}")
    ready = [entry for entry in wanted if any(not item.missing() for item in runtimes_for(entry.format))]
    if not ready:
        commands = [item.missing() for entry in wanted for item in runtimes_for(entry.format)]
        hint = next((command for command in commands if command), None)
        raise MissingExtra("no installed runtime opens a model of this bundle", where=str(path), hint=hint)
    return min(ready, key=_burden)


def _burden(entry: Entry) -> tuple[bool, bool]:
    """First what runs no code when it is loaded, then what starts no JVM."""
    first = next(item for item in runtimes_for(entry.format) if not item.missing())
    return formats()[entry.format].runs_code_on_load, first.jvm
