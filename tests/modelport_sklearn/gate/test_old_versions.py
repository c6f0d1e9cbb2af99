"""Pickles of older scikit-learns, made by them in environments of their own: refused with the version and the command.

Slow: `pytest -m slow tests/modelport_sklearn/gate/test_old_versions.py`. Environments are made with pip, and what the
printed command would run in one is run there.
"""

import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from modelport.errors import VersionError
from modelport.formats import Policy
from modelport_sklearn.files import read
from modelport_sklearn.gate.versions import command, libraries_for, python_for, script
from modelport_sklearn.inspect import inspect

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800)]

VERSIONS = ("1.0.2", "1.1.3", "1.2.2", "1.3.2", "1.4.2", "1.5.2", "1.6.1", "1.7.2", "1.8.0")

RECIPE = """
import pickle, sys, joblib, sklearn
from sklearn.datasets import load_breast_cancer, load_wine
from sklearn.ensemble import GradientBoostingClassifier, HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
X, y = load_wine(return_X_y=True)
models = {
    "pipeline": make_pipeline(StandardScaler(), LogisticRegression()).fit(X, y),
    "forest": RandomForestClassifier(3, random_state=0).fit(X, y),
    "boosting": GradientBoostingClassifier(n_estimators=2).fit(X, y),
    "histogram": HistGradientBoostingClassifier(max_iter=2).fit(X, y),
    "neighbours": KNeighborsClassifier().fit(X, y),
    "isotonic": IsotonicRegression().fit(X[:, 0], y),
    "text": make_pipeline(TfidfVectorizer(), LogisticRegression()).fit(["a red car", "blue sky"] * 5, [0, 1] * 5),
}
folder = sys.argv[1]
for name, model in models.items():
    joblib.dump(model, f"{folder}/{name}.joblib")
    with open(f"{folder}/{name}.pkl", "wb") as file:
        pickle.dump(model, file)
"""


def interpreter(version: str) -> str:
    """A Python of that version on this machine: on the PATH, or one of pyenv's."""
    pyenv = sorted((Path.home() / ".pyenv" / "versions").glob(f"{version}.*/bin/python"))
    for found in (*map(str, pyenv), shutil.which(f"python{version}")):
        if found and subprocess.run([found, "--version"], capture_output=True, timeout=60).returncode == 0:
            return found
    raise AssertionError(f"this test needs Python {version}")


def environment(saved: str, folder: Path) -> Path:
    """A virtual environment with that scikit-learn and what the printed command takes along; its Python."""
    subprocess.run([interpreter(python_for(saved)), "-m", "venv", str(folder / "env")], check=True, timeout=120)
    python = folder / "env" / "bin" / "python"
    libraries = [*libraries_for(saved), "joblib"]
    if saved >= "1.6":
        libraries.append(str(Path(__file__).resolve().parents[3]))
    subprocess.run([str(python), "-m", "pip", "install", "-q", *libraries], check=True, timeout=1500)
    return python


@pytest.fixture(params=VERSIONS, scope="module")
def old(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path, Path]:
    """A version, a folder of pickles that it wrote, and its Python."""
    folder = tmp_path_factory.mktemp("old")
    (folder / "recipe.py").write_text(RECIPE)
    python = environment(request.param, folder)
    subprocess.run([str(python), "recipe.py", str(folder)], check=True, timeout=120, cwd=folder)
    return request.param, folder, python


def test_an_old_pickle_is_refused_with_its_version_and_the_command(old: tuple[str, Path, Path]) -> None:
    saved, folder, _ = old
    files = sorted([*folder.glob("*.pkl"), *folder.glob("*.joblib")])
    assert len(files) == 14
    for path in files:
        with pytest.raises(VersionError) as error:
            read(path, Policy())
        assert saved in error.value.what
        assert command(saved, path.name) in str(error.value.hint)
        assert inspect(path).producer == f"scikit-learn {saved}"


def test_what_the_command_runs_converts_it(old: tuple[str, Path, Path]) -> None:
    saved, folder, python = old
    inner = ["-m", "modelport.cli.main", "convert", "pipeline.pkl", "pipeline.onnx"] if saved >= "1.6" else ["-c"]
    subprocess.run(
        [str(python), *inner, *([script("pipeline.pkl")] if saved < "1.6" else [])], check=True, timeout=250, cwd=folder
    )
    import onnxruntime
    from sklearn.datasets import load_wine

    session = onnxruntime.InferenceSession(str(folder / "pipeline.onnx"))
    rows, labels = load_wine(return_X_y=True)
    given = session.get_inputs()[0]
    kind = np.float32 if given.type == "tensor(float)" else np.float64
    answers = session.run(None, {given.name: rows.astype(kind)})[0]
    assert (answers == labels).mean() > 0.95
