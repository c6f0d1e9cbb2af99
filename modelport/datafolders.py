"""Data in many files: a folder, or a pattern such as `part-*.parquet`, read one file after another, in their order."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import pyarrow as pa

from modelport.data import Data
from modelport.errors import DataError, InputError

_WILD = frozenset("*?[")


def files_of(path: Path, suffixes: Sequence[str]) -> list[Path] | None:
    """The data files of a folder (with those below it) or of a pattern, by name; None if `path` is neither.

    Files whose name begins with `.` or `_` are left out: that is where writers keep their own notes.

    Raises:
        InputError: there is no data file among them.
    """
    if path.is_dir():
        found = path.rglob("*")
    elif not path.exists() and _WILD & set(path.name):
        found = path.parent.glob(path.name)
    else:
        return None
    files = sorted(f for f in found if f.is_file() and f.suffix.lower() in suffixes and f.name[0] not in "._")
    if not files:
        raise InputError("there are no data files here", where=str(path), hint=f"known are {', '.join(suffixes)}")
    return files


def joined(path: Path, files: Sequence[Path], open_one: Callable[[Path], Data]) -> Data:
    """Many files as one source of rows, each opened when its turn comes.

    Raises:
        DataError: a file has other columns than the first; it is named.
    """
    first = open_one(files[0])

    def read(rows: int) -> Iterator[pa.RecordBatch]:
        for file in files:
            part = open_one(file)
            _check(first, part, file)
            yield from part.batches(rows)

    def typed(kinds: Mapping[str, pa.DataType]) -> Data:
        return joined(path, files, lambda file: _typed(open_one(file), kinds))

    return Data(path.name, first.schema, read, first.notes, typed)


def _typed(part: Data, kinds: Mapping[str, pa.DataType]) -> Data:
    there = {name: kind for name, kind in kinds.items() if name in part.schema.names}
    return part.typed(there) if part.typed is not None else part


def _check(first: Data, part: Data, file: Path) -> None:
    """Column order may differ from file to file; names may not, since rows are fitted by name."""
    odd = sorted(set(first.schema.names) ^ set(part.schema.names))
    if odd:
        raise DataError(f"this file has other columns than {first.name}: {odd[0]!r} is in one only", where=str(file))
