"""Limits that only large files reach, with the limits made small."""

import io
import pickle
import zipfile
from pathlib import Path

import pytest
from sklearn.linear_model import LogisticRegression

from modelport.errors import Unsafe
from modelport.formats import Policy
from modelport_sklearn import archive
from modelport_sklearn.files import read, write
from modelport_sklearn.gate import content, machine
from modelport_sklearn.gate.allowlist import allowed
from modelport_sklearn.gate.load import load
from modelport_sklearn.gate.scan import scan

MODEL = LogisticRegression().fit([[0.0], [1.0]], [0, 1])


@pytest.mark.parametrize("reader", [scan, load])
def test_opcodes_are_counted(reader: object, monkeypatch: pytest.MonkeyPatch) -> None:
    data = pickle.dumps(MODEL)
    reader(data, allowed())  # type: ignore[operator]
    monkeypatch.setattr(machine, "MAX_OPCODES", 50)
    with pytest.raises(Unsafe, match="more than 50 opcodes"):
        reader(data, allowed())  # type: ignore[operator]


@pytest.mark.parametrize("reader", [scan, load])
def test_containers_are_counted(reader: object, monkeypatch: pytest.MonkeyPatch) -> None:
    data = b"\x80\x02" + b"(" * 30 + b"t" * 30 + b"."
    reader(data, allowed())  # type: ignore[operator]
    monkeypatch.setattr(machine, "MAX_DEPTH", 20)
    with pytest.raises(Unsafe, match="20 containers"):
        reader(data, allowed())  # type: ignore[operator]


def test_members_of_an_archive_are_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(MODEL, tmp_path / "m.skops")
    read(tmp_path / "m.skops", Policy())
    monkeypatch.setattr(archive, "MAX_MEMBERS", 2)
    with pytest.raises(Unsafe, match="members"):
        read(tmp_path / "m.skops", Policy())


def test_an_archive_may_not_unfold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "SMALL", 1000)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("schema.json", "{}" + " " * 1_000_000)
    (tmp_path / "m.skops").write_bytes(buffer.getvalue())
    with pytest.raises(Unsafe, match="unpacks to"):
        read(tmp_path / "m.skops", Policy())


@pytest.mark.parametrize("suffix", [".pkl.gz", ".pkl.bz2", ".pkl.xz", ".pkl.lzma", ".pkl.z"])
def test_no_compression_may_unfold(suffix: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / f"m{suffix}"
    write(MODEL, path)
    read(path, Policy())
    monkeypatch.setattr(content, "SMALL", 10)
    monkeypatch.setattr(content, "RATIO", 1)
    with pytest.raises(Unsafe, match="unpacks to"):
        read(path, Policy())
