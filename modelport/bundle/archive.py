"""Writing and reading the archive of a bundle: strict, streaming, and never outside the names it knows."""

import io
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from modelport.bundle import layout, names
from modelport.bundle.layout import Member
from modelport.errors import InputError, Unsafe, UsageError

Content = bytes | Path
SMALL, LARGE = 4 << 20, 32 << 20
"""Bytes of the manifest, and of any other part, that are read into memory; models are streamed."""

_CHUNK = 1 << 20
_END = 22
_ENTRY = 46
_CHANGED = (
    "it was damaged or changed since; take it again from where it was built, or build it again: modelport package"
)


@dataclass(frozen=True, slots=True)
class Sealed:
    """A member together with the digest of its content."""

    member: Member
    sha256: str


def seal(name: str, content: Content) -> Sealed:
    """Measures a member: size, CRC-32 and SHA-256, in one pass over its content."""
    crc, size, digest = 0, 0, sha256()
    with _reader(content) as source:
        for chunk in _chunks(source):
            crc, size = zlib.crc32(chunk, crc), size + len(chunk)
            digest.update(chunk)
    return Sealed(Member(name, size, crc), digest.hexdigest())


def write(members: Sequence[tuple[Sealed, Content]], target: BinaryIO) -> None:
    """Writes the archive; members in the order of their names.

    Raises:
        UsageError: more than ZIP's 32-bit form holds.
        InputError: a file changed after it was sealed.
    """
    ordered = sorted(members, key=lambda item: item[0].member.name)
    plain = [sealed.member for sealed, _ in ordered]
    if layout.total(plain) > layout.LIMIT or len(plain) > layout.MEMBERS:
        raise UsageError("these models are too large for one bundle (4 GiB)", hint="package fewer formats")
    for sealed, content in ordered:
        target.write(layout.local_header(sealed.member))
        _copy(sealed, content, target)
    target.write(layout.directory(plain))


def _copy(sealed: Sealed, content: Content, target: BinaryIO) -> None:
    digest = sha256()
    with _reader(content) as source:
        for chunk in _chunks(source):
            digest.update(chunk)
            target.write(chunk)
    if digest.hexdigest() != sealed.sha256:
        raise InputError("this file changed while it was being packaged", where=str(content), hint="run it again")


def _reader(content: Content) -> BinaryIO:
    return io.BytesIO(content) if isinstance(content, bytes) else content.open("rb")


def _chunks(source: BinaryIO) -> Iterator[bytes]:
    while chunk := source.read(_CHUNK):
        yield chunk


@dataclass(slots=True)
class Archive:
    """An opened bundle whose directory is known to be in the one form there is.

    Attributes:
        path: the file.
        members: name → member and the offset of its local header.
    """

    path: Path
    members: dict[str, tuple[Member, int]]

    def read(self, name: str, limit: int = LARGE) -> bytes:
        """The content of a small member.

        Raises:
            InputError: there is no such member, or its checksum is wrong.
            Unsafe: it is larger than `limit` bytes.
        """
        member, _ = self._find(name)
        if member.size > limit:
            raise Unsafe(f"the member {name} has {member.size} bytes, where {limit} are allowed", where=str(self.path))
        target = io.BytesIO()
        self.copy(name, target)
        return target.getvalue()

    def copy(self, name: str, target: BinaryIO | None) -> str:
        """Streams a member into `target` (or nowhere) and gives its SHA-256.

        Raises:
            InputError: its header or its checksum is wrong.
        """
        member, offset = self._find(name)
        header, crc, digest, left = layout.local_header(member), 0, sha256(), member.size
        with self.path.open("rb") as file:
            file.seek(offset)
            if file.read(len(header)) != header:
                raise self.damaged(f"the header of {name} is not what it was")
            while left and (chunk := file.read(min(_CHUNK, left))):
                crc, left = zlib.crc32(chunk, crc), left - len(chunk)
                digest.update(chunk)
                if target is not None:
                    target.write(chunk)
        if left or crc != member.crc:
            raise self.damaged(f"the content of {name} is not what it was")
        return digest.hexdigest()

    def _find(self, name: str) -> tuple[Member, int]:
        if name not in self.members:
            raise self.damaged(f"this bundle has no {name}")
        return self.members[name]

    def damaged(self, what: str) -> InputError:
        return InputError(what, where=str(self.path), hint=_CHANGED)


def open_archive(path: Path) -> Archive:
    """Reads and checks the directory of a bundle; no content is read yet.

    Raises:
        InputError: missing, empty, not a bundle, or changed in its structure.
        Unsafe: a member's name is not one that a bundle may have.
    """
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            return _parse(path, file, size)
    except FileNotFoundError as error:
        raise InputError("there is no such file", where=str(path)) from error
    except OSError as error:
        raise InputError(f"this file cannot be read: {error.strerror}", where=str(path)) from error


def _parse(path: Path, file: BinaryIO, size: int) -> Archive:
    if size == 0:
        raise InputError("this file is empty", where=str(path), hint="build it again: modelport package")
    start = file.read(4)
    file.seek(max(0, size - _END))
    end = file.read(_END)
    if start != b"PK\x03\x04":
        raise InputError(
            "this is not a modelport bundle", where=str(path), hint="bundles are built by: modelport package"
        )
    broken = InputError("this bundle is truncated, or its structure was changed", where=str(path), hint=_CHANGED)
    count, length = int.from_bytes(end[10:12], "little"), int.from_bytes(end[12:16], "little")
    if len(end) < _END or count > layout.MEMBERS or length > layout.DIRECTORY or length + _END > size:
        raise broken
    file.seek(size - _END - length)
    raw = file.read()
    members = list(_entries(raw, count))
    claimed = sum(member.size for member in members)
    if claimed > size or layout.directory(members) != raw or layout.total(members) != size:
        raise broken
    return Archive(path, _located(path, members))


def _entries(raw: bytes, count: int) -> Iterator[Member]:
    """Name, size and checksum of each entry; whatever else it says is compared by the caller."""
    at = 0
    for _ in range(count):
        head = raw[at : at + _ENTRY]
        length = int.from_bytes(head[28:30], "little")
        name = raw[at + _ENTRY : at + _ENTRY + length].decode("ascii", "replace").replace("�", "?")
        yield Member(name, int.from_bytes(head[20:24], "little"), int.from_bytes(head[16:20], "little"))
        at += _ENTRY + length


def _located(path: Path, members: Sequence[Member]) -> dict[str, tuple[Member, int]]:
    found: dict[str, tuple[Member, int]] = {}
    taken: set[str] = set()
    offset = 0
    for member in members:
        if not names.allowed(member.name):
            raise Unsafe(f"a bundle may not hold a member called {member.name!r}", where=str(path))
        if member.name.lower() in taken:  # on many file systems they would be one file
            raise Unsafe(f"this bundle holds two members called {member.name!r}", where=str(path))
        taken.add(member.name.lower())
        found[member.name] = (member, offset)
        offset += len(layout.local_header(member)) + member.size
    if list(found) != sorted(found):
        raise InputError("the members of this bundle are out of order", where=str(path), hint=_CHANGED)
    return found
