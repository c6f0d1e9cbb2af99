"""Checking: every byte counts, and the golden rows must still give the same answers."""

import json
import struct
import zipfile
from itertools import pairwise
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from modelport import api
from modelport.bundle import Bundle, archive, arrow, layout, names
from modelport.bundle.checking import verify_bytes
from modelport.bundle.inspecting import inspect
from modelport.errors import InputError, MissingExtra, ModelportError, Unsafe, UsageError
from modelport.runtimes import Runtime, runtimes


def rebuilt(bundle: Bundle, **changed: Any) -> Path:
    """The bundle again, with other contents: consistent in itself, as an attacker or a defect would make it."""
    opened = archive.open_archive(bundle.path)
    contents = {name: opened.read(name) for name in opened.members}
    manifest = json.loads(contents.pop(names.MANIFEST))
    change = changed.pop("manifest", None)
    contents |= {name: value for name, value in changed.get("contents", {}).items() if value is not None}
    contents = {name: value for name, value in contents.items() if changed.get("contents", {}).get(name, 1) is not None}
    sealed = [(archive.seal(name, value), value) for name, value in contents.items()]
    manifest["files"] = {s.member.name: {"size": s.member.size, "sha256": s.sha256} for s, _ in sealed}
    if change:
        change(manifest)
    text = json.dumps(manifest).encode()
    path = bundle.path.with_name("rebuilt.mport")
    with path.open("wb") as target:
        archive.write([*sealed, (archive.seal(names.MANIFEST, text), text)], target)
    return path


def test_a_whole_bundle_passes(bundle: Bundle) -> None:
    report = api.check(bundle.path)
    assert report.passed
    assert report.exit_code == 0
    assert [(run.runtime, run.outcome) for run in report.runs] == [
        ("onnxruntime", "matches"),
        ("onnx.reference", "matches"),
    ]


def regions(path: Path) -> dict[str, tuple[int, int]]:
    """Name → first byte and the one after the last, of all that a bundle consists of."""
    opened = archive.open_archive(path)
    found, end = {}, 0
    for name, (member, start) in opened.members.items():
        content = start + len(layout.local_header(member))
        found[f"header of {name}"] = (start, content)
        found[name] = (content, content + member.size)
        end = content + member.size
    size = path.stat().st_size
    return found | {"directory": (end, size - 22), "end record": (size - 22, size)}


def flipped_is_found(bundle: Bundle, at: int, bit: int) -> None:
    whole = bytearray(bundle.path.read_bytes())
    whole[at] ^= 1 << bit
    path = bundle.path.with_name("flipped.mport")
    path.write_bytes(whole)
    with pytest.raises(ModelportError):
        verify_bytes(path)


def test_regions_are_the_whole_file(bundle: Bundle) -> None:
    parts = sorted(regions(bundle.path).values())
    assert parts[0][0] == 0
    assert parts[-1][1] == bundle.path.stat().st_size
    assert all(before[1] == after[0] for before, after in pairwise(parts))


@given(data=st.data())
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_flipped_bit_is_found_in_every_region(bundle: Bundle, data: st.DataObject) -> None:
    for start, end in regions(bundle.path).values():
        if end > start:
            flipped_is_found(bundle, data.draw(st.integers(start, end - 1)), data.draw(st.integers(0, 7)))


@pytest.mark.slow
@pytest.mark.timeout(3000)
def test_every_flipped_byte_is_found(bundle: Bundle) -> None:
    verify_bytes(bundle.path)
    for at in range(bundle.path.stat().st_size):
        flipped_is_found(bundle, at, at % 8)


@pytest.mark.parametrize("kept", [1, 21, 22, 100, -23, -1])
def test_a_truncated_bundle_is_found(bundle: Bundle, kept: int, tmp_path: Path) -> None:
    path = tmp_path / "short.mport"
    path.write_bytes(bundle.path.read_bytes()[:kept])
    with pytest.raises(InputError):
        verify_bytes(path)


@pytest.mark.parametrize("extra", [b"\0", b"PK", b"x" * 100])
def test_bytes_before_and_after_are_found(bundle: Bundle, extra: bytes, tmp_path: Path) -> None:
    path = tmp_path / "longer.mport"
    for content in (bundle.path.read_bytes() + extra, extra + bundle.path.read_bytes()):
        path.write_bytes(content)
        with pytest.raises(InputError):
            verify_bytes(path)


def test_zipped_again_by_another_tool_is_refused(bundle: Bundle, tmp_path: Path) -> None:
    path = tmp_path / "zipped.mport"
    with zipfile.ZipFile(bundle.path) as whole, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as again:
        for name in whole.namelist():
            again.writestr(name, whole.read(name))
    with pytest.raises(InputError, match="structure was changed"):
        verify_bytes(path)


@pytest.mark.parametrize(
    "name", ["../evil.onnx", "/etc/passwd", "models/../../x", "models/.hidden", "extra.txt", "models/a/b", "C:\\x"]
)
def test_names_outside_the_list_are_unsafe(bundle: Bundle, name: str) -> None:
    with pytest.raises(Unsafe, match="may not hold"):
        verify_bytes(rebuilt(bundle, contents={name: b"x"}))


def test_the_manifest_may_not_name_what_is_outside(bundle: Bundle) -> None:
    def change(manifest: Any) -> None:
        manifest["models"][0]["member"] = "../../etc/passwd"

    with pytest.raises(Unsafe, match="no bundle may hold"):
        verify_bytes(rebuilt(bundle, manifest=change))


def test_a_member_the_manifest_does_not_list_is_found(bundle: Bundle) -> None:
    def change(manifest: Any) -> None:
        del manifest["files"]["models/stray.onnx"]

    with pytest.raises(InputError, match=r"disagree about models/stray\.onnx"):
        verify_bytes(rebuilt(bundle, contents={"models/stray.onnx": b"x"}, manifest=change))


def test_a_wrong_digest_is_found(bundle: Bundle) -> None:
    def change(manifest: Any) -> None:
        manifest["files"]["models/linear.onnx"]["sha256"] = "0" * 64

    with pytest.raises(InputError, match="not what the manifest says"):
        verify_bytes(rebuilt(bundle, manifest=change))


def test_a_later_layout_is_refused(bundle: Bundle) -> None:
    with pytest.raises(InputError, match="layout version 3"):
        verify_bytes(rebuilt(bundle, manifest=lambda manifest: manifest.update(modelport_bundle=3)))


@pytest.mark.parametrize(
    ("member", "content"),
    [
        (names.REPORT, b"[]"),
        (names.REPORT, b"{"),
        (names.REPORT, b"[" * 100_000),
        (names.SIGNATURE, b"nonsense"),
        (names.SIGNATURE, b'{"inputs": 3, "outputs": []}'),
        (names.INPUTS, b"ARROW1 not really"),
        (names.INPUTS, b""),
    ],
)
def test_damaged_parts_are_bad_input_not_a_defect(bundle: Bundle, member: str, content: bytes) -> None:
    with pytest.raises(InputError):
        verify_bytes(rebuilt(bundle, contents={member: content}))


@pytest.mark.parametrize("key", ["name", "models", "golden", "reference", "made_with", "files", "parity"])
def test_a_manifest_without_a_part_is_bad_input(bundle: Bundle, key: str) -> None:
    with pytest.raises(InputError):
        verify_bytes(rebuilt(bundle, manifest=lambda manifest: manifest.pop(key)))


def test_a_report_that_did_not_pass_is_refused(bundle: Bundle) -> None:
    report = json.loads(archive.open_archive(bundle.path).read(names.REPORT)) | {"pairs": []}
    with pytest.raises(InputError, match="did not pass"):
        verify_bytes(rebuilt(bundle, contents={names.REPORT: json.dumps(report).encode()}))


def test_no_golden_runs_is_no_bundle(bundle: Bundle) -> None:
    with pytest.raises(InputError, match="golden rows"):
        verify_bytes(rebuilt(bundle, manifest=lambda manifest: manifest["golden"].update(runs=[])))


def test_other_answers_fail_the_check(bundle: Bundle) -> None:
    opened = archive.open_archive(bundle.path)
    recorded = arrow.loads(opened.read("golden/expected/0.arrow"), None, "")
    values = recorded.column(0).to_pylist()
    values[7] += 1e-6
    changed = arrow.dumps(pa.RecordBatch.from_pydict({"prediction": values}))
    report = api.check(rebuilt(bundle, contents={"golden/expected/0.arrow": changed}))
    assert not report.passed
    assert report.exit_code == 1
    assert [run.outcome for run in report.runs] == ["differs", "matches"]
    assert "prediction differs in 1 of 100 rows" in report.sentence()


def test_a_model_that_no_longer_opens_fails_the_check(bundle: Bundle) -> None:
    report = api.check(rebuilt(bundle, contents={"models/linear.onnx": b"\x08\x0a broken"}))
    assert {run.outcome for run in report.runs} == {"failed"}
    assert report.exit_code == 1


def test_one_runtime_may_be_asked_for(bundle: Bundle) -> None:
    report = api.check(bundle.path, runtimes=["onnx.reference"])
    assert [run.outcome for run in report.runs] == ["not run", "matches"]
    assert report.passed


def test_a_runtime_that_recorded_nothing_is_an_error(bundle: Bundle) -> None:
    with pytest.raises(InputError, match="no golden rows for the runtime jpmml"):
        api.check(bundle.path, runtimes=["jpmml"])
    with pytest.raises(UsageError, match="no runtime called"):
        api.check(bundle.path, runtimes=["abacus"])


def test_nothing_to_run_it_in_never_passes(bundle: Bundle, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(item: Runtime) -> str:
        return "pip install something"

    runtimes()
    monkeypatch.setattr(Runtime, "missing", gone)
    report = api.check(bundle.path)
    assert not report.passed
    assert report.exit_code == 6
    assert all(run.outcome == "not run" and "pip install" in (run.detail or "") for run in report.runs)
    with pytest.raises(MissingExtra):
        api.check(bundle.path, runtimes=["onnxruntime"])


def test_inspect_tells_without_opening_a_model(bundle: Bundle) -> None:
    found = inspect(rebuilt(bundle, contents={"models/linear.onnx": b"\x08\x0a broken"}))
    assert found.facts["models"] == "linear.onnx (onnx)"
    assert found.signature is not None


@pytest.mark.parametrize(("content", "text"), [(b"", "empty"), (b"GIF89a", "not a modelport bundle")])
def test_what_is_no_bundle_says_so(tmp_path: Path, content: bytes, text: str) -> None:
    path = tmp_path / "x.mport"
    path.write_bytes(content)
    with pytest.raises(InputError, match=text):
        verify_bytes(path)
    with pytest.raises(InputError, match="no such file"):
        verify_bytes(tmp_path / "gone.mport")


def test_a_directory_that_promises_too_much_is_refused_at_once(tmp_path: Path) -> None:
    path = tmp_path / "huge.mport"
    end = struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0, 0)
    path.write_bytes(b"PK\x03\x04" + end)
    with pytest.raises(InputError, match="structure"):
        verify_bytes(path)
