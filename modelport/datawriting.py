"""Writers of data files, one function a kind; each takes record batches as they come."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa

from modelport.errors import UsageError

Write = Callable[[pa.RecordBatch], Any]
Opener = Callable[[Path, pa.Schema], Any]


def check_suffix(path: Path) -> None:
    """Whether rows can be written to a file of this name.

    Raises:
        UsageError: no writer knows its suffix.
    """
    if path.suffix.lower() not in _OPENERS:
        raise UsageError("no writer knows this kind of data", where=str(path), hint=f"use {', '.join(_OPENERS)}")


@contextmanager
def writer(path: Path, schema: pa.Schema) -> Iterator[Write]:
    """A function that appends a batch of the schema to a file, by its suffix.

    Raises:
        UsageError: no writer knows its suffix.
    """
    check_suffix(path)
    with _OPENERS[path.suffix.lower()](path, schema) as write:
        yield write


@contextmanager
def _parquet(path: Path, schema: pa.Schema) -> Iterator[Write]:
    import pyarrow.parquet as pq

    with pq.ParquetWriter(path, schema) as target:
        yield target.write_batch


@contextmanager
def _csv(path: Path, schema: pa.Schema) -> Iterator[Write]:
    import pyarrow.csv as csv

    with csv.CSVWriter(path, schema) as target:
        yield target.write_batch


@contextmanager
def _arrow(path: Path, schema: pa.Schema) -> Iterator[Write]:
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, schema) as target:
        yield target.write_batch


@contextmanager
def _json_lines(path: Path, schema: pa.Schema) -> Iterator[Write]:
    import json

    with path.open("w", encoding="utf-8") as target:

        def write(batch: pa.RecordBatch) -> None:
            target.writelines(json.dumps(row, ensure_ascii=False, default=str) + "\n" for row in _plain(batch))

        yield write


def _plain(batch: pa.RecordBatch) -> Iterator[dict[str, Any]]:
    """Rows as JSON holds them: what is no number in JSON (NaN, infinity) becomes null or text."""
    for row in batch.to_pylist():
        yield {name: _cell(value) for name, value in row.items()}


def _cell(value: Any) -> Any:
    if not isinstance(value, float) or value - value == 0:
        return value
    return None if value != value else str(value)


_OPENERS: dict[str, Opener] = {
    ".parquet": _parquet,
    ".csv": _csv,
    ".arrow": _arrow,
    ".feather": _arrow,
    ".jsonl": _json_lines,
    ".ndjson": _json_lines,
}
