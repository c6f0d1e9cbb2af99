"""What every export keeps: checked first, whole or not at all, the same each time, and nobody's files removed."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from modelport import api
from modelport.bundle import Bundle, archive, arrow, names
from modelport.errors import BadSignature, CannotConvert, InputError, MissingExtra, ParityFailed, UsageError
from modelport.exports import TARGETS, Exported
from modelport.runtimes import Runtime, runtimes

targets = pytest.mark.parametrize("target", TARGETS)


def tree(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def changed(bundle: Path, contents: dict[str, bytes], change: Callable[[Any], None] = lambda manifest: None) -> Path:
    """The bundle with other contents, consistent in itself."""
    opened = archive.open_archive(bundle)
    whole = {name: opened.read(name) for name in opened.members} | contents
    manifest = json.loads(whole.pop(names.MANIFEST))
    change(manifest)
    kept = {
        *names.REQUIRED,
        *(m["member"] for m in manifest["models"]),
        *(r["member"] for r in manifest["golden"]["runs"]),
    }
    sealed = [(archive.seal(name, value), value) for name, value in whole.items() if name in kept]
    manifest["files"] = {s.member.name: {"size": s.member.size, "sha256": s.sha256} for s, _ in sealed}
    text = json.dumps(manifest).encode()
    with bundle.open("wb") as target:
        archive.write([*sealed, (archive.seal(names.MANIFEST, text), text)], target)
    return bundle


@targets
def test_the_files_are_those_it_tells_of(target: str, exported: Callable[[str], Exported], built: Bundle) -> None:
    made = exported(target)
    found = tree(made.path)
    assert {name: sha256(content).hexdigest() for name, content in found.items()} == {
        name: about["sha256"] for name, about in made.files.items()
    }
    record = json.loads(found["modelport-export.json"])
    assert record["target"] == target
    assert record["bundle"]["sha256"] == sha256(built.path.read_bytes()).hexdigest()
    assert made.name == "mixed-model"
    assert str(made.path) in made.next
    assert not [path for path in made.path.parent.iterdir() if path.name.startswith(".")]


def test_the_same_bundle_gives_the_same_files_elsewhere(
    exported: Callable[[str], Exported], built: Bundle, tmp_path: Path
) -> None:
    """Another process, folder, time zone, language and order of hashes."""
    script = (
        "import sys; from modelport import api\nfor target in api.targets(): api.export(sys.argv[1], target, to=target)"
    )
    environment = os.environ | {"TZ": "Asia/Kolkata", "LC_ALL": "C", "PYTHONHASHSEED": "77"}
    command = [sys.executable, "-c", script, str(built.path)]
    subprocess.run(command, cwd=tmp_path, env=environment, check=True, timeout=200)
    for target in TARGETS:
        assert tree(tmp_path / target) == tree(exported(target).path)


@targets
def test_a_bundle_that_does_not_check_is_not_exported(target: str, bundle: Path, tmp_path: Path) -> None:
    opened = archive.open_archive(bundle)
    recorded = arrow.loads(opened.read("golden/expected/0.arrow"), None, "")
    flipped = ["yes" if label == "no" else "no" for label in recorded.column("label").to_pylist()]
    other = recorded.set_column(0, "label", pa.array(flipped))
    changed(bundle, {"golden/expected/0.arrow": arrow.dumps(other)})
    with pytest.raises(ParityFailed, match="not exported"):
        api.export(bundle, tmp_path / "out", to=target)
    assert [path.name for path in tmp_path.iterdir()] == [bundle.name]


def test_a_damaged_bundle_is_not_exported(bundle: Path, tmp_path: Path) -> None:
    bundle.write_bytes(bundle.read_bytes()[:-1])
    with pytest.raises(InputError, match="structure"):
        api.export(bundle, tmp_path / "out", to="folder")
    assert not (tmp_path / "out").exists()


def test_a_bundle_that_nothing_can_run_is_not_exported(
    bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    runtimes()
    monkeypatch.setattr(Runtime, "missing", lambda item: "pip install something")
    with pytest.raises(MissingExtra, match="not exported"):
        api.export(bundle, tmp_path / "out", to="folder")


def test_a_signature_that_is_asked_for_must_hold(bundle: Path, tmp_path: Path) -> None:
    key = tmp_path / "public.pem"
    subprocess.run(["openssl", "ecparam", "-name", "prime256v1", "-genkey", "-out", tmp_path / "k.pem"], check=True)
    subprocess.run(["openssl", "ec", "-in", tmp_path / "k.pem", "-pubout", "-out", key], check=True)
    with pytest.raises(BadSignature):
        api.export(bundle, tmp_path / "out", to="folder", key=key)
    api.sign(bundle, tmp_path / "k.pem")
    assert api.export(bundle, tmp_path / "out", to="folder", key=key).path.is_dir()


@pytest.mark.parametrize("target", ["mlflow", "triton", "kserve", "docker"])
def test_a_bundle_without_onnx_is_refused(target: str, bundle: Path, tmp_path: Path) -> None:
    def without(manifest: Any) -> None:
        manifest["models"][0]["format"] = "abacus"

    changed(bundle, {}, without)
    with pytest.raises((CannotConvert, MissingExtra)):
        api.export(bundle, tmp_path / "out", to=target)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("target", ["mlflow", "triton", "kserve", "docker"])
def test_a_bundle_that_was_not_recorded_in_onnxruntime_is_refused(target: str, bundle: Path, tmp_path: Path) -> None:
    def without(manifest: Any) -> None:
        runs = manifest["golden"]["runs"]
        manifest["golden"]["runs"] = [run for run in runs if run["runtime"] != "onnxruntime"]

    changed(bundle, {}, without)
    with pytest.raises(CannotConvert, match="does not say what its ONNX model answers"):
        api.export(bundle, tmp_path / "out", to=target)


def test_an_export_is_replaced_only_with_force(bundle: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    api.export(bundle, out, to="docker")
    with pytest.raises(UsageError, match="exists"):
        api.export(bundle, out, to="folder")
    assert (out / "Dockerfile").exists()
    api.export(bundle, out, to="folder", force=True)
    assert not (out / "Dockerfile").exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([bundle.name, "out"])


def test_force_removes_nothing_that_is_no_export(bundle: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "thesis.txt").write_text("years of work")
    with pytest.raises(UsageError, match="no earlier export"):
        api.export(bundle, out, to="folder", force=True)
    (out / "modelport-export.json").write_text("[]")
    with pytest.raises(UsageError, match="no earlier export"):
        api.export(bundle, out, to="folder", force=True)
    assert (out / "thesis.txt").read_text() == "years of work"


def test_an_empty_folder_may_be_filled(bundle: Path, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    assert api.export(bundle, tmp_path / "out", to="folder").path.is_dir()


def test_a_link_or_a_file_is_no_folder(bundle: Path, tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    (tmp_path / "file").write_text("")
    for name in ("link", "file"):
        with pytest.raises(UsageError, match="a file or a link"):
            api.export(bundle, tmp_path / name, to="folder", force=True)
    with pytest.raises(UsageError, match="does not exist"):
        api.export(bundle, tmp_path / "gone" / "out", to="folder")


def test_nothing_is_left_when_writing_fails(bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(archive.Archive, "copy", _after(3, archive.Archive.copy, full))
    with pytest.raises(OSError, match="No space"):
        api.export(bundle, tmp_path / "out", to="folder")
    assert [path.name for path in tmp_path.iterdir()] == [bundle.name]


def _after(count: int, whole: Callable[..., Any], broken: Callable[..., Any]) -> Callable[..., Any]:
    """A method that breaks when it has written so many files."""
    calls = iter(range(10**6))

    def method(self: Any, name: str, target: Any) -> Any:
        into_export = target is not None and ".part-" in str(getattr(target, "name", ""))
        return broken() if into_export and next(calls) >= count else whole(self, name, target)

    return method


@pytest.mark.parametrize("name", ["", "Upper", "a/b", "../x", "-a", "a-", "a" * 64, "ä", "a\n"])
def test_names_that_a_target_would_not_take_are_refused(name: str, bundle: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="none that a model can have"):
        api.export(bundle, tmp_path / "out", to="triton", name=name)


def test_no_such_target_and_no_such_option(bundle: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no target called 'heroku'"):
        api.export(bundle, tmp_path / "out", to="heroku")
    with pytest.raises(UsageError, match="for the target kserve"):
        api.export(bundle, tmp_path / "out", to="docker", storage="s3://x")


def test_a_member_that_changes_under_the_export_is_noticed(
    bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from modelport.exports import exporting

    def swapped(path: Path) -> Any:
        contents = whole(path)
        shutil.copy(path, tmp_path / "kept")
        raw = bytearray(path.read_bytes())
        _, offset = contents.archive.members["models/Mixed_Model.onnx"]
        raw[offset + 200] ^= 1
        path.write_bytes(raw)
        return contents

    whole = exporting.verify_bytes
    monkeypatch.setattr(exporting, "verify_bytes", swapped)
    with pytest.raises(InputError, match="not what"):
        api.export(bundle, tmp_path / "out", to="folder")
    assert not (tmp_path / "out").exists()
