"""Trust comes from the caller and the folder one works in; never from where a file lies, nor from inside it."""

import pickle
import sys
import types
from pathlib import Path

import pytest
from sklearn.base import BaseEstimator
from sklearn.linear_model import LogisticRegression

from modelport import api
from modelport.errors import Unsafe, UsageError
from modelport.trust import trusted

NAME = "our_company.steps.Winsorizer"
SETTINGS = f'[trust]\nglobals = ["{NAME}"]\n'
IN_PYPROJECT = SETTINGS.replace("[trust]", "[tool.modelport.trust]")


@pytest.fixture
def stranger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A pickle in a folder of its own, of a class that is on no list; one works in another folder."""
    module = types.ModuleType("our_company.steps")
    kind = type("Winsorizer", (LogisticRegression,), {"__module__": "our_company.steps"})
    module.Winsorizer = kind  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "our_company", types.ModuleType("our_company"))
    monkeypatch.setitem(sys.modules, "our_company.steps", module)
    folder = tmp_path / "downloads"
    folder.mkdir()
    path = folder / "model.pkl"
    model: BaseEstimator = kind().fit([[0.0], [1.0]], [0, 1])
    path.write_bytes(pickle.dumps(model))
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    return path


def load(path: Path, *trust: str) -> None:
    assert type(api.load(path, trust=trust).native).__name__ == "Winsorizer"


def test_it_is_refused_where_nobody_trusts_it(stranger: Path) -> None:
    with pytest.raises(Unsafe, match=NAME):
        load(stranger)


def test_the_caller_may_trust_it(stranger: Path) -> None:
    load(stranger, NAME)


@pytest.mark.parametrize(("file", "text"), [("modelport.toml", SETTINGS), ("pyproject.toml", IN_PYPROJECT)])
@pytest.mark.parametrize("where", [".", ".."])
def test_the_folder_one_works_in_may_trust_it(
    stranger: Path, file: str, text: str, where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = Path.cwd() / "inner"
    work.mkdir()
    monkeypatch.chdir(work)
    (work / where / file).resolve().write_text(text)
    load(stranger)


@pytest.mark.parametrize(("file", "text"), [("modelport.toml", SETTINGS), ("pyproject.toml", IN_PYPROJECT)])
def test_settings_beside_the_file_say_nothing(stranger: Path, file: str, text: str) -> None:
    (stranger.parent / file).write_text(text)
    with pytest.raises(Unsafe, match=NAME):
        load(stranger)


def test_the_command_reads_the_same_settings(stranger: Path) -> None:
    from modelport.cli.main import run

    command = ["preflight", str(stranger)]
    assert run(command) == Unsafe.exit_code
    Path("modelport.toml").write_text(SETTINGS)
    assert run(command) == 0


def test_scoring_reads_the_same_settings(stranger: Path) -> None:
    rows = {"x0": [0.0, 2.0]}
    with pytest.raises(Unsafe):
        api.score(stranger, rows, "out.csv")
    Path("modelport.toml").write_text(SETTINGS)
    assert api.score(stranger, rows, "out.csv").rows == 2


@pytest.mark.parametrize("name", ["os", "sklearn", "our_company.*", "*", "", "a..b", "a.b ", "1.x"])
def test_no_whole_module_can_be_trusted(stranger: Path, name: str) -> None:
    with pytest.raises(UsageError, match="one global"):
        trusted([name])
    Path("modelport.toml").write_text(f'[trust]\nglobals = ["{name}"]\n')
    with pytest.raises(UsageError, match="one global"):
        load(stranger)


@pytest.mark.parametrize("text", ['[trust]\nglobals = "a.b"\n', "[trust]\nglobals = [1]\n", "[trust]\nmodules = []\n"])
def test_settings_of_another_shape_are_refused(stranger: Path, text: str) -> None:
    Path("modelport.toml").write_text(text)
    with pytest.raises(UsageError) as error:
        load(stranger)
    assert "modelport.toml" in str(error.value.where)


def test_a_name_is_trusted_once(stranger: Path) -> None:
    Path("modelport.toml").write_text(SETTINGS)
    assert trusted(["a.B", NAME]) == ("a.B", NAME)
