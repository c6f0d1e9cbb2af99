"""A reproduction runs with the runtimes alone, and shows the disagreement."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from modelport.artifacts import artifact
from modelport.conversion import Context
from modelport.data import data
from modelport.errors import UsageError
from modelport.parity import Settings, compare
from modelport.parity.repro import write_repro


@pytest.fixture(scope="module")
def wrong(tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, ...]:
    """A pickle and an ONNX file whose intercept is off, with their report."""
    import joblib
    import onnx
    from sklearn.linear_model import LinearRegression

    from modelport_onnx.build import to_onnx

    folder = tmp_path_factory.mktemp("models")
    rng = np.random.default_rng(0)
    x = rng.normal(size=(50, 3))
    model = LinearRegression().fit(x, x @ [1.0, 2.0, 3.0])
    joblib.dump(model, folder / "model.pkl")
    signature = artifact(model).format.signature(model, data(x).head())
    model.intercept_ += 0.5
    onnx.save(to_onnx(model, Context(signature)), folder / "model.onnx")
    artifacts = [artifact(folder / "model.pkl"), artifact(folder / "model.onnx")]
    settings = Settings(strata=("data",), runtimes=("scikit-learn", "onnxruntime"))
    return compare(artifacts, data=data(x), settings=settings), artifacts


def test_the_script_shows_both_answers_with_the_runtimes_alone(wrong: tuple[Any, ...], tmp_path: Path) -> None:
    report, artifacts = wrong
    script = write_repro(report, artifacts, tmp_path / "repro")
    assert {path.name for path in script.parent.iterdir()} == {
        "show.py",
        "row.json",
        "report.json",
        "reference.pkl",
        "candidate.onnx",
    }
    assert "modelport" not in script.read_text()
    done = subprocess.run([sys.executable, script.name], cwd=script.parent, capture_output=True, text=True, check=True)
    first, second = (line.split(":", 1)[1] for line in done.stdout.strip().splitlines())
    numbers = [float("".join(c for c in line if c in "0123456789.-e").strip(".")) for line in (first, second)]
    assert numbers[1] - numbers[0] == pytest.approx(0.5, abs=1e-3)


def test_without_a_disagreement_there_is_nothing_to_write(wrong: tuple[Any, ...], tmp_path: Path) -> None:
    _, artifacts = wrong
    same = [artifacts[0], artifacts[0]]
    report = compare(same, data=data(np.zeros((3, 3))), settings=Settings(strata=("data",)))
    with pytest.raises(UsageError, match="no disagreement"):
        write_repro(report, same, tmp_path / "repro")
    assert not (tmp_path / "repro").exists()


def test_a_folder_that_cannot_be_written_is_refused(wrong: tuple[Any, ...], tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="cannot be written"):
        write_repro(*wrong, tmp_path / "file" / "repro")


def test_every_runtime_s_own_words_are_python() -> None:
    from modelport.runtimes import runtimes

    scripts = {name: item.script for name, item in runtimes().items() if item.script}
    assert {"onnxruntime", "onnx.reference", "scikit-learn"} <= set(scripts)
    for name, script in scripts.items():
        assert "def ANSWER(path, row):" in script, name
        compile(script, name, "exec")
