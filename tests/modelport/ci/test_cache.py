"""The cache gives back what was kept, whole, or nothing."""

from dataclasses import replace
from pathlib import Path

import pytest

from modelport.ci.cache import KEPT, Cache, repeatable
from modelport.ci.result import Part, Result
from modelport.contents import digest
from modelport.errors import CannotConvert, Defect, MissingExtra, ModelportError
from modelport.parity.failures import Failure, FailureKind
from modelport.parity.report import ParityReport


@pytest.fixture
def cache(tmp_path: Path) -> Cache:
    return Cache(tmp_path / "kept")


def keep(cache: Cache, key: str = "k" * 64) -> Result:
    staging = cache.staging()
    (staging / ".tmp").mkdir()
    (staging / "a.onnx").write_bytes(b"model")
    part = Part("convert", "a.onnx", sha256=digest(staging / "a.onnx"), size=5)
    found = Result("a", "a.pkl", (part,), ParityReport(()), key=key)
    assert cache.keep(found, staging) == cache.folder / "a" / key
    return found


def test_what_was_kept_comes_back(cache: Cache) -> None:
    kept = keep(cache)
    found = cache.find("a", kept.key)
    assert found is not None
    assert found[0] == replace(kept, reused=True)
    assert (found[1] / "a.onnx").read_bytes() == b"model"
    assert sorted(path.name for path in found[1].iterdir()) == ["a.onnx", "result.json"]


def test_git_does_not_see_it(cache: Cache) -> None:
    keep(cache)
    assert "\n*\n" in (cache.folder / ".gitignore").read_text()


@pytest.mark.parametrize("name", ["a.onnx", "result.json"])
def test_damage_is_absence(cache: Cache, name: str) -> None:
    kept = keep(cache)
    (cache.folder / "a" / kept.key / name).write_bytes(b"{}")
    assert cache.find("a", kept.key) is None


def test_another_key_another_model_or_no_reading_find_nothing(cache: Cache) -> None:
    kept = keep(cache)
    assert cache.find("a", "l" * 64) is None
    assert cache.find("b", kept.key) is None
    assert cache.find("a", "") is None
    assert replace(cache, reading=False).find("a", kept.key) is None


def test_only_the_last_are_kept(cache: Cache) -> None:
    for number in range(KEPT + 2):
        keep(cache, f"{number:064d}")
    assert len(list((cache.folder / "a").iterdir())) == KEPT
    assert cache.find("a", f"{KEPT + 1:064d}") is not None


@pytest.mark.parametrize(
    ("error", "expected"),
    [(CannotConvert("no form"), True), (MissingExtra("not here"), False), (Defect("ours"), False)],
)
def test_only_what_would_happen_again_is_kept(error: ModelportError, expected: bool) -> None:
    found = Result("a", "a.pkl", (Part("convert", "a.onnx", error.exit_code, error.to_json()),))
    assert repeatable(found) is expected


@pytest.mark.parametrize(
    ("kind", "expected"),
    [(FailureKind.NUMBER, True), (FailureKind.RUNTIME_KILLED, False), (FailureKind.RUNTIME_FAILED, False)],
)
def test_what_may_be_the_machines_fault_is_not_kept(kind: FailureKind, expected: bool) -> None:
    report = ParityReport((), failures=(Failure(kind, "told"),))
    assert repeatable(Result("a", "a.pkl", report=report)) is expected
