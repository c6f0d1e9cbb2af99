"""Placing files: a folder is written under a name of its own beside the target, and renamed when it is whole."""

import json
import os
import shutil
import tempfile
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from modelport.errors import UsageError
from modelport.exports.source import Content, Member, Source

RECORD = "modelport-export.json"


def target_of(folder: Path, *, force: bool) -> None:
    """Checks, before any work, that a folder can be written.

    Raises:
        UsageError: it exists and is not empty (without `force`), is no export of ours (with it), or its parent is
            missing or not writable.
    """
    parent = folder.absolute().parent
    if not parent.is_dir():
        hint = f"create it: mkdir -p {parent}"
        raise UsageError("the folder for the output does not exist", where=str(parent), hint=hint)
    if not os.access(parent, os.W_OK | os.X_OK):
        raise UsageError("the folder for the output is not writable", where=str(parent))
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise UsageError("the target is a file or a link", where=str(folder), hint="give the name of a folder")
    if not folder.exists() or not any(folder.iterdir()):
        return
    if not force:
        raise UsageError("the target exists", where=str(folder), hint="pass --force to replace it")
    if not _ours(folder):
        hint = "it has no modelport-export.json, so it is not replaced; remove it yourself, or name another"
        raise UsageError("the target is no earlier export", where=str(folder), hint=hint)


def _ours(folder: Path) -> bool:
    """Whether a folder was made by an export: --force must not remove what is somebody's own."""
    try:
        return "modelport_export" in json.loads((folder / RECORD).read_bytes())
    except (OSError, ValueError, TypeError, RecursionError):
        return False


def placed(folder: Path, files: Mapping[str, Content], source: Source, *, force: bool) -> dict[str, dict[str, Any]]:
    """Writes the files and gives their sizes and digests; on any failure nothing is left.

    Raises:
        UsageError: the folder cannot be written, or appeared meanwhile.
    """
    parent = folder.absolute().parent
    try:
        temporary = Path(tempfile.mkdtemp(prefix=".part-", dir=parent))
    except OSError as error:
        raise UsageError(f"the folder cannot be written: {error.strerror}", where=str(parent)) from error
    try:
        about = {path: _written(temporary / path, content, source) for path, content in sorted(files.items())}
        _shown(temporary, folder, force)
        return about
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _written(path: Path, content: Content, source: Source) -> dict[str, Any]:
    path.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(content, Member):
        with path.open("wb") as target:
            digest = source.contents.archive.copy(content.name, target)
        if digest != source.contents.manifest.files[content.name]["sha256"]:
            raise source.contents.archive.damaged(f"the content of {content.name} is not what the manifest says")
    else:
        path.write_bytes(content)
        digest = sha256(content).hexdigest()
    path.chmod(0o644)
    return {"size": path.stat().st_size, "sha256": digest}


def _shown(temporary: Path, folder: Path, force: bool) -> None:
    """Puts the folder in its place; one that is replaced goes first aside, and comes back if that fails."""
    for path in (temporary, *temporary.rglob("*")):
        if path.is_dir():
            path.chmod(0o755)
    target_of(folder, force=force)
    if not folder.exists():
        temporary.rename(folder)
        return
    aside = Path(tempfile.mkdtemp(prefix=".old-", dir=temporary.parent))
    folder.rename(aside / "old")
    try:
        temporary.rename(folder)
    except OSError:
        (aside / "old").rename(folder)
        raise
    finally:
        shutil.rmtree(aside, ignore_errors=True)
