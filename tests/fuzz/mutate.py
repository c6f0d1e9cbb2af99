"""Ways to damage a file: bytes for any, members for archives, insides for compressed ones."""

import bz2
import gzip
import io
import lzma
import zipfile
import zlib
from collections.abc import Callable, Sequence
from random import Random

from tests.fuzz.harness import Mutate

LONGEST = 1 << 18
"""Bytes of a mutated file: large ones are slow, and say little more."""

NUMBERS = tuple(
    value.to_bytes(size, "little", signed=value < 0)
    for size in (1, 2, 4, 8)
    for value in (0, 1, -1, (1 << (8 * size - 1)) - 1, -(1 << (8 * size - 1)), 16, 100)
)


def of_bytes(words: Sequence[bytes] = (), seeds: Callable[[], Sequence[bytes]] | None = None) -> Mutate:
    """A few changes: bytes set, cut out, doubled, exchanged for words of the format, taken from elsewhere."""

    def mutate(data: bytes, random: Random) -> bytes:
        found = bytearray(data)
        for _ in range(1 << random.randrange(5)):
            _change(found, random, words)
        return bytes(found[:LONGEST])

    return mutate


def _change(data: bytearray, random: Random, words: Sequence[bytes]) -> None:
    at = random.randrange(len(data) + 1)
    span = random.choice((1, 1, 2, 4, 8, 30, 200))
    match random.randrange(9):
        case 0:
            data[at : at + 1] = bytes([random.randrange(256)])
        case 1 if at < len(data):
            data[at] ^= 1 << random.randrange(8)
        case 2:
            del data[at : at + span]
        case 3:
            data[at:at] = data[at : at + span]
        case 4:
            start = random.randrange(len(data) + 1)
            data[at : at + span] = data[start : start + span]
        case 5:
            number = random.choice(NUMBERS)
            data[at : at + len(number)] = number
        case 6 | 7 if words:
            word = random.choice(words)
            data[at : at + random.choice((0, len(word)))] = word
        case 8 if random.randrange(20) == 0:
            del data[at:]


UNPACK: tuple[tuple[bytes, Callable[[bytes], bytes], Callable[[bytes], bytes]], ...] = (
    (b"\x1f\x8b", gzip.decompress, lambda data: gzip.compress(data, 1)),
    (b"BZh", bz2.decompress, bz2.compress),
    (b"\xfd7zXZ", lzma.decompress, lambda data: lzma.compress(data, preset=0)),
    (b"]\x00\x00", lzma.decompress, lambda data: lzma.compress(data, lzma.FORMAT_ALONE, preset=0)),
    (b"x", zlib.decompress, lambda data: zlib.compress(data, 1)),
)


def inside(inner: Mutate) -> Mutate:
    """Mostly what a compressed file holds is changed, now and then the compression itself."""

    def mutate(data: bytes, random: Random) -> bytes:
        for magic, unpack, pack in UNPACK:
            if data.startswith(magic) and random.randrange(8):
                try:
                    return pack(inner(unpack(data), random))
                except (OSError, EOFError, ValueError, zlib.error, lzma.LZMAError):
                    break
        return inner(data, random)

    return mutate


Rebuild = Callable[[dict[str, bytes]], bytes]


def zipped(members: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), data)
    return buffer.getvalue()


def members(inner: Mutate, rebuild: Rebuild = zipped) -> Mutate:
    """Mostly one member of an archive is changed, and the archive is written anew around it."""

    def mutate(data: bytes, random: Random) -> bytes:
        if random.randrange(6) == 0:
            return inner(data, random)
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                found = {name: archive.read(name) for name in archive.namelist()}
            name = random.choice(sorted(found))
            if random.randrange(12) == 0:
                found[inner(name.encode(), random).decode("utf-8", "replace")] = found.pop(name)
            else:
                found[name] = inner(found[name], random)
            return rebuild(found)
        except Exception:  # a file that is no archive any more is changed byte by byte
            return inner(data, random)

    return mutate
