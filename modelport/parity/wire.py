"""Messages between a comparison and the process that runs a session: a JSON head and Arrow batches, never a pickle.

What comes back from a process that ran an untrusted file is data to be checked, so nothing in it can name code.
"""

import json
import struct
from collections.abc import Mapping, Sequence
from typing import Any, BinaryIO

import pyarrow as pa

from modelport.parity import shared

_HEAD = struct.Struct("<QQ")
MOST_BYTES = 8 << 30
"""Of one part of a message; a length beyond it is nonsense."""


class Closed(Exception):
    """The other side is gone, or sends nonsense."""


def send(
    stream: BinaryIO,
    head: Mapping[str, Any],
    batches: Sequence[pa.RecordBatch] = (),
    outbox: shared.Outbox | None = None,
) -> None:
    """Writes one message; large batches go through the outbox, if there is one.

    Raises:
        Closed: nobody reads it.
    """
    sizes = outbox.put(batches) if outbox is not None and batches else None
    if sizes is not None:
        head, batches = {**head, "shared": sizes}, ()
    text, body = json.dumps(head).encode(), _packed(batches)
    try:
        stream.write(_HEAD.pack(len(text), len(body)))
        stream.write(text)
        stream.write(body)
        stream.flush()
    except (BrokenPipeError, ValueError, OSError) as error:
        raise Closed(str(error)) from error


def receive(stream: BinaryIO, handle: int | None = None) -> tuple[dict[str, Any], list[pa.RecordBatch]]:
    """Reads one message.

    Args:
        handle: of the memory that the other side's outbox writes to.

    Raises:
        Closed: there is none, or it is damaged.
    """
    sizes = _HEAD.unpack(_exactly(stream, _HEAD.size))
    if max(sizes) > MOST_BYTES:
        raise Closed("a message of impossible length")
    try:
        head = dict(json.loads(_exactly(stream, sizes[0])))
        batches = _unpacked(_exactly(stream, sizes[1]))
        if handle is not None and "shared" in head:
            batches = shared.read(handle, head.pop("shared"))
        return head, batches
    except (ValueError, TypeError, OSError, pa.ArrowException) as error:
        raise Closed(f"a damaged message: {error}") from error


def _exactly(stream: BinaryIO, size: int) -> bytes:
    parts, left = [], size
    while left:
        part = stream.read(left)
        if not part:
            raise Closed("the stream ended")
        parts.append(part)
        left -= len(part)
    return parts[0] if len(parts) == 1 else b"".join(parts)


def _packed(batches: Sequence[pa.RecordBatch]) -> bytes:
    """Batches of any schemas, one Arrow stream after another, each with its length before it."""
    parts = []
    for batch in batches:
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, batch.schema) as writer:
            writer.write_batch(batch)
        data = sink.getvalue().to_pybytes()
        parts += [struct.pack("<Q", len(data)), data]
    return b"".join(parts)


def _unpacked(data: bytes) -> list[pa.RecordBatch]:
    batches, at = [], 0
    while at < len(data):
        (size,) = struct.unpack_from("<Q", data, at)
        with pa.ipc.open_stream(pa.py_buffer(data)[at + 8 : at + 8 + size]) as reader:
            batch = reader.read_next_batch()
        batch.validate(full=True)
        batches.append(batch)
        at += 8 + size
    return batches
