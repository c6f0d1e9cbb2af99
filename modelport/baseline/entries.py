"""The baseline file: a list of accepted differences, each with what it was accepted for and how large it was."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from modelport.errors import InputError
from modelport.files import atomic
from modelport.parity.jsonable import decode, encode

VERSION = 1
"""Of the file; a reader refuses versions it does not know."""

_NEW = "run again with --update-baseline to write one"


@dataclass(frozen=True, slots=True)
class Entry:
    """One accepted difference.

    Attributes:
        model: its name in `modelport.toml`; "" where models were compared without one.
        reference, candidate: the two subjects, such as `model.pmml in jpmml`.
        output: the output that differs.
        stratum: the kind of rows it differs on.
        kind: of the failure, as `FailureKind` has it.
        reference_sha256, candidate_sha256: of the two files.
        data_sha256: of the rows that were given; None if there were none.
        settings: digest of the settings that decide the rows and the tolerance.
        rows: how many rows differ.
        max_abs, max_rel: how far apart they are.
        places: which rows they are, as `modelport.parity.places` writes them.
        reason: why it is accepted; written by hand and kept when the file is updated.
    """

    model: str
    reference: str
    candidate: str
    output: str
    stratum: str
    kind: str
    reference_sha256: str
    candidate_sha256: str
    data_sha256: str | None
    settings: str
    rows: int
    max_abs: float
    max_rel: float
    places: str
    reason: str = ""

    @property
    def name(self) -> tuple[str, str, str, str, str, str]:
        """What it is about, whatever the files hold."""
        return self.model, self.reference, self.candidate, self.output, self.stratum, self.kind

    def __str__(self) -> str:
        return f"{self.output} of {self.candidate} on {self.stratum} rows ({self.kind})"

    def to_json(self) -> dict[str, Any]:
        return {item.name: encode(getattr(self, item.name)) for item in fields(self)}

    @staticmethod
    def from_json(raw: Mapping[str, Any]) -> "Entry":
        return Entry(**{name: decode(value) for name, value in raw.items()})


@dataclass(frozen=True, slots=True)
class Baseline:
    """Accepted differences.

    Attributes:
        entries: in the order of their names.
    """

    entries: tuple[Entry, ...] = field(default=())

    def of(self, model: str) -> tuple[Entry, ...]:
        """The entries of one model of `modelport.toml`."""
        return tuple(entry for entry in self.entries if entry.model == model)

    def save(self, path: Path) -> None:
        """Writes the file: same entries, same bytes.

        Raises:
            UsageError: the folder cannot be written.
        """
        entries = [entry.to_json() for entry in sorted(self.entries, key=lambda entry: entry.name)]
        text = json.dumps({"modelport_baseline": VERSION, "entries": entries}, ensure_ascii=False, indent=2)
        with atomic(path) as temporary:
            temporary.write_text(text + "\n", encoding="utf-8")


def load(path: Path, *, missing_is_empty: bool = False) -> Baseline:
    """Reads a baseline file.

    Args:
        missing_is_empty: a file that is not there yet accepts nothing.

    Raises:
        InputError: it is missing, damaged, or of a version that this modelport does not know.
    """
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
        version = raw["modelport_baseline"]
        entries = tuple(Entry.from_json(item) for item in raw["entries"]) if version == VERSION else ()
    except FileNotFoundError as error:
        if missing_is_empty:
            return Baseline()
        raise InputError("there is no such baseline", where=str(path), hint=_NEW) from error
    except (ValueError, KeyError, TypeError, AttributeError, OSError) as error:
        raise InputError(f"this baseline is damaged: {error}", where=str(path), hint=_NEW) from error
    if version != VERSION:
        raise InputError(f"this baseline has version {version}; here only {VERSION} is known", where=str(path))
    return Baseline(entries)
