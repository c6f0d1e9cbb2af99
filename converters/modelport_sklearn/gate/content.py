"""The bytes of a pickle, unpacked, within limits: read once, so that what was scanned is what is loaded."""

import bz2
import lzma
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

from modelport.errors import InputError, Unsafe
from modelport.formats import Policy
from modelport_sklearn.sniff import PACKED

CHUNK = 1 << 20
RATIO = 100
"""Files that unpack to more than this times their size are bombs; models of zeros alone come near it."""

SMALL = 256 << 20
"""Unpacked sizes below this are never a bomb."""

Unpack = Callable[[bytes], bytes]


def content(path: Path, policy: Policy) -> bytes:
    """The bytes of a file; those within, where it is compressed.

    Raises:
        InputError: it cannot be read, or its compression is damaged or cut short.
        Unsafe: it is larger than the policy allows, or unpacks to absurdly much.
    """
    try:
        size = path.stat().st_size
        if size > policy.max_bytes:
            raise Unsafe(f"this file has {size:,} bytes, more than {policy.max_bytes:,}", where=str(path))
        data = path.read_bytes()
    except OSError as error:
        raise InputError(f"this file cannot be read: {error.strerror}", where=str(path)) from error
    return unpacked(data, policy)


def unpacked(data: bytes, policy: Policy) -> bytes:
    """What is inside a compression that joblib writes; other bytes as they are.

    Raises:
        InputError, Unsafe: as `content`.
    """
    method = next((kind for magic, kind in _METHODS.items() if data.startswith(magic)), None)
    if method is None:
        return data
    try:
        return b"".join(_limited(method(data), len(data), policy))
    except (OSError, EOFError, zlib.error, lzma.LZMAError, ValueError) as error:
        raise InputError(f"the compression of this file is damaged: {error}", hint="save it again") from error


def _limited(chunks: Iterator[bytes], packed: int, policy: Policy) -> Iterator[bytes]:
    total = 0
    for chunk in chunks:
        total += len(chunk)
        if total > policy.max_bytes or total > max(SMALL, RATIO * packed):
            raise Unsafe(f"this file unpacks to more than {total:,} bytes", hint="unpack it yourself, if you trust it")
        yield chunk


def _zlib(bits: int) -> Callable[[bytes], Iterator[bytes]]:
    def chunks(data: bytes) -> Iterator[bytes]:
        while data:
            machine = zlib.decompressobj(bits)
            rest = data
            while not machine.eof:
                out = machine.decompress(rest, CHUNK)
                rest = machine.unconsumed_tail
                if not out and not rest and not machine.eof:
                    raise EOFError("it ends too early")
                yield out
            data = machine.unused_data.lstrip(b"\0")

    return chunks


def _bz2(data: bytes) -> Iterator[bytes]:
    yield from _stream(bz2.BZ2Decompressor, data)


def _lzma(data: bytes) -> Iterator[bytes]:
    yield from _stream(lambda: lzma.LZMADecompressor(memlimit=1 << 30), data)


def _stream(start: Callable[[], bz2.BZ2Decompressor | lzma.LZMADecompressor], data: bytes) -> Iterator[bytes]:
    while data:
        machine = start()
        rest = data
        while not machine.eof:
            out = machine.decompress(rest, CHUNK)
            rest = b""
            if not out and machine.needs_input and not machine.eof:
                raise EOFError("it ends too early")
            yield out
        data = machine.unused_data


_METHODS: dict[bytes, Callable[[bytes], Iterator[bytes]]] = {
    magic: {b"\x1f\x8b": _zlib(31), b"BZh": _bz2, b"\xfd7zXZ\x00": _lzma, b"]\x00\x00": _lzma}.get(magic, _zlib(15))
    for magic in PACKED
}
