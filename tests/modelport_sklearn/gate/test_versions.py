"""Pickles that say another version: refused with both versions and one command, which no file can twist.

What the commands do is tried with real versions in `test_old_versions.py`.
"""

import pickle
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import sklearn
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from modelport.errors import InputError, Unsafe, VersionError
from modelport.formats import Policy
from modelport_sklearn.files import read
from modelport_sklearn.gate.versions import check_versions, command, script

HERE = sklearn.__version__
OLD = ("1.0", "1.0.2", "1.1.3", "1.2.2", "1.3.2", "1.4.2", "1.5.2", "1.6.1", "1.7.2", "1.8.0", "1.6.dev0", "1.7.0rc1")
HOSTILE = ("1.2.2; touch x", "$(touch x)", "`touch x`", "1.2.2 --index x", "", "latest", "1.2.2\n", "../1.2", "1" * 99)


@pytest.mark.parametrize("version", OLD)
def test_an_old_version_is_refused_with_its_command(version: str, tmp_path: Path) -> None:
    path = _stamped(version, tmp_path)
    with pytest.raises(VersionError) as error:
        read(path, Policy())
    assert f"scikit-learn {version};" in error.value.what
    assert HERE in error.value.what
    assert command(version, path.name) in str(error.value.hint)
    words = shlex.split(command(version, path.name))
    assert words[0] in ("uv", "uvx")
    assert f"scikit-learn=={version}" in words


def _stamped(version: str, folder: Path) -> Path:
    """A model of the version here whose parts say another one."""
    model = make_pipeline(StandardScaler(), LogisticRegression()).fit([[0.0], [1.0]], [0, 1])
    path = folder / "model.pkl"
    text, other = HERE.encode(), version.encode()
    data = pickle.dumps(model, 2)
    said = b"X" + len(text).to_bytes(4, "little") + text
    assert said in data
    path.write_bytes(data.replace(said, b"X" + len(other).to_bytes(4, "little") + other))
    return path


@pytest.mark.parametrize("version", HOSTILE)
def test_what_is_no_version_gets_into_no_command(version: str, tmp_path: Path) -> None:
    with pytest.raises(Unsafe, match="no version"):
        read(_stamped(version, tmp_path), Policy())


def test_parts_of_different_versions_are_refused(tmp_path: Path) -> None:
    with pytest.raises(VersionError, match="its parts"):
        check_versions(["1.2.2", HERE], "model.pkl")
    check_versions([HERE], "model.pkl")


@pytest.mark.parametrize(
    "name", ["a; touch x.pkl", "$(touch x).pkl", "it's.pkl", 'a"b.pkl', "a\\b.pkl", "-c.pkl", "a b.pkl"]
)
@pytest.mark.parametrize("version", ["1.2.2", "1.7.2"])
def test_no_file_name_gets_out_of_its_word(name: str, version: str) -> None:
    words = shlex.split(command(version, name))
    if version == "1.7.2":
        assert words[-3] == "convert"
        assert words[-2].removeprefix("./") == name
        assert not words[-1].startswith("-")
    else:
        assert words[-2] == "-c"
        assert words[-1] == script(name)
        compile(words[-1], "command", "exec")


def test_the_command_is_one_word_for_the_shell(tmp_path: Path) -> None:
    """A shell that is given the command runs what it starts with, and nothing out of the file's name."""
    name = "$(touch canary); touch canary `touch canary`.pkl"
    for version in ("1.2.2", "1.7.2"):
        line = command(version, name).replace("uvx ", "echo ", 1).replace("uv run ", "echo ", 1)
        subprocess.run(["/bin/sh", "-c", line], cwd=tmp_path, check=True, capture_output=True, timeout=60)
    assert not list(tmp_path.iterdir())


def test_a_model_without_any_version_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "model.pkl"
    path.write_bytes(pickle.dumps(StandardScaler().fit([[0.0]]), 2).replace(b"_sklearn_version", b"_sklearn_versiox"))
    with pytest.raises((VersionError, InputError)):
        read(path, Policy())


def test_the_script_converts_with_skl2onnx_alone(tmp_path: Path) -> None:
    """What the command runs beside versions that modelport does not: here beside this one."""
    path = tmp_path / "it's $(a) model.pkl"
    path.write_bytes(pickle.dumps(LogisticRegression().fit([[0.0], [1.0]], [0, 1])))
    subprocess.run([sys.executable, "-c", script(path.name)], cwd=tmp_path, check=True, timeout=120)
    assert len(list(tmp_path.glob("*.onnx"))) == 1


def test_names_of_an_old_version_are_its_own_and_no_danger(tmp_path: Path) -> None:
    """scikit-learn 1.5 calls its compiled losses `_loss.Cy…`; another unknown name stays unsafe beside any version."""
    path = _stamped("1.5.2", tmp_path)
    whole = path.read_bytes()
    for name, error in ((b"c_loss\nCyHalfMultinomialLoss\n0", VersionError), (b"cother\nThing\n0", Unsafe)):
        path.write_bytes(whole[:2] + name + whole[2:])
        with pytest.raises(error):
            read(path, Policy())
