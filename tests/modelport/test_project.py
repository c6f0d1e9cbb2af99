"""A project's settings: found from below, each table by itself, never taken from elsewhere."""

from pathlib import Path

import pytest

from modelport import project
from modelport.errors import InputError, UsageError


def test_the_nearest_file_that_has_the_table_is_taken(tmp_path: Path) -> None:
    (tmp_path / "modelport.toml").write_text("[trust]\nglobals = ['a.b']\n")
    below = tmp_path / "below"
    below.mkdir()
    (below / "modelport.toml").write_text("[parity]\nulps = 1\n")
    assert project.find("trust", below) == (tmp_path / "modelport.toml", {"globals": ["a.b"]})
    assert project.find("parity", below) == (below / "modelport.toml", {"ulps": 1})


def test_pyproject_holds_the_same_tables_under_tool(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.modelport.trust]\nglobals = ['a.b']\n[trust]\nglobals = ['c.d']\n")
    assert project.find("trust", tmp_path) == (tmp_path / "pyproject.toml", {"globals": ["a.b"]})


def test_what_nobody_set_is_none(tmp_path: Path) -> None:
    assert project.find("no_such_table_anywhere", tmp_path) is None


@pytest.mark.parametrize(
    ("name", "text"), [("modelport.toml", "trust = 1"), ("pyproject.toml", "[tool]\nmodelport = 1")]
)
def test_what_is_no_table_is_refused(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text)
    with pytest.raises(UsageError, match="must be a table"):
        project.find("trust", tmp_path)


def test_what_is_no_toml_is_refused(tmp_path: Path) -> None:
    (tmp_path / "modelport.toml").write_text("[trust")
    with pytest.raises(InputError, match="no TOML"):
        project.find("trust", tmp_path)
