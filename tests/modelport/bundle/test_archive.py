"""Hostile archives: whatever a ZIP can say besides the one form there is, it is refused before anything is read."""

import io
import struct
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from modelport.bundle import archive, layout, names
from modelport.bundle.archive import open_archive
from modelport.bundle.layout import Member
from modelport.errors import InputError, ModelportError, Unsafe, UsageError

Parts = Sequence[tuple[str, bytes]]
PARTS: Parts = (("models/a.onnx", b"weights"), ("signature.json", b"{}"))


def member(name: str, content: bytes) -> Member:
    return Member(name, len(content), zlib.crc32(content))


def packed(parts: Parts = PARTS) -> bytes:
    """An archive in the one form, of any names in any order."""
    members = [member(*part) for part in parts]
    body = b"".join(layout.local_header(m) + content for m, (_, content) in zip(members, parts, strict=True))
    return body + layout.directory(members)


def opened(tmp_path: Path, content: bytes) -> archive.Archive:
    path = tmp_path / "x.mport"
    path.write_bytes(content)
    return open_archive(path)


def read_all(opened: Callable[[Path, bytes], archive.Archive], tmp_path: Path, content: bytes) -> None:
    found = opened(tmp_path, content)
    for name in found.members:
        found.copy(name, io.BytesIO())


def refused(tmp_path: Path, content: bytes, kind: type[ModelportError] = InputError) -> None:
    """Refused when it is opened, or at the latest when what it holds is read."""
    with pytest.raises(kind):
        read_all(opened, tmp_path, content)


def put(content: bytes, at: int, form: str, value: int) -> bytes:
    """With a number written over what is there; positions below zero count from the end."""
    changed, place = bytearray(content), at if at >= 0 else len(content) + at
    struct.pack_into(f"<{form}", changed, place, value)
    return bytes(changed)


FIRST_LOCAL = 0
FIRST_ENTRY = packed().index(b"PK\x01\x02")
SECOND_ENTRY = packed().index(b"PK\x01\x02", FIRST_ENTRY + 4)
SECOND_LOCAL = packed().index(b"PK\x03\x04", 4)
END = -22


def test_the_one_form_is_read(tmp_path: Path) -> None:
    found = opened(tmp_path, packed())
    assert {name: found.read(name) for name in found.members} == dict(PARTS)


def test_the_same_name_twice_is_unsafe(tmp_path: Path) -> None:
    refused(tmp_path, packed((*PARTS, ("signature.json", b"[]"))), Unsafe)


def test_names_that_are_one_file_on_other_systems_are_unsafe(tmp_path: Path) -> None:
    refused(tmp_path, packed((("models/A.onnx", b"1"), ("models/a.onnx", b"2"))), Unsafe)


@pytest.mark.parametrize(
    "name",
    [
        *("../a", "/a", "models/../a", "models/./a", "models//a", "models/a/b", "models\\a", "C:a", "a", ""),
        *("models/", "models/.a", "models/a.", "models/con", "models/NUL.onnx", "models/lpt1.pkl", "models/a b"),
        *("golden/expected/01.arrow", "golden/expected/1000.arrow", "golden/expected/x.arrow", "models/" + "a" * 129),
        *("Manifest.json", "manifest.json/", "card/model.md/x", "models/a\n", "models/a\x00"),
    ],
)
def test_names_off_the_list_are_unsafe(name: str, tmp_path: Path) -> None:
    assert not names.allowed(name)
    refused(tmp_path, packed(((name, b"x"),)), Unsafe)


@pytest.mark.parametrize("name", [*names.REQUIRED, names.MANIFEST, "models/a.onnx", "golden/expected/0.arrow"])
def test_names_on_the_list_are_allowed(name: str, tmp_path: Path) -> None:
    assert names.allowed(name)
    assert list(opened(tmp_path, packed(((name, b"x"),))).members) == [name]


def test_a_name_beyond_ascii_is_refused(tmp_path: Path) -> None:
    whole = packed().replace(b"models/a.onnx", b"models/\xff.onnx")
    refused(tmp_path, whole, ModelportError)


def test_members_out_of_order_are_refused(tmp_path: Path) -> None:
    refused(tmp_path, packed(tuple(reversed(PARTS))))


@pytest.mark.parametrize(
    ("at", "form", "value"),
    [
        pytest.param(FIRST_ENTRY + 10, "H", 8, id="deflated, says the directory"),
        pytest.param(FIRST_LOCAL + 8, "H", 8, id="deflated, says the header"),
        pytest.param(FIRST_ENTRY + 8, "H", 1, id="encrypted"),
        pytest.param(FIRST_ENTRY + 8, "H", 0x808, id="sizes follow the content"),
        pytest.param(FIRST_ENTRY + 24, "I", 1 << 30, id="unfolds to a gigabyte"),
        pytest.param(FIRST_LOCAL + 22, "I", 1 << 30, id="unfolds to a gigabyte, says the header"),
        pytest.param(FIRST_ENTRY + 20, "I", 0xFFFFFFFF, id="zip64 size"),
        pytest.param(FIRST_ENTRY + 42, "I", 0xFFFFFFFF, id="zip64 offset"),
        pytest.param(SECOND_ENTRY + 42, "I", 0, id="overlaps the first"),
        pytest.param(SECOND_ENTRY + 42, "I", SECOND_LOCAL + 1, id="not where it lies"),
        pytest.param(FIRST_ENTRY + 16, "I", 0, id="another checksum"),
        pytest.param(FIRST_LOCAL + 14, "I", 0, id="another checksum, says the header"),
        pytest.param(FIRST_ENTRY + 38, "I", 0o120777 << 16, id="a symbolic link"),
        pytest.param(FIRST_ENTRY + 38, "I", 0o040755 << 16, id="a folder"),
        pytest.param(FIRST_ENTRY + 34, "H", 1, id="on another disk"),
        pytest.param(FIRST_ENTRY + 30, "H", 4, id="an extra field"),
        pytest.param(FIRST_ENTRY + 32, "H", 4, id="a comment of the entry"),
        pytest.param(FIRST_LOCAL + 28, "H", 4, id="an extra field, says the header"),
        pytest.param(FIRST_ENTRY + 12, "H", 1, id="a time"),
        pytest.param(FIRST_ENTRY + 28, "H", 0xFFFF, id="a name longer than the directory"),
        pytest.param(FIRST_ENTRY, "I", 0x06054B50, id="another kind of record"),
        pytest.param(END + 4, "H", 1, id="many disks"),
        pytest.param(END + 8, "H", 1, id="fewer entries on this disk"),
        pytest.param(END + 10, "H", 1, id="fewer entries"),
        pytest.param(END + 10, "H", 3, id="more entries"),
        pytest.param(END + 10, "H", 0xFFFF, id="zip64 count"),
        pytest.param(END + 12, "I", 0, id="no directory"),
        pytest.param(END + 12, "I", 0xFFFFFFFF, id="zip64 directory"),
        pytest.param(END + 16, "I", 0, id="directory elsewhere"),
        pytest.param(END + 20, "H", 5, id="a comment that is not there"),
    ],
)
def test_a_lie_in_the_structure_is_refused(at: int, form: str, value: int, tmp_path: Path) -> None:
    assert put(packed(), at, form, value) != packed()
    refused(tmp_path, put(packed(), at, form, value))


def _zip64(whole: bytes) -> bytes:
    """With the records of ZIP's 64-bit form before the end record, which other readers believe instead."""
    start = len(whole) - 22
    record = struct.pack("<IQHHIIQQQQ", 0x06064B50, 44, 45, 45, 0, 0, 2, 2, start - FIRST_ENTRY, FIRST_ENTRY)
    locator = struct.pack("<IIQI", 0x07064B50, 0, start, 1)
    return whole[:start] + record + locator + whole[start:]


def _commented(whole: bytes) -> bytes:
    """With a comment that is itself an end record: readers disagree which is the last."""
    return put(whole, END + 20, "H", 22) + whole[-22:]


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda whole: b"\x00" + whole, id="a byte before"),
        pytest.param(lambda whole: b"#!/bin/sh\n" + whole, id="a script before"),
        pytest.param(lambda whole: packed((("models/b.onnx", b"evil"),)) + whole, id="an archive before"),
        pytest.param(lambda whole: whole + b"\x00", id="a byte after"),
        pytest.param(lambda whole: whole + packed((("models/b.onnx", b"evil"),)), id="an archive after"),
        pytest.param(lambda whole: whole[:FIRST_ENTRY] + b"gap" + whole[FIRST_ENTRY:], id="a gap"),
        pytest.param(lambda whole: whole[:-22] + b"gap" + whole[-22:], id="a gap before the end"),
        pytest.param(_zip64, id="zip64 records"),
        pytest.param(_commented, id="an end record as comment"),
        pytest.param(lambda whole: whole[:-1], id="cut off"),
        pytest.param(lambda whole: whole[:3], id="three bytes"),
        pytest.param(lambda whole: b"PK\x03\x04", id="four bytes"),
        pytest.param(lambda whole: whole[-22:], id="an end record alone"),
        pytest.param(lambda whole: b"\x1f\x8b" + whole, id="gzip"),
    ],
)
def test_what_is_around_it_is_refused(change: Callable[[bytes], bytes], tmp_path: Path) -> None:
    refused(tmp_path, change(packed()))


def test_more_members_than_allowed_are_refused(tmp_path: Path) -> None:
    many = tuple((f"models/{i:04}.onnx", b"") for i in range(layout.MEMBERS + 1))
    refused(tmp_path, packed(many))
    assert len(opened(tmp_path, packed(many[:-1])).members) == layout.MEMBERS
    sealed = [(archive.seal(name, content), content) for name, content in many]
    with pytest.raises(UsageError, match="too large"):
        archive.write(sealed, io.BytesIO())


def test_a_directory_longer_than_any_is_not_read(tmp_path: Path) -> None:
    """The size that is claimed is what would be read into memory."""
    path = tmp_path / "x.mport"
    with path.open("wb") as file:
        file.write(b"PK\x03\x04")
        file.truncate(layout.DIRECTORY * 4)
        file.seek(0, 2)
        file.write(struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, 1, 1, layout.DIRECTORY + 1, 0, 0))
    reads: list[int] = []

    class Watched(io.FileIO):
        def readall(self) -> bytes:
            reads.append(1)
            return super().readall()

        def read(self, size: int | None = -1) -> bytes:
            reads.append(size or 0)
            return super().read(size) or b""

    with Watched(path, "rb") as file, pytest.raises(InputError, match="structure"):
        archive._parse(path, file, path.stat().st_size)  # type: ignore[arg-type]  # a FileIO reads as a BinaryIO does
    assert max(reads) <= 22
    assert min(reads) > 0


def test_a_small_part_that_is_large_is_not_read(tmp_path: Path) -> None:
    found = opened(tmp_path, packed((("signature.json", b"x" * 1000),)))
    assert len(found.read("signature.json", 1000)) == 1000
    with pytest.raises(Unsafe, match="1000 bytes, where 999 are allowed"):
        found.read("signature.json", 999)


def test_a_large_member_is_streamed(tmp_path: Path) -> None:
    """Zeros of a size that a bundle may have are never held at once."""
    import tracemalloc

    size = 64 << 20
    path = tmp_path / "large.mport"
    with path.open("wb") as target:
        content = tmp_path / "zeros"
        with content.open("wb") as zeros:
            zeros.truncate(size)
        archive.write([(archive.seal("models/a.onnx", content), content)], target)
    tracemalloc.start()
    open_archive(path).copy("models/a.onnx", None)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 8 << 20


def test_content_that_is_not_what_the_header_says_is_refused(tmp_path: Path) -> None:
    refused(tmp_path, packed().replace(b"weights", b"weightz"))


def test_a_bundle_is_one_file(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        open_archive(tmp_path)
