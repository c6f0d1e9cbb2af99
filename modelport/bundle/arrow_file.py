"""Looking at an Arrow file before Arrow reads it: a buffer that is compressed can unfold into any size.

Reads no more of the format than the list of record batches and whether each is compressed.
Source: Arrow columnar format 1.5, "IPC File Format", File.fbs and Message.fbs; FlatBuffers' binary format.
"""

import struct
from collections.abc import Iterator

_MAGIC = b"ARROW1"
_CONTINUED = 0xFFFFFFFF
_DICTIONARIES, _BATCHES = 2, 3
"""Fields of the table Footer."""
_HEADER = 2
"""Field of the table Message: a record batch, as the schema's types leave nothing else."""
_COMPRESSION = 3
"""Field of the table RecordBatch."""
_BLOCK = struct.Struct("<qi4xq")


def has_compression(content: bytes) -> bool:
    """Whether any batch that the footer names is compressed or a dictionary.

    Raises:
        ValueError: this is no Arrow file, or one whose parts lie outside it.
    """
    try:
        return any(_compressed(content, offset) for offset in _batches(content))
    except (struct.error, IndexError) as error:
        raise ValueError("its footer leads outside the file") from error


def _batches(content: bytes) -> Iterator[int]:
    """Offsets of the messages that the footer names."""
    if content[-6:] != _MAGIC or content[:6] != _MAGIC:
        raise ValueError("this is no Arrow file")
    (length,) = struct.unpack_from("<i", content, len(content) - 10)
    start = len(content) - 10 - length
    if length < 0 or start < 0:
        raise ValueError("its footer is longer than the file")
    root = start + _u32(content, start)
    for field in (_DICTIONARIES, _BATCHES):
        at = _field(content, root, field)
        if at is None:
            continue
        vector = at + _u32(content, at)
        count = _u32(content, vector)
        if count and field == _DICTIONARIES:
            raise ValueError("it holds dictionaries")
        for i in range(count):
            yield _BLOCK.unpack_from(content, vector + 4 + i * _BLOCK.size)[0]


def _compressed(content: bytes, offset: int) -> bool:
    if offset < 0:
        raise ValueError("a batch lies outside the file")
    start = offset + (8 if _u32(content, offset) == _CONTINUED else 4)
    message = start + _u32(content, start)
    header = _field(content, message, _HEADER)
    if header is None:
        raise ValueError("a message has no header")
    batch = header + _u32(content, header)
    return _field(content, batch, _COMPRESSION) is not None


def _field(content: bytes, table: int, number: int) -> int | None:
    """Where a field of a table lies; None if it is left out."""
    (back,) = struct.unpack_from("<i", content, table)
    vtable = table - back
    if vtable < 0:
        raise ValueError("a table lies outside the file")
    (size,) = struct.unpack_from("<H", content, vtable)
    slot = 4 + 2 * number
    if slot + 2 > size:
        return None
    (offset,) = struct.unpack_from("<H", content, vtable + slot)
    return table + offset if offset else None


def _u32(content: bytes, at: int) -> int:
    if at < 0:
        raise ValueError("a part lies outside the file")
    (value,) = struct.unpack_from("<I", content, at)
    return int(value)
