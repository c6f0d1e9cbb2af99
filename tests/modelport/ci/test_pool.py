"""The pool: never more than so many at once, and nothing survives its end."""

import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from modelport.ci import process
from modelport.ci.pool import Pool, Work
from modelport.ci.result import Result
from modelport.ci.spec import ModelSpec

STUB = Path(__file__).with_name("worker_stub.py")


@pytest.fixture(autouse=True)
def stub(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "COMMAND", (sys.executable, str(STUB)))


def work(folder: Path, *names: str) -> list[Work]:
    for name in names:
        (folder / f"staging-{name}").mkdir()
    return [Work(ModelSpec(name, "a.pkl"), "key", folder / f"staging-{name}") for name in names]


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def pids(folder: Path) -> list[int]:
    return [int(path.read_text()) for path in folder.glob("*.began")]


def run(folder: Path, *names: str, jobs: int = 2, timeout: float | None = None) -> dict[str, Result]:
    pool = Pool(folder, jobs, timeout, lambda model, stage: None)
    return {item.spec.name: result for item, result in pool.run(work(folder, *names))}


def test_all_results_come_and_say_what_was_told(tmp_path: Path) -> None:
    told: list[tuple[str, str]] = []
    pool = Pool(tmp_path, 2, None, lambda model, stage: told.append((model, stage)))
    found = {item.spec.name: result for item, result in pool.run(work(tmp_path, "a", "b", "c"))}
    assert sorted(found) == ["a", "b", "c"]
    assert all(result.key == "key" and result.seconds > 0 for result in found.values())
    assert {("a", "starting"), ("a", "at it"), ("c", "at it")} <= set(told)


def test_one_at_a_time(tmp_path: Path) -> None:
    run(tmp_path, "a", "b", jobs=1)
    first, second = sorted(path.stat().st_mtime_ns for path in tmp_path.glob("*.began"))
    ended = min(path.stat().st_mtime_ns for path in tmp_path.glob("*.ended"))
    assert first < ended <= second


def test_a_process_that_dies_is_a_result(tmp_path: Path) -> None:
    found = run(tmp_path, "die", "a")
    (part,) = found["die"].parts
    assert part.exit_code == 4
    assert "died (signal 11)" in part.what
    assert found["a"].parts == ()


def test_a_process_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    found = run(tmp_path, "sleep", timeout=1.0)
    (part,) = found["sleep"].parts
    assert part.exit_code == 1
    assert "took more than 1 seconds and was ended" in part.what
    assert not any(alive(pid) for pid in pids(tmp_path))


def _until_begun(folder: Path, count: int) -> None:
    for _ in range(200):
        if len(list(folder.glob("*.began"))) == count:
            return
        time.sleep(0.05)
    raise AssertionError("they did not begin")


def test_leaving_early_ends_every_process(tmp_path: Path) -> None:
    pool = Pool(tmp_path, 3, None, lambda model, stage: None)
    running: Iterator[tuple[Work, Result]] = pool.run(work(tmp_path, "sleep-1", "sleep-2", "a"))
    assert next(running)[0].spec.name == "a"
    _until_begun(tmp_path, 3)
    running.close()  # type: ignore[attr-defined]  # a generator
    assert len(pids(tmp_path)) == 3
    assert not any(alive(pid) for pid in pids(tmp_path))
