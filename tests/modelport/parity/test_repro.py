"""A reproduction runs with the runtimes alone, and shows the disagreement."""

import re
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
        "reference.npy",
        "candidate.onnx",
        "candidate.npz",
    }
    assert len([line for line in script.read_text().splitlines() if line]) <= 10
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


@pytest.mark.parametrize(("target", "runtime"), [("onnx", "onnxruntime"), ("pmml", "modelport-onnx")])
def test_text_and_missing_values_reach_both_runtimes(tmp_path: Path, target: str, runtime: str) -> None:
    import joblib
    import pandas as pd
    from sklearn.compose import make_column_transformer
    from sklearn.impute import SimpleImputer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OneHotEncoder

    from modelport import api

    rows = pd.DataFrame({"age": [1.0, None, 3.0, 4.0] * 5, "city": ["Köln", "Oslo", None, "Oslo"] * 5})
    columns = make_column_transformer((SimpleImputer(), ["age"]), (OneHotEncoder(handle_unknown="ignore"), ["city"]))
    model = make_pipeline(columns, LogisticRegression()).fit(rows, [0, 1, 0, 1] * 5)
    joblib.dump(model, tmp_path / "model.joblib")
    model[-1].intercept_ += 0.5
    api.convert(model, tmp_path / f"model.{target}", data=rows, verify=False)
    artifacts = [artifact(tmp_path / "model.joblib"), artifact(tmp_path / f"model.{target}")]
    settings = Settings(strata=("data",), runtimes=("scikit-learn", runtime))
    report = compare(artifacts, data=data(rows), settings=settings)
    script = write_repro(report, artifacts, tmp_path / "repro")
    assert len([line for line in script.read_text().splitlines() if line]) <= 10
    done = subprocess.run([sys.executable, script.name], cwd=script.parent, capture_output=True, text=True, check=True)
    assert report.smallest is not None
    witness = report.smallest.witness
    for side, told in zip((witness.reference, witness.candidate), done.stdout.split(f"{runtime}:"), strict=True):
        found = [float(word) for word in re.findall(r"\d+\.\d+", told)]
        wanted = [value for name, value in side.items() if name.startswith("probability")]
        assert wanted
        assert all(any(value == pytest.approx(near, abs=1e-6) for near in found) for value in wanted), told
