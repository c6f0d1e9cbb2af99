"""Runtimes in processes of their own: what they do to themselves is a finding, never the end of the comparison."""

import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from parity_fakes import FAKE, FakeModel, fake_runtime, plus, regression

from modelport.artifacts import Artifact
from modelport.errors import DataError
from modelport.parity import ParityReport, Settings, compare, isolate
from modelport.parity.failures import FailureKind as Kind
from modelport.parity.isolate import IsolatedSession, Killed, open_isolated
from modelport.runtimes import Runtime

BATCH = pa.RecordBatch.from_pydict({"x0": [1.0, 2.0], "x1": [0.5, -1.0]})


@pytest.fixture(autouse=True)
def rogue(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    worker = Path(__file__).with_name("rogue_worker.py")
    monkeypatch.setattr(isolate, "COMMAND", (sys.executable, str(worker)))
    isolate.idle.clear()
    yield
    isolate.idle.clear()


Opener = Callable[..., IsolatedSession]


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Opener]:
    sessions: list[IsolatedSession] = []

    def run(how: str, timeout: float | None = 60, memory: int | None = None) -> IsolatedSession:
        artifact = Artifact(FAKE, tmp_path / f"{how}.fake")
        sessions.append(open_isolated(artifact, fake_runtime("rogue"), None, timeout, memory))
        return sessions[-1]

    yield run
    for session in sessions:
        session.close()
        session.close()


def test_an_answer_comes_back_as_it_was_given(opened: Opener) -> None:
    session = opened("fine")
    assert session.score(BATCH).to_pydict() == {"prediction": [2.5, 3.0]}
    assert [column.name for column in session.signature.inputs] == ["x0", "x1"]
    assert session.landmarks() == {"x0": [0.25]}


def test_what_a_runtime_prints_does_not_disturb(opened: Opener) -> None:
    session = opened("print")
    assert session.score(BATCH).num_rows == 2
    assert session.score(BATCH).num_rows == 2


def test_an_error_keeps_its_class_and_its_words(opened: Opener) -> None:
    with pytest.raises(DataError) as caught:
        opened("refuse").score(BATCH)
    assert (caught.value.what, caught.value.where, caught.value.hint) == ("not these rows", "x0", "others")


def test_a_crash_names_its_signal(opened: Opener) -> None:
    with pytest.raises(Killed, match="signal 11"):
        opened("crash").score(BATCH)


def test_a_crash_while_opening_is_one_too(opened: Opener) -> None:
    with pytest.raises(Killed, match="signal 11"):
        opened("crash-on-open")


def test_an_endless_loop_is_ended(opened: Opener) -> None:
    session = opened("loop")
    session._process.timeout = 0.5
    with pytest.raises(Killed, match=r"0\.5 seconds"):
        session.score(BATCH)


def test_memory_without_end_is_ended(opened: Opener) -> None:
    session = opened("hoard", memory=400 << 20)
    with pytest.raises(Killed, match="MiB"):
        session.score(BATCH)


def test_no_process_stays_behind(opened: Opener) -> None:
    session = opened("fine")
    session.close()
    assert session._process._popen.poll() is not None


KINDS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "native": ({}, {}),
    "pickle": ({"runs_code_on_load": True}, {}),
    "virtual machine": ({}, {"jvm": True}),
}
"""What distinguishes the formats and runtimes that are treated differently elsewhere."""


@pytest.fixture
def report_on(world: dict[str, Runtime], tmp_path: Path) -> Callable[..., ParityReport]:
    """The report on a good model and a file whose runtime misbehaves."""

    def run(how: str, kind: str = "native", **settings: Any) -> ParityReport:
        of_format, of_runtime = KINDS[kind]
        world["rogue"] = fake_runtime("rogue", formats=("rogue",), **of_runtime)
        path = tmp_path / f"{how}.fake"
        path.write_bytes(b"x")
        good: FakeModel = regression(plus)
        artifacts = [Artifact(FAKE, None, _model=good), Artifact(replace(FAKE, name="rogue", **of_format), path)]
        chosen = Settings(**({"rows": 100, "strata": ("random",)} | settings))
        return compare(artifacts, signature=good.signature, settings=chosen)

    return run


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_is_compared_in_its_own_process(report_on: Any, kind: str) -> None:
    report = report_on("fine", kind)
    assert report.passed, str(report)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("how", ["crash", "crash-on-open"])
def test_a_crash_is_a_finding_of_the_report(report_on: Any, how: str, kind: str) -> None:
    report = report_on(how, kind)
    assert [failure.kind for failure in report.failures][:1] == [Kind.RUNTIME_KILLED]
    assert "signal 11" in report.failures[0].what
    assert not report.passed
    assert report.exit_code == 1


@pytest.mark.parametrize("kind", KINDS)
def test_an_endless_loop_is_a_finding_of_the_report(report_on: Any, kind: str) -> None:
    report = report_on("loop", kind, timeout=3.0)
    assert Kind.RUNTIME_KILLED in {failure.kind for failure in report.failures}
    assert np.isclose(report.settings.timeout, 3.0)


@pytest.mark.parametrize("kind", KINDS)
def test_memory_without_end_is_a_finding_of_the_report(report_on: Any, kind: str) -> None:
    report = report_on("hoard", kind, memory=400 << 20)
    killed = [failure for failure in report.failures if failure.kind is Kind.RUNTIME_KILLED]
    assert killed
    assert "MiB" in killed[0].what


def test_the_others_are_compared_all_the_same(report_on: Any, world: dict[str, Runtime]) -> None:
    world["second"] = fake_runtime("second")
    report = report_on("crash")
    assert [subject.runtime for subject in report.subjects] == ["faker", "second", "rogue"]
    assert report.official[0].rows == 100
    assert not report.official[0].different


def test_memory_is_limited_if_nobody_says_how(monkeypatch: pytest.MonkeyPatch, report_on: Any) -> None:
    monkeypatch.setattr("modelport.isolation.most_memory", lambda: 400 << 20)
    assert Kind.RUNTIME_KILLED in {failure.kind for failure in report_on("hoard").failures}


# Processes that are used again --------------------------------------------------------------------


def pid(session: IsolatedSession) -> int:
    return session._process._popen.pid


@pytest.mark.parametrize(("kind", "again"), [("native", False), ("pickle", True), ("virtual machine", True)])
def test_what_takes_long_to_start_waits_for_the_next_file(kind: str, again: bool, tmp_path: Path) -> None:
    of_format, of_runtime = KINDS[kind]
    runtime = fake_runtime("rogue", **of_runtime)

    def opened(how: str) -> IsolatedSession:
        return open_isolated(Artifact(replace(FAKE, **of_format), tmp_path / f"{how}.fake"), runtime, None, 60, None)

    first = opened("fine")
    first.close()
    second = opened("refuse")
    assert (pid(first) == pid(second)) is again
    with pytest.raises(DataError):
        second.score(BATCH)
    first.close()
    assert second.signature.inputs, "closing the first again does not touch the second"
    with pytest.raises(DataError):
        second.score(BATCH)
    second.close()


def test_a_process_that_crashed_is_not_used_again(tmp_path: Path) -> None:
    runtime = fake_runtime("rogue", jvm=True)
    first = open_isolated(Artifact(FAKE, tmp_path / "crash.fake"), runtime, None, 60, None)
    with pytest.raises(Killed):
        first.score(BATCH)
    first.close()
    second = open_isolated(Artifact(FAKE, tmp_path / "fine.fake"), runtime, None, 60, None)
    assert pid(first) != pid(second)
    assert second.score(BATCH).num_rows == 2
    second.close()


def test_a_pickle_that_another_process_cannot_open_is_opened_here(world: dict[str, Runtime], tmp_path: Path) -> None:
    """It may be of classes that only this process knows."""
    model = regression(plus)
    world["strange"] = fake_runtime("strange", formats=("pickled",))
    path = tmp_path / "fine.fake"
    path.write_bytes(b"x")
    ours = Artifact(replace(FAKE, name="pickled", runs_code_on_load=True), path, _model=model)
    settings = Settings(rows=50, strata=("random",))
    report = compare([Artifact(FAKE, None, _model=model), ours], signature=model.signature, settings=settings)
    assert report.passed, str(report)
