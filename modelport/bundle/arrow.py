"""Rows as Arrow IPC files: the same rows give the same bytes, and what is read back is checked before it is used."""

import pyarrow as pa

from modelport.bundle.arrow_file import has_compression
from modelport.errors import InputError, Unsafe
from modelport.signature import TYPES


def dumps(batch: pa.RecordBatch) -> bytes:
    """An Arrow IPC file. Values are rebuilt first: what lies under a null, or beyond a slice, is left out."""
    rebuilt = pa.RecordBatch.from_pylist(batch.to_pylist(), schema=_nullable(batch.schema))
    sink = pa.BufferOutputStream()
    with pa.ipc.new_file(sink, rebuilt.schema) as writer:
        writer.write_batch(rebuilt)
    return bytes(sink.getvalue())


def _nullable(schema: pa.Schema) -> pa.Schema:
    return pa.schema([pa.field(field.name, field.type, True) for field in schema])


def loads(content: bytes, schema: pa.Schema | None, where: str) -> pa.RecordBatch:
    """Reads what `dumps` wrote.

    Args:
        schema: the names and types it must have; None for any.

    Raises:
        InputError: it is no Arrow file, holds other columns, or its buffers are inconsistent.
        Unsafe: its buffers are compressed, so that a small file may unfold into a large one.
    """
    try:
        if has_compression(content):
            raise Unsafe("these golden rows are compressed, which no bundle's are", where=where)
        with pa.ipc.open_file(pa.py_buffer(content)) as reader:
            table = reader.read_all()
        table.validate(full=True)
    except (pa.ArrowException, OSError, ValueError, TypeError) as error:
        raise InputError(f"these golden rows cannot be read: {str(error).splitlines()[0]}", where=where) from error
    if schema is not None and (table.schema.names != schema.names or table.schema.types != schema.types):
        raise InputError("these golden rows have other columns than the bundle's signature", where=where)
    if not all(kind in TYPES.values() for kind in table.schema.types):
        raise InputError("these golden rows have a type that no signature can have", where=where)
    batches = table.combine_chunks().to_batches()
    return batches[0] if batches else pa.RecordBatch.from_pylist([], schema=table.schema)
