"""Universal Binary JSON, as XGBoost writes it.

Source: the UBJSON draft 12 specification (types, strongly typed containers) and XGBoost's use of it: big-endian
numbers, arrays of one type as `[$<type>#<length>`.
"""

import struct
from typing import Any

import numpy as np

from modelport.errors import InputError

_NUMBERS = {b"i": ">b", b"U": ">B", b"I": ">h", b"l": ">i", b"L": ">q", b"d": ">f", b"D": ">d"}
_ARRAYS = {b"i": ">i1", b"U": ">u1", b"I": ">i2", b"l": ">i4", b"L": ">i8", b"d": ">f4", b"D": ">f8"}
_FIXED: dict[bytes, Any] = {b"Z": None, b"T": True, b"F": False}
_DEPTH = 64


def loads(data: bytes) -> Any:
    """The value a document holds; arrays of one number type are NumPy arrays.

    Raises:
        InputError: it is truncated, too deep, or no UBJSON.
    """
    try:
        return _Reader(data).value(0)
    except (struct.error, IndexError, UnicodeDecodeError, OverflowError, MemoryError) as error:
        raise InputError(f"the file ends early or is damaged: {error}") from error


class _Reader:
    def __init__(self, data: bytes) -> None:
        self.data, self.at = data, 0

    def take(self, count: int) -> bytes:
        if count < 0 or self.at + count > len(self.data):
            raise InputError("the file ends early or is damaged", hint="write it again")
        self.at += count
        return self.data[self.at - count : self.at]

    def peek(self) -> bytes:
        return self.data[self.at : self.at + 1]

    def number(self, kind: bytes) -> Any:
        code = _NUMBERS[kind]
        return struct.unpack(code, self.take(struct.calcsize(code)))[0]

    def length(self) -> int:
        kind = self.take(1)
        if kind not in _NUMBERS or kind in b"dD":
            raise InputError("a length in the file is no whole number")
        return int(self.number(kind))

    def text(self) -> str:
        return self.take(self.length()).decode()

    def value(self, depth: int, kind: bytes | None = None) -> Any:
        kind = kind or self.take(1)
        if depth > _DEPTH:
            raise InputError("the file is nested too deeply to be a model")
        if kind in _FIXED:
            return _FIXED[kind]
        if kind in _NUMBERS:
            return self.number(kind)
        if kind == b"C":
            return self.take(1).decode()
        if kind in (b"S", b"H"):
            return self.text()
        if kind == b"[":
            return self.array(depth + 1)
        if kind == b"{":
            return self.object(depth + 1)
        raise InputError(f"the file holds {kind!r} where a value belongs")

    def header(self) -> tuple[bytes | None, int | None]:
        kind = None
        if self.peek() == b"$":
            self.take(1)
            kind = self.take(1)
        if self.peek() != b"#":
            return kind, None
        self.take(1)
        return kind, self.length()

    def array(self, depth: int) -> Any:
        kind, count = self.header()
        if kind in _ARRAYS and count is not None:
            dtype = np.dtype(_ARRAYS[kind])
            return np.frombuffer(self.take(count * dtype.itemsize), dtype).astype(dtype.newbyteorder("="))
        items: list[Any] = []
        if count is not None:
            while len(items) < count:
                items.append(self.value(depth, kind))
            return items
        while self.peek() != b"]":
            items.append(self.value(depth))
        self.take(1)
        return items

    def object(self, depth: int) -> dict[str, Any]:
        kind, count = self.header()
        found: dict[str, Any] = {}
        while len(found) < count if count is not None else self.peek() != b"}":
            name = self.text()
            found[name] = self.value(depth, kind)
        if count is None:
            self.take(1)
        return found
