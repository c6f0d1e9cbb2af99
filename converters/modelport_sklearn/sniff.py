"""Recognising a pickle: by its first bytes, through any compression that joblib writes, and as a live object."""

import bz2
import lzma
import re
import zlib
from collections.abc import Callable

TEXT_PICKLE = re.compile(rb"\(?[ci][\w.]+\n[\w.]+\n|[\(\]\}][\(dlpqc\]\}]|\((?:dp|lp)\d|[\]\}]q.")
"""Protocols 0 and 1 have no header: a global, or a list or dictionary being built."""

PACKED: dict[bytes, Callable[[], Callable[[bytes], bytes]]] = {
    b"\x1f\x8b": lambda: zlib.decompressobj(31).decompress,
    b"BZh": lambda: bz2.BZ2Decompressor().decompress,
    b"\xfd7zXZ\x00": lambda: lzma.LZMADecompressor(lzma.FORMAT_XZ).decompress,
    b"]\x00\x00": lambda: lzma.LZMADecompressor(lzma.FORMAT_ALONE).decompress,
    b"x\x01": lambda: zlib.decompressobj().decompress,
    b"x\x5e": lambda: zlib.decompressobj().decompress,
    b"x\x9c": lambda: zlib.decompressobj().decompress,
    b"x\xda": lambda: zlib.decompressobj().decompress,
}
"""First bytes of each compression → a fresh function that unpacks the beginning of a stream."""

ZIP = b"PK\x03\x04"


def sniff(head: bytes) -> bool:
    """Whether a file that begins so is a pickle, a joblib file, or a skops archive."""
    if head.startswith(ZIP):
        return is_skops(head)
    if _is_pickle(head):
        return True
    inside = next((_unpacked(head, start) for magic, start in PACKED.items() if head.startswith(magic)), None)
    return inside is not None and (inside == b"" or _is_pickle(inside))


def is_skops(head: bytes) -> bool:
    """Whether the first member of a zip is one that skops writes: its schema, an array or bytes named by a number."""
    name = head[30 : 30 + int.from_bytes(head[26:28], "little")]
    return name == b"schema.json" or re.fullmatch(rb"\d+\.np[yz]|[\da-f-]+\.bin", name) is not None


def _unpacked(head: bytes, start: Callable[[], Callable[[bytes], bytes]]) -> bytes | None:
    """The beginning of what is packed; nothing where its first block is longer than the head, None if it is damaged."""
    try:
        return start()(head)[:256]
    except (OSError, EOFError, ValueError, zlib.error, lzma.LZMAError):
        return None


def _is_pickle(head: bytes) -> bool:
    if len(head) >= 2 and head[0] == 0x80:
        return 2 <= head[1] <= 5
    return TEXT_PICKLE.match(head) is not None


def owns(model: object) -> bool:
    """Whether a live object is an estimator: it has parameters, and learns, predicts or transforms."""
    if isinstance(model, type) or not callable(getattr(model, "get_params", None)):
        return False
    return any(hasattr(type(model), name) for name in ("fit", "predict", "transform", "fit_predict", "fit_transform"))
