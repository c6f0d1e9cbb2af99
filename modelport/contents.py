"""What a file, a folder or rows in memory hold, as a digest: equal digests, equal contents."""

from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from modelport.errors import InputError

if TYPE_CHECKING:
    from modelport.data import Data

_CHUNK = 1 << 20


def digest(path: Path) -> str:
    """SHA-256 of a file's bytes, in hexadecimal.

    Raises:
        InputError: it cannot be read.
    """
    found = sha256()
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                found.update(chunk)
    except OSError as error:
        raise InputError(f"this file cannot be read: {error.strerror}", where=str(path)) from error
    return found.hexdigest()


def digest_of_files(paths: Iterable[Path], root: Path) -> str:
    """One digest of the names below a root, and the contents, of several files; their order does not matter."""
    found = sha256()
    for path in sorted(paths):
        found.update(f"{path.relative_to(root).as_posix()}\0{digest(path)}\n".encode())
    return found.hexdigest()


def digest_of_data(path: Path) -> str:
    """Of a data file, or of every data file in a folder or of a pattern.

    Raises:
        InputError: there is no such file, or it cannot be read.
    """
    from modelport import datafiles

    files = datafiles.many(path)
    if files is None:
        return digest(path)
    return digest_of_files(files, path if path.is_dir() else path.parent)


def digest_of_rows(rows: "Data") -> str:
    """Of rows in memory: their columns' names and types, and every value."""
    import pyarrow as pa

    sink = _Sink()
    with pa.ipc.new_stream(pa.PythonFile(sink, mode="w"), rows.schema) as stream:
        for batch in rows.batches():
            stream.write_batch(batch)
    return sink.found.hexdigest()


class _Sink:
    """A file that keeps nothing but the digest of what is written to it."""

    closed = False

    def __init__(self) -> None:
        self.found = sha256()

    def write(self, data: Any) -> int:
        self.found.update(data)
        return len(data)

    def flush(self) -> None:
        """Nothing is held back."""

    def close(self) -> None:
        self.closed = True
