"""Runtimes in processes of their own: what they do to themselves is a finding, never the end of the comparison."""

import sys
from collections.abc import Callable, Iterator
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
def rogue(monkeypatch: pytest.MonkeyPatch) -> None:
    worker = Path(__file__).with_name("rogue_worker.py")
    monkeypatch.setattr(isolate, "COMMAND", (sys.executable, str(worker)))


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


@pytest.fixture
def report_on(world: dict[str, Runtime], tmp_path: Path) -> Callable[..., ParityReport]:
    """The report on a good model and a file whose runtime misbehaves."""
    world["rogue"] = fake_runtime("rogue", formats=("rogue",))
    import dataclasses

    rogue_format = dataclasses.replace(FAKE, name="rogue")

    def run(how: str, **settings: Any) -> ParityReport:
        path = tmp_path / f"{how}.fake"
        path.write_bytes(b"x")
        good: FakeModel = regression(plus)
        artifacts = [Artifact(FAKE, None, _model=good), Artifact(rogue_format, path)]
        chosen = Settings(**({"rows": 100, "strata": ("random",)} | settings))
        return compare(artifacts, signature=good.signature, settings=chosen)

    return run


def test_a_file_is_compared_in_its_own_process(report_on: Any) -> None:
    report = report_on("fine")
    assert report.passed, str(report)


@pytest.mark.parametrize("how", ["crash", "crash-on-open"])
def test_a_crash_is_a_finding_of_the_report(report_on: Any, how: str) -> None:
    report = report_on(how)
    assert [failure.kind for failure in report.failures][:1] == [Kind.RUNTIME_KILLED]
    assert not report.passed
    assert report.exit_code == 1


def test_an_endless_loop_is_a_finding_of_the_report(report_on: Any) -> None:
    report = report_on("loop", timeout=3.0)
    assert Kind.RUNTIME_KILLED in {failure.kind for failure in report.failures}
    assert np.isclose(report.settings.timeout, 3.0)
