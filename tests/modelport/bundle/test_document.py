"""docs/bundle.md is enough to write a reader: here is one, of nothing but the document and the standard library."""

import json
import re
import struct
import zlib
from hashlib import sha256
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from modelport.bundle import Bundle, layout, names

PAGE = (Path(__file__).parents[3] / "docs" / "bundle.md").read_text()


class Refused(Exception):
    """The file is no bundle as the document has it."""


def must(holds: object, why: str) -> None:
    if not holds:
        raise Refused(why)


def local(name: bytes, crc: int, size: int) -> bytes:
    return struct.pack("<IHHHHHIIIHH", 0x04034B50, 20, 0x0800, 0, 0, 33, crc, size, size, len(name), 0) + name


def entry(name: bytes, crc: int, size: int, offset: int) -> bytes:
    head = struct.pack("<IHHHHHHIIIH", 0x02014B50, 0x0314, 20, 0x0800, 0, 0, 33, crc, size, size, len(name))
    return head + bytes(8) + struct.pack("<II", 0x81A40000, offset) + name


NAME = re.compile(
    r"manifest\.json|signature\.json|golden/inputs\.arrow|golden/expected/(0|[1-9][0-9]{0,2})\.arrow|parity/report\.json"
    r"|provenance\.json|environment/requirements\.txt|sbom\.cdx\.json|card/model\.(md|html)"
    r"|models/(?!(?i:con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$))[A-Za-z0-9][A-Za-z0-9._-]{0,127}(?<!\.)"
)


def members(data: bytes) -> dict[str, bytes]:
    """The archive, as "The archive" and "Members" say."""
    must(len(data) >= 22, "no end record")
    count, length = struct.unpack("<HI", data[-12:-6])
    must(count <= 512 and length <= 131_072 and len(data) <= 4_294_967_294, "beyond the limits")
    start = len(data) - 22 - length
    must(start >= 0, "the directory is longer than the file")
    found: dict[str, bytes] = {}
    at, offset, body, directory = start, 0, b"", b""
    for _ in range(count):
        must(at + 46 <= len(data), "an entry leads outside")
        crc, size = struct.unpack("<II", data[at + 16 : at + 24])
        (width,) = struct.unpack("<H", data[at + 28 : at + 30])
        name = data[at + 46 : at + 46 + width]
        content = data[offset + 30 + width : offset + 30 + width + size]
        must(zlib.crc32(content) == crc, "a checksum is wrong")
        text = name.decode("ascii", "replace")
        must(NAME.fullmatch(text), f"no member may be called {text!r}")
        must(text.lower() not in {known.lower() for known in found}, "two members are one")
        must(not found or list(found)[-1] < text, "out of order")
        found[text] = content
        body += local(name, crc, size) + content
        directory += entry(name, crc, size, offset)
        offset, at = len(body), at + 46 + width
    end = struct.pack("<IIHHIIH", 0x06054B50, 0, count, count, len(directory), len(body), 0)
    must(data == body + directory + end, "the structure was changed")
    return found


def read(data: bytes) -> tuple[dict[str, Any], dict[str, bytes]]:
    """The manifest and the members, verified."""
    found = members(data)
    must("manifest.json" in found and len(found["manifest.json"]) <= 4 << 20, "no manifest")
    manifest = json.loads(found["manifest.json"])
    must(manifest["modelport_bundle"] == 2, "another layout")
    files = manifest["files"]
    must(set(files) | {"manifest.json"} == set(found), "the manifest lists other members")
    for name, about in files.items():
        must(about == {"size": len(found[name]), "sha256": sha256(found[name]).hexdigest()}, f"{name} was changed")
    golden = manifest["golden"]
    must(golden["rows"] == sum(item["rows"] for item in golden["strata"]) >= 1, "the rows do not add up")
    must(json.loads(found["parity/report.json"])["passed"] is True, "the models did not agree")
    return manifest, found


def test_a_reader_of_the_document_reads_a_bundle(bundle: Bundle) -> None:
    manifest, found = read(bundle.path.read_bytes())
    assert manifest == bundle.manifest.to_json()
    signature = json.loads(found["signature.json"])
    inputs = pa.ipc.open_file(found["golden/inputs.arrow"]).read_all()
    assert inputs.column_names == [column["name"] for column in signature["inputs"]]
    assert inputs.num_rows == manifest["golden"]["rows"]
    for run in manifest["golden"]["runs"]:
        assert run["model"] in {model["member"] for model in manifest["models"]}
        assert pa.ipc.open_file(found[run["member"]]).read_all().num_rows == inputs.num_rows
    origins = json.loads(found["provenance.json"])
    assert [model["sha256"] for model in origins["models"]] == [
        manifest["files"][model["member"]]["sha256"] for model in manifest["models"]
    ]


def test_it_finds_a_change_in_any_part(bundle: Bundle) -> None:
    whole = bundle.path.read_bytes()
    for at in range(0, len(whole), len(whole) // 97):
        with pytest.raises((Refused, ValueError, KeyError)):
            read(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])


def test_the_document_lists_every_member_there_may_be() -> None:
    listed = set(re.findall(r"^\| `([a-z./A-Z]+)` \| (?:one|at least one) \|", PAGE, re.M))
    assert listed == {*names.REQUIRED, names.MANIFEST, "models/NAME", "golden/expected/N.arrow"}


def test_the_document_lists_every_part_of_the_manifest(bundle: Bundle) -> None:
    part = PAGE.partition("## `manifest.json`")[2].partition("\n## ")[0]
    assert set(re.findall(r"^\| `([a-z_.]+)` \|", part, re.M)) == {
        *bundle.manifest.to_json(), "golden.strata", "golden.runs"
    }  # fmt: skip


def test_its_limits_are_those_in_force() -> None:
    limits = re.search(r"at most (\d+) members, ([\d ]+) bytes of directory, ([\d ]+) bytes in all", PAGE)
    assert limits is not None
    assert [int(text.replace(" ", "")) for text in limits.groups()] == [layout.MEMBERS, layout.DIRECTORY, layout.LIMIT]
