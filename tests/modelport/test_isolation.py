"""Files from elsewhere are scored in a process that can be killed, wherever modelport scores them."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from threading import Thread
from typing import Any

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from modelport import api
from modelport.artifacts import artifact
from modelport.isolation import open_session, separate
from modelport.model import Model
from modelport.parity.isolate import IsolatedSession, Killed
from modelport.runtimes import Session, runtime
from modelport_onnx.ort import OrtSession

ROWS = np.random.default_rng(0).normal(size=(30, 2))


@pytest.fixture(scope="module")
def estimator() -> Any:
    return LogisticRegression().fit(ROWS, ROWS[:, 0] > 0)


@pytest.fixture(scope="module")
def path(estimator: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("models") / "model.onnx"
    api.convert(estimator, found, data=ROWS, verify=False)
    return found


def pid(session: Session) -> int:
    assert isinstance(session, IsolatedSession)
    return session._process._popen.pid


def test_a_file_that_is_loaded_is_scored_elsewhere(path: Path, estimator: Any) -> None:
    model = api.load(path)
    np.testing.assert_array_equal(model.predict(ROWS), estimator.predict(ROWS))
    assert pid(model.session) != os.getpid()
    model.close()


def test_what_kills_the_process_is_an_error_here(path: Path) -> None:
    model = api.load(path)
    os.kill(pid(model.session), signal.SIGSEGV)
    with pytest.raises(Killed, match="crashed"):
        model.predict(ROWS)
    model.close()


def test_a_process_that_hangs_is_ended(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model = api.load(path)
    session = model.session
    assert isinstance(session, IsolatedSession)
    session._process.timeout = 0.5
    os.kill(pid(session), signal.SIGSTOP)
    with pytest.raises(Killed, match="took more than"):
        model.predict(ROWS)


def test_the_caller_may_do_without(path: Path, estimator: Any) -> None:
    model = api.load(path, isolate=False)
    assert isinstance(model.session, OrtSession)
    np.testing.assert_array_equal(model.predict(ROWS), estimator.predict(ROWS))


def test_who_gets_a_process(path: Path, estimator: Any, tmp_path: Path) -> None:
    pickle = api.save(estimator, tmp_path / "model.pkl")
    ort, sklearn = runtime("onnxruntime"), runtime("scikit-learn")
    assert separate(artifact(path), ort, None)
    assert not separate(artifact(path), ort, False)
    assert not separate(artifact(artifact(path).model), ort, True)
    assert not separate(artifact(pickle), sklearn, None)
    assert separate(artifact(pickle), sklearn, True)


def test_scoring_and_checking_open_files_so(
    path: Path, estimator: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = []

    def told(*arguments: Any) -> Session:
        opened.append(open_session(*arguments))
        return opened[-1]

    monkeypatch.setattr("modelport.model.open_session", told)
    monkeypatch.setattr("modelport.bundle.checking.open_session", told)
    api.score(path, ROWS, tmp_path / "out.parquet")
    assert [type(session) is not OrtSession for session in opened] == [True]
    api.score(path, ROWS, tmp_path / "again.parquet", isolate=False)
    assert type(opened[-1]) is OrtSession
    bundle = tmp_path / "m.mport"
    api.package(estimator, path, output=bundle, data=ROWS)
    opened.clear()
    assert api.check(bundle, runtimes=["onnxruntime"]).passed
    assert opened
    assert all(isinstance(session, IsolatedSession) for session in opened)


def test_threads_take_turns(path: Path, estimator: Any) -> None:
    model = Model(artifact(path))
    expected, found = estimator.predict(ROWS), []
    threads = [Thread(target=lambda: found.append(model.predict(ROWS))) for _ in range(8)]
    _ = model.session
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    for answer in found:
        np.testing.assert_array_equal(answer, expected)
    model.close()


def test_code_beside_the_file_is_not_imported(path: Path, tmp_path: Path) -> None:
    """Python puts the folder one works in first where it starts a module; a `numpy.py` there must not be ours."""
    for name in ("numpy", "pyarrow", "onnx", "onnxruntime"):
        (tmp_path / f"{name}.py").write_text(f"open({str(tmp_path / 'canary')!r}, 'w')\n")
    program = f"import modelport as mp; print(mp.load({str(path)!r}).predict({{'x0': [0.0], 'x1': [1.0]}}))"
    command = [sys.executable, "-P", "-c", program]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert not (tmp_path / "canary").exists()
