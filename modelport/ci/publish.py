"""Showing results: files appear in the output folder whole, and only those that the comparison says nothing against."""

import shutil
from pathlib import Path

from modelport.ci.result import Result
from modelport.ci.spec import ModelSpec
from modelport.contents import digest
from modelport.errors import UsageError
from modelport.files import atomic


def publish(found: Result, spec: ModelSpec, place: Path, output: Path) -> None:
    """Copies a model's results into the output folder, and removes what an earlier run left there and no longer holds.

    Args:
        place: where the files lie.
        output: the folder; made if it is missing.

    Raises:
        UsageError: it cannot be written.
    """
    good = [part for part in found.parts if found.shows(part)]
    if good:
        _made(output)
    for part in good:
        target = output / part.file
        if target.is_file() and digest(target) == part.sha256:
            continue
        with atomic(target) as temporary:
            shutil.copyfile(place / part.file, temporary)
    kept = {part.file for part in good}
    for name in filter(None, (*spec.targets, spec.package)):
        if name not in kept:
            (output / name).unlink(missing_ok=True)


def _made(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"the output folder cannot be made: {error.strerror}", where=str(folder)) from error
