"""JSON lines as Arrow batches, kept from what pyarrow's reader cannot bear.

pyarrow 19 to 26 crash the process where a block of a file begins with the value `null` instead of an object
(apache/arrow issue 47409), and give lists whose offsets are wrong where the first element of one is `null` (issue
51305). So the first is looked for before, and batches are validated after.
"""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pyarrow as pa

from modelport.errors import InputError

_NULL = re.compile(rb"(?:^|[\r\n])[ \t]*null")
"""A line that is no object but `null`; no string holds a line break, so this is never inside one."""

_CHUNK = 1 << 22


def open_json_lines(path: Path) -> tuple[pa.Schema, Callable[[int], Iterator[pa.RecordBatch]]]:
    """The schema, and a reader of batches.

    Raises:
        InputError: a line is `null`.
    """
    import pyarrow.json as json

    check_objects(path)
    with json.open_json(path) as reader:
        schema = reader.schema
    return schema, lambda rows: _batches(path, rows)


def check_objects(path: Path, chunk: int = _CHUNK) -> None:
    """Refuses a file of which a line is `null`.

    Raises:
        InputError: says so.
    """
    with path.open("rb") as file:
        rest = file.read(3).removeprefix(b"\xef\xbb\xbf")
        while piece := file.read(chunk):
            text = rest + piece
            _refuse_null(text, path)
            rest = _unfinished(text)
        _refuse_null(rest, path)


def _refuse_null(text: bytes, path: Path) -> None:
    if _NULL.search(text):
        hint = "write {} for a row without values"
        raise InputError("a line of this file is null, where an object is wanted", where=str(path), hint=hint)


def _unfinished(text: bytes) -> bytes:
    """What the next piece must be looked at together with: a line that may become `null`, or a letter for any other."""
    last = max(text.rfind(b"\r"), text.rfind(b"\n"))
    line = text[last + 1 :]
    return text[max(last, 0) :] if b"null".startswith(line.strip(b" \t")) else b"x"


def _batches(path: Path, rows: int) -> Iterator[pa.RecordBatch]:
    import pyarrow.json as json

    with json.open_json(path) as reader:
        for batch in reader:
            batch.validate(full=True)
            for start in range(0, batch.num_rows, rows):
                yield batch.slice(start, rows)
