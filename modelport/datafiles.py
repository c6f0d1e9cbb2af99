"""Readers of data files, one function a kind; each streams record batches."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa

from modelport.data import Data
from modelport.datafolders import files_of, joined
from modelport.errors import InputError, UsageError
from modelport.jsonlines import open_json_lines

Opener = Callable[[Path], tuple[pa.Schema, Callable[[int], Iterator[pa.RecordBatch]]]]


def open_data(path: Path) -> Data:
    """A data file, by its suffix; of a folder or a pattern, every data file, one after another.

    Raises:
        InputError: missing, empty or damaged.
        UsageError: no reader knows its suffix.
    """
    files = many(path)
    if files is not None:
        return joined(path, files, open_data)
    if path.suffix.lower() == ".csv":
        return _csv(_there(path))
    opener = _OPENERS.get(path.suffix.lower())
    if opener is None:
        raise UsageError("no reader knows this kind of data", where=str(path), hint=f"use {', '.join(SUFFIXES)}")
    try:
        schema, read = opener(_there(path))
        _ = schema.names  # text is decoded when it is asked for, and so may fail only now
    except (pa.ArrowException, OSError, ValueError) as error:
        raise _damaged(path, error) from error
    return Data(path.name, schema, lambda rows: _guarded(path, read(rows)))


def many(path: Path) -> list[Path] | None:
    """The data files of a folder or of a pattern; None if it is one file.

    Raises:
        InputError: there is no data file among them.
    """
    return files_of(path, SUFFIXES)


def _there(path: Path) -> Path:
    if not path.exists():
        raise InputError("there is no such data file", where=str(path))
    if path.is_file() and path.stat().st_size == 0:
        raise InputError("this data file is empty", where=str(path))
    return path


def _csv(path: Path, kinds: Mapping[str, pa.DataType] | None = None) -> Data:
    from modelport.datacsv import open_csv

    try:
        schema, read, notes = open_csv(path, kinds)
        _ = schema.names  # as above
    except (pa.ArrowException, OSError, ValueError) as error:
        raise _damaged(path, error) from error

    def typed(more: Mapping[str, pa.DataType]) -> Data:
        return _csv(path, {**(kinds or {}), **more})

    return Data(path.name, schema, lambda rows: _guarded(path, read(rows)), notes, typed)


def _guarded(path: Path, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    try:
        yield from batches
    except (pa.ArrowException, OSError, ValueError) as error:
        raise _damaged(path, error) from error


def _damaged(path: Path, error: Exception) -> InputError:
    reason = str(error).splitlines()[0] if str(error) else type(error).__name__
    return InputError(f"this data file cannot be read: {reason}", where=str(path), hint="write it again, or repair it")


def _parquet(path: Path) -> tuple[pa.Schema, Any]:
    import pyarrow.parquet as pq

    schema = pq.read_schema(path)
    return schema, lambda rows: _parquet_batches(path, rows)


def _parquet_batches(path: Path, rows: int) -> Iterator[pa.RecordBatch]:
    import pyarrow.parquet as pq

    # Buffered ahead, a file would be held in memory whole.
    with pq.ParquetFile(path, pre_buffer=False, page_checksum_verification=True) as file:
        try:
            yield from file.iter_batches(batch_size=rows)
        except (pa.ArrowException, OSError) as error:
            raise (_damaged_group(path, file) or _damaged(path, error)) from error


def _damaged_group(path: Path, file: Any) -> InputError | None:
    """The first column of the first row group that cannot be read, by name, and what can be."""
    before = 0
    for group in range(file.num_row_groups):
        rows = file.metadata.row_group(group).num_rows
        for name in file.schema_arrow.names:
            try:
                file.read_row_group(group, columns=[name])
            except (pa.ArrowException, OSError) as error:
                return InputError(
                    f"column {name!r} is damaged in row group {group} (rows {before:,} to {before + rows - 1:,}): "
                    f"{str(error).splitlines()[0]}",
                    where=str(path),
                    hint="write the file again; rows are never left out silently",
                )
        before += rows
    return None


def _feather(path: Path) -> tuple[pa.Schema, Any]:
    with pa.OSFile(str(path)) as source, pa.ipc.open_file(source) as reader:
        schema = reader.schema
    return schema, lambda rows: _feather_batches(path, rows)


def _feather_batches(path: Path, rows: int) -> Iterator[pa.RecordBatch]:
    with pa.memory_map(str(path)) as source, pa.ipc.open_file(source) as reader:
        for i in range(reader.num_record_batches):
            batch = reader.get_batch(i)
            batch.validate(full=True)  # offsets and lengths are taken from the file as they come
            for start in range(0, batch.num_rows, rows):
                yield batch.slice(start, rows)


_OPENERS: dict[str, Opener] = {
    ".parquet": _parquet,
    ".feather": _feather,
    ".arrow": _feather,
    ".jsonl": open_json_lines,
    ".ndjson": open_json_lines,
}

SUFFIXES = (".parquet", ".csv", *(suffix for suffix in _OPENERS if suffix != ".parquet"))
