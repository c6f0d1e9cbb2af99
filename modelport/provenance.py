"""Provenance: where a converted model came from. It travels inside the file, where the format has room for it."""

import json
import platform
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import metadata
from typing import TYPE_CHECKING, Any

from modelport._version import __version__
from modelport.artifacts import Artifact
from modelport.conversion import Note, NoteKind, Options
from modelport.errors import InputError
from modelport.runtimes import runtimes_for

if TYPE_CHECKING:
    from modelport.graph import Route

VERSION = 1
"""Of the JSON document; it changes when a reader of an older one would be misled."""


@dataclass(frozen=True, slots=True)
class Provenance:
    """How a model was made from another.

    It holds no time and no path, so that the same conversion gives the same bytes.

    Attributes:
        source: name, format and SHA-256 of what was converted; the digest is None for a live model.
        route: the steps, in order: source and target format, and the engine that went from one to the other.
        options: what was asked of the conversion.
        notes: what was lost, rounded or assumed.
        versions: of modelport, Python and what the engines stand on.
    """

    source: Mapping[str, str | None]
    route: tuple[Mapping[str, str], ...]
    options: Mapping[str, Any] = field(default_factory=dict)
    notes: tuple[Note, ...] = ()
    versions: Mapping[str, str] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        return {
            "modelport_provenance": VERSION,
            "source": dict(self.source),
            "route": [dict(step) for step in self.route],
            "options": dict(self.options),
            "notes": [note.to_json() for note in self.notes],
            "versions": dict(self.versions),
        }

    def dumps(self) -> str:
        """Canonical JSON in ASCII, which every format can hold: same provenance, same text."""
        return json.dumps(self.to_json(), sort_keys=True, separators=(",", ":"))

    @staticmethod
    def loads(text: str) -> "Provenance":
        """Reads what `dumps` wrote.

        Raises:
            InputError: it is something else, or of a version that this modelport does not know.
        """
        try:
            raw = json.loads(text)
            if raw["modelport_provenance"] != VERSION:
                raise ValueError(f"version {raw['modelport_provenance']!r}")
            return Provenance(
                {name: None if value is None else str(value) for name, value in raw["source"].items()},
                tuple({str(name): str(value) for name, value in step.items()} for step in raw["route"]),
                dict(raw["options"]),
                tuple(Note(NoteKind(n["kind"]), str(n["where"]), str(n["what"])) for n in raw["notes"]),
                {str(name): str(value) for name, value in raw["versions"].items()},
            )
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise InputError(f"the provenance in this file is damaged: {error}") from error


def provenance_of(source: Artifact, route: "Route", options: Options, notes: list[Note]) -> Provenance:
    """What is known of a conversion that was just made."""
    asked = {"precision": options.precision.value}
    caps = {name: getattr(options, name) for name in ("opset", "ml_opset", "ir_version")}
    return Provenance(
        {"name": source.name, "format": source.format.name, "sha256": source.sha256()},
        tuple({"source": s.source, "target": s.target, "engine": s.engine} for s in route.steps),
        asked | {name: value for name, value in caps.items() if value is not None},
        tuple(notes),
        _versions(route, source.format.name),
    )


def _versions(route: "Route", source: str) -> dict[str, str]:
    """modelport, Python, what the engines need, and what the source's own runtime stands on."""
    home = next((item for item in runtimes_for(source) if item.missing() is None), None)
    modules = {module for step in route.steps for module in step.requires} | set(home.requires if home else ())
    found = {_DISTRIBUTIONS.get(module, module): _version(module) for module in modules}
    known = {name: version for name, version in sorted(found.items()) if version}
    return {"modelport": __version__, "python": platform.python_version()} | known


_DISTRIBUTIONS = {"sklearn": "scikit-learn", "jpmml_evaluator": "jpmml-evaluator"}


def _version(module: str) -> str | None:
    """From the distribution's own metadata: asking which distribution brings a module would look at all of them."""
    try:
        return metadata.version(_DISTRIBUTIONS.get(module, module))
    except metadata.PackageNotFoundError:
        return None
