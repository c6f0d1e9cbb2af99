"""What earlier runs found, by the digest of everything it depended on. Damaged entries count as absent."""

import json
import shutil
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

from modelport.ci.result import Result
from modelport.ci.worker import RESULT
from modelport.contents import digest
from modelport.errors import InputError, UsageError
from modelport.parity.failures import FailureKind

KEPT = 4
"""Results kept of each model, those used last."""

_IGNORE = "# What modelport ci found, to be used again. It may be removed at any time.\n*\n"
_CERTAIN = frozenset(
    {"bad-data", "bad-file", "cannot-convert", "no-route", "not-fitted", "other-version", "parity-failed"}
)
"""Codes of errors that the same files and libraries give again."""

_CHANCE = frozenset({FailureKind.RUNTIME_KILLED, FailureKind.RUNTIME_FAILED})
"""Failures that may be the machine's."""


@dataclass(frozen=True, slots=True)
class Cache:
    """A folder of results.

    Attributes:
        folder: made when it is first written.
        reading: whether what is there may be used; what is found is kept in any case.
    """

    folder: Path
    reading: bool = True

    def staging(self) -> Path:
        """An empty folder for results to come, beside those that are kept.

        Raises:
            UsageError: the cache cannot be written.
        """
        try:
            if not self.folder.is_dir():
                self.folder.mkdir(parents=True)
                (self.folder / ".gitignore").write_text(_IGNORE, encoding="utf-8")
            return Path(tempfile.mkdtemp(prefix=".part-", dir=self.folder))
        except OSError as error:
            raise UsageError(f"the cache cannot be written: {error.strerror}", where=str(self.folder)) from error

    def find(self, name: str, key: str) -> tuple[Result, Path] | None:
        """A model's result under this key, and where its files lie, each of which is as it was."""
        place = self.folder / name / key
        if not self.reading or not key or not (place / RESULT).is_file():
            return None
        try:
            found = Result.from_json(json.loads((place / RESULT).read_text(encoding="utf-8")))
            whole = found.key == key and all(
                digest(place / part.file) == part.sha256 for part in found.parts if part.sha256
            )
        except (OSError, ValueError, KeyError, TypeError, AttributeError, InputError):
            return None
        if not whole:
            return None
        place.touch()
        return replace(found, reused=True), place

    def keep(self, found: Result, staging: Path) -> Path:
        """Keeps a result if the same files would give it again.

        Returns:
            Where its files lie now: kept, or still in `staging`.
        """
        if not found.key or not repeatable(found):
            return staging
        shutil.rmtree(staging / ".tmp", ignore_errors=True)
        text = json.dumps(found.to_json(), ensure_ascii=False, allow_nan=False)
        (staging / RESULT).write_text(text, encoding="utf-8")
        place = self.folder / found.name / found.key
        shutil.rmtree(place, ignore_errors=True)
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            staging.replace(place)
        except OSError:  # another run keeps the same result at this very moment
            return staging
        self._prune(place.parent)
        return place

    def _prune(self, folder: Path) -> None:
        places = sorted((path for path in folder.iterdir() if path.is_dir()), key=lambda path: path.stat().st_mtime)
        for place in places[:-KEPT]:
            shutil.rmtree(place, ignore_errors=True)


def repeatable(found: Result) -> bool:
    """Whether nothing in a result is the machine's, such as a process that was killed."""
    errors = [part.error for part in found.parts if part.error]
    if any(error["code"] not in _CERTAIN for error in errors):
        return False
    return found.report is None or not any(failure.kind in _CHANCE for failure in found.report.failures)
