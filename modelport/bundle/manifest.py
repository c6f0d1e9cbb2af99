"""The manifest of a bundle: what it holds, digest by digest, and what made it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from modelport.bundle import names
from modelport.errors import InputError, Unsafe

VERSION = 2
"""The version of this layout. A reader refuses versions it does not know."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A model file of the bundle.

    Attributes:
        member: its name in the archive.
        name: the file's name when it was packaged.
        format: the name of its format.
    """

    member: str
    name: str
    format: str


@dataclass(frozen=True, slots=True)
class Golden:
    """The outputs of the golden rows in one runtime, as they were when the bundle was built.

    Attributes:
        model: the member that was scored.
        runtime, version: what scored it.
        member: where the outputs lie (Arrow IPC).
    """

    model: str
    runtime: str
    version: str | None
    member: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """Everything a bundle says about itself.

    Attributes:
        name: of the bundle, without its suffix.
        reference: member of the model that the others were compared with.
        models: every model file; `golden`: every recorded run.
        rows: golden rows.
        strata: which kinds of rows they are, in the order in which they stand: (name, rows).
        parity: the report's verdict in one sentence.
        made_with: distribution → exact version.
        files: member → its size and SHA-256; every member but the manifest.
    """

    name: str
    reference: str
    models: tuple[Entry, ...]
    golden: tuple[Golden, ...]
    rows: int
    parity: str
    made_with: Mapping[str, str]
    strata: tuple[tuple[str, int], ...] = ()
    files: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        return {
            "modelport_bundle": VERSION,
            "name": self.name,
            "reference": self.reference,
            "models": [_plain(entry) for entry in self.models],
            "golden": self._golden(),
            "parity": self.parity,
            "made_with": dict(self.made_with),
            "files": {name: dict(self.files[name]) for name in sorted(self.files)},
        }

    def _golden(self) -> dict[str, Any]:
        return {
            "rows": self.rows,
            "strata": [{"name": name, "rows": rows} for name, rows in self.strata],
            "inputs": names.INPUTS,
            "runs": [_plain(run) for run in self.golden],
        }

    def dumps(self) -> bytes:
        """Canonical JSON, indented for people: same manifest, same bytes."""
        return (json.dumps(self.to_json(), ensure_ascii=False, indent=2, sort_keys=True) + "\n").encode()

    def entry(self, member: str) -> Entry:
        """The model whose member name this is."""
        return next(item for item in self.models if item.member == member)


def _plain(item: Entry | Golden) -> dict[str, Any]:
    return {name: getattr(item, name) for name in item.__slots__}


def loads(text: bytes, where: str) -> Manifest:
    """Reads what `Manifest.dumps` wrote, and checks that its parts belong together.

    Raises:
        InputError: it is not a manifest, or of a version that this modelport does not know.
        Unsafe: it names a member that no bundle may have.
    """
    try:
        raw = json.loads(text)
        version = raw["modelport_bundle"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise _damaged(where, error) from error
    if version != VERSION:
        hint = "install the modelport that built it, or a newer one"
        raise InputError(
            f"this bundle has layout version {version}; here only {VERSION} is known", where=where, hint=hint
        )
    try:
        found = _manifest(raw)
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise _damaged(where, error) from error
    _check_names(found, where)
    return found


def _manifest(raw: Mapping[str, Any]) -> Manifest:
    golden = raw["golden"]
    return Manifest(
        name=str(raw["name"]),
        reference=str(raw["reference"]),
        models=tuple(Entry(str(i["member"]), str(i["name"]), str(i["format"])) for i in raw["models"]),
        golden=tuple(
            Golden(str(i["model"]), str(i["runtime"]), i["version"], str(i["member"])) for i in golden["runs"]
        ),
        rows=int(golden["rows"]),
        strata=tuple((str(item["name"]), int(item["rows"])) for item in golden["strata"]),
        parity=str(raw["parity"]),
        made_with={str(name): str(version) for name, version in raw["made_with"].items()},
        files={str(k): {"size": int(v["size"]), "sha256": str(v["sha256"])} for k, v in raw["files"].items()},
    )


def _check_names(found: Manifest, where: str) -> None:
    models = {entry.member for entry in found.models}
    for name in (*found.files, *models, *(run.member for run in found.golden)):
        if not names.allowed(name):
            raise Unsafe(f"the manifest names {name!r}, which no bundle may hold", where=where)
    needed = models | {found.reference} | {run.member for run in found.golden}
    needed |= set(names.REQUIRED)
    if not needed <= set(found.files) or not {run.model for run in found.golden} <= models:
        raise InputError("the manifest names parts that this bundle does not list", where=where)
    if sum(rows for _, rows in found.strata) != found.rows:
        raise InputError("the manifest's kinds of golden rows do not add up", where=where)
    if found.reference not in models:
        raise InputError("the manifest's reference is none of its models", where=where)


def _damaged(where: str, error: Exception) -> InputError:
    return InputError(
        f"this bundle's manifest is damaged: {error!r}", where=where, hint="build it again: modelport package"
    )
