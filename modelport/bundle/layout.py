"""The bytes of a `.mport` archive: a ZIP in exactly one form.

A ZIP leaves its writer much freedom (times, flags, extra fields, gaps, comments). A bundle uses none of it: given the
names, sizes and checksums of the members, every other byte of the file is determined. So the same members always give
the same file, and a checker compares the headers byte for byte instead of interpreting them.

Source: PKWARE APPNOTE 6.3.10, sections 4.3.7 (local header), 4.3.12 (central directory), 4.3.16 (end record).
"""

import struct
from collections.abc import Sequence
from dataclasses import dataclass

LIMIT = 0xFFFF_FFFE
"""Bytes a bundle may have: beyond it ZIP needs its 64-bit records, which this form leaves out."""

MEMBERS = 512
"""Members a bundle may have."""

DIRECTORY = MEMBERS * 256
"""Bytes its directory may have: no allowed name is longer than 160 characters, and the rest of an entry has 46."""

_VERSION = 20
_MADE_BY = 3 << 8 | _VERSION
"""Unix, so that the attributes are read as a file mode."""
_UTF8 = 0x0800
_STORED = 0
_TIME, _DATE = 0, 0x21
"""Midnight of 1980-01-01, the earliest that ZIP can say."""
_MODE = 0o100644 << 16


@dataclass(frozen=True, slots=True)
class Member:
    """One file of the archive.

    Attributes:
        name: ASCII path inside the archive.
        size: bytes.
        crc: CRC-32 of the content.
    """

    name: str
    size: int
    crc: int


def local_header(member: Member) -> bytes:
    """What stands right before the content of a member."""
    name = member.name.encode("ascii")
    fixed = (0x04034B50, _VERSION, _UTF8, _STORED, _TIME, _DATE, member.crc, member.size, member.size, len(name), 0)
    return struct.pack("<IHHHHHIIIHH", *fixed) + name


def directory(members: Sequence[Member]) -> bytes:
    """The central directory and the end record, for members that lie one after another from the first byte."""
    entries, offset = bytearray(), 0
    for member in members:
        entries += _entry(member, offset)
        offset += len(local_header(member)) + member.size
    end = struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, len(members), len(members), len(entries), offset, 0)
    return bytes(entries) + end


def _entry(member: Member, offset: int) -> bytes:
    name = member.name.encode("ascii")
    about = (_MADE_BY, _VERSION, _UTF8, _STORED, _TIME, _DATE, member.crc, member.size, member.size, len(name))
    return struct.pack("<IHHHHHHIIIHHHHHII", 0x02014B50, *about, 0, 0, 0, 0, _MODE, offset) + name


def total(members: Sequence[Member]) -> int:
    """Bytes of the whole archive."""
    return sum(len(local_header(member)) + member.size for member in members) + len(directory(members))
