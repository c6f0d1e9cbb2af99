"""Batches handed to another process through memory that both see, instead of through a pipe.

Only questions travel so: what comes back from a process that runs an untrusted file is copied out of a pipe, where it
cannot change any more. The memory cannot be made smaller by the other side, so writing to it is safe.
"""

import mmap
import os
from collections.abc import Sequence
from contextlib import suppress

import pyarrow as pa

SMALLEST = 1 << 16
"""Bytes below which a pipe is as quick."""

_ALIGNED = 64
_GROWS = 1 << 20


class Outbox:
    """The writing side. Where the system has no such memory it takes nothing, and batches go through the pipe."""

    def __init__(self) -> None:
        self.handle: int | None = _memory()
        self._map: mmap.mmap | None = None

    def put(self, batches: Sequence[pa.RecordBatch]) -> list[int] | None:
        """Writes batches; gives the length of each, or None if they are to go another way."""
        if self.handle is None or sum(batch.nbytes for batch in batches) < SMALLEST:
            return None
        sizes = [_size(batch) for batch in batches]
        room = self._room(sum(map(_padded, sizes)))
        at = 0
        for batch, size in zip(batches, sizes, strict=True):
            with pa.FixedSizeBufferWriter(pa.py_buffer(room[at : at + size])) as sink, _writer(sink, batch) as writer:
                writer.write_batch(batch)
            at += _padded(size)
        return sizes

    def _room(self, size: int) -> memoryview:
        assert self.handle is not None, "asked only where there is memory"
        if self._map is None or len(self._map) < size:
            grown = -(-size // _GROWS) * _GROWS
            os.ftruncate(self.handle, grown)
            self._map = mmap.mmap(self.handle, grown)
        return memoryview(self._map)

    def close(self) -> None:
        """Gives the memory back; may be called twice."""
        if self.handle is not None:
            with suppress(OSError):
                os.close(self.handle)
        self.handle = self._map = None


def read(handle: int, sizes: Sequence[int]) -> list[pa.RecordBatch]:
    """The batches that an `Outbox` wrote; they are good until it writes again."""
    if not sizes:
        return []
    room = pa.py_buffer(mmap.mmap(handle, sum(map(_padded, sizes)), prot=mmap.PROT_READ))
    batches, at = [], 0
    for size in sizes:
        with pa.ipc.open_stream(room.slice(at, size)) as reader:
            batches.append(reader.read_next_batch())
        at += _padded(size)
    return batches


def _memory() -> int | None:
    """A file in memory that can grow but not shrink; None where there is no such thing (it is Linux's)."""
    import fcntl

    try:
        handle = os.memfd_create("modelport", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
        fcntl.fcntl(handle, fcntl.F_ADD_SEALS, fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_SEAL)
    except (AttributeError, OSError):
        return None
    return handle


def _size(batch: pa.RecordBatch) -> int:
    sink = pa.MockOutputStream()
    with _writer(sink, batch) as writer:
        writer.write_batch(batch)
    return int(sink.size())


def _writer(sink: pa.NativeFile, batch: pa.RecordBatch) -> pa.RecordBatchStreamWriter:
    return pa.ipc.new_stream(sink, batch.schema)


def _padded(size: int) -> int:
    return -(-size // _ALIGNED) * _ALIGNED
