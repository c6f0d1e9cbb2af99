"""What can be told of a pickle without running any of it."""

import os
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sklearn
from sklearn.ensemble import AdaBoostClassifier
from sklearn.linear_model import LogisticRegression

from modelport.api import convert
from modelport.errors import InputError
from modelport.formats import recognise
from modelport.recipes import ready_recipe
from modelport_sklearn.files import write
from modelport_sklearn.inspect import inspect


class Harm:
    def __reduce__(self) -> tuple[Any, ...]:
        return os.system, ("touch /tmp/modelport-canary",)


@pytest.mark.parametrize("suffix", [".pkl", ".joblib", ".pkl.gz", ".joblib.xz", ".skops"])
def test_a_model_is_described(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"model{suffix}"
    write(ready_recipe("penguins").train(), path)
    told = recognise(path).inspect(path)
    assert told.format == "pickle"
    assert told.kind == "Pipeline"
    assert told.producer == f"scikit-learn {sklearn.__version__}"
    assert told.size == path.stat().st_size
    assert dict(told.steps)["RandomForestClassifier"] == 1
    assert "sklearn.pipeline.Pipeline" in told.facts["globals"]
    assert told.warnings == ()
    assert told.facts["gate"].startswith(f"lets it through: all {len(told.facts['globals'])} globals are on the list")


def test_steps_and_compression_are_told(tmp_path: Path) -> None:
    path = tmp_path / "model.pkl.gz"
    write(ready_recipe("breast_cancer").train(), path)
    told = inspect(path)
    assert told.facts["pipeline"] == ["standardscaler: StandardScaler", "logisticregression: LogisticRegression"]
    assert told.facts["compression"] == "gzip"


def test_nothing_is_imported(tmp_path: Path) -> None:
    import subprocess
    import sys

    path = tmp_path / "model.pkl"
    write(ready_recipe("penguins").train(), path)
    script = (
        "import sys; from pathlib import Path; from modelport_sklearn.inspect import inspect; "
        f"inspect(Path({str(path)!r})); assert 'sklearn' not in sys.modules, 'imported'"
    )
    subprocess.run([sys.executable, "-c", script], check=True, timeout=60)


def test_what_an_attacker_could_do_is_told(tmp_path: Path) -> None:
    path = tmp_path / "model.pkl"
    path.write_bytes(pickle.dumps([ready_recipe("wine").train(), Harm()]))
    told = inspect(path)
    assert any("posix.system" in warning and "run commands" in warning for warning in told.warnings)
    assert "posix.system" in told.facts["globals"]
    assert told.facts["gate"].startswith("refuses it")
    assert "lets whoever made it run commands, change files, as you" in told.facts["gate"]
    assert not Path("/tmp/modelport-canary").exists()


def test_another_version_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "model.pkl"
    monkeypatch.setattr("sklearn.base.__version__", "1.2.2")
    write(ready_recipe("breast_cancer").train(), path)
    monkeypatch.undo()
    told = inspect(path)
    assert told.producer == "scikit-learn 1.2.2"
    assert any("1.2.2" in warning for warning in told.warnings)


def test_a_truncated_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "model.pkl"
    write(ready_recipe("breast_cancer").train(), path)
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(InputError, match=r"truncated|damaged"):
        inspect(path)


def test_a_truncated_file_that_names_harm_still_tells_of_it(tmp_path: Path) -> None:
    path = tmp_path / "model.pkl"
    path.write_bytes(pickle.dumps([Harm(), "x" * 100])[:-10])
    assert any("posix.system" in warning for warning in inspect(path).warnings)


@pytest.mark.parametrize(
    ("text", "could"),
    [
        (b"cbuiltins\neval\n(S'1'\ntR.", "run source code"),
        (b"csocket\ncreate_connection\n.", "reach the network"),
        (b"cour_company.steps\nOwn\n.", "may run anything that whoever made it wants"),
        (b"\x80\x02\x82\x01.", "may run anything that whoever made it wants"),
    ],
)
def test_what_could_be_done_is_in_plain_words(text: bytes, could: str, tmp_path: Path) -> None:
    path = tmp_path / "model.pkl"
    path.write_bytes(text)
    assert could in inspect(path).facts["gate"]


def test_another_version_alone_is_no_danger(tmp_path: Path) -> None:
    path = tmp_path / "model.pkl"
    model = ready_recipe("breast_cancer").train()
    path.write_bytes(pickle.dumps(model).replace(sklearn.__version__.encode(), b"1.2.2"))
    told = inspect(path)
    assert told.facts["gate"].startswith("lets it through")
    assert any("1.2.2" in warning for warning in told.warnings)


def test_a_carrier_is_told_from_a_native_model(tmp_path: Path) -> None:
    rows = np.random.default_rng(0).normal(size=(40, 3))
    for model, word in ((LogisticRegression(), "native: it needs scikit-learn"), (AdaBoostClassifier(), "a carrier")):
        source, target = tmp_path / f"{word[:3]}.onnx", tmp_path / f"{word[:3]}.pkl"
        convert(model.fit(rows, rows[:, 0] > 0), source, data=rows, verify=False)
        convert(source, target, verify=False)
        assert inspect(target).facts["model"].startswith(word)
