"""Writing files so that nothing half-written is ever seen under its name."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from modelport.errors import UsageError


def check_target(path: Path, *, force: bool) -> None:
    """Checks, before any work, that a target can be written.

    Raises:
        UsageError: it exists (without `force`), is a folder, or its folder is missing or not writable.
    """
    folder = path.parent
    if not folder.is_dir():
        raise UsageError("the output folder does not exist", where=str(folder), hint=f"create it: mkdir -p {folder}")
    if path.is_dir():
        raise UsageError("the target is a folder", where=str(path), hint="give a file name")
    if path.exists() and not force:
        raise UsageError("the target exists", where=str(path), hint="pass --force to replace it")
    if not os.access(folder, os.W_OK | os.X_OK):
        raise UsageError("the output folder is not writable", where=str(folder))


@contextmanager
def atomic(path: Path) -> Iterator[Path]:
    """A temporary path in the folder of `path`, renamed to it when the block ends well, removed when it does not.

    Raises:
        UsageError: the folder cannot be written.
    """
    try:
        handle, name = tempfile.mkstemp(prefix=".part-", suffix=path.name, dir=path.parent)
    except OSError as error:
        raise UsageError(f"the output folder cannot be written: {error.strerror}", where=str(path.parent)) from error
    os.close(handle)
    temporary = Path(name)
    try:
        yield temporary
        temporary.chmod(0o666 & ~_umask())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def _umask() -> int:
    """The process's umask; reading it means setting it for an instant."""
    mask = os.umask(0o022)
    os.umask(mask)
    return mask
