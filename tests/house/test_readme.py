"""The README is true: its tables are the registry's, its commands parse, its Python runs, its links lead somewhere."""

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import typer.main

from modelport import api
from modelport.cli.app import VERBS, app
from modelport.errors import ModelportError

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()


def table(first: str) -> list[list[str]]:
    """The rows under the heading line whose first cell is `first`."""
    lines = README.splitlines()
    start = next(i for i, line in enumerate(lines) if line.startswith(f"| {first} |"))
    rows = []
    for line in lines[start + 2 :]:
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in line.strip("|").split("|")])
    return rows


def words(cell: str) -> set[str]:
    return {word for word in re.split(r"[,\s]+", cell) if word}


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


def commands() -> list[list[str]]:
    lines = [line[2:] for block in blocks("console") for line in block.splitlines() if line.startswith("$ modelport")]
    return [shlex.split(line.partition(" > ")[0])[1:] for line in lines]


def test_the_table_of_formats_is_the_registry() -> None:
    written = {row[0]: row for row in table("format")}
    known = {item.name: item for item in api.formats()}
    assert set(written) == set(known)
    for name, (_, files, runtimes, targets) in written.items():
        suffixes = set(re.findall(r"`(\.[a-z0-9]+)`", files))
        assert suffixes == {"." + part for suffix in known[name].suffixes for part in suffix[1:].split(".")}
        assert words(runtimes) == {item.name for item in api.runtimes(name)}
        assert words(targets) == {to for to in known if to != name and api.routes(name, to)}


def test_the_table_of_runtimes_is_the_registry() -> None:
    written = {row[0]: row for row in table("runtime")}
    assert set(written) == {item.name for item in api.runtimes()}
    for item in api.runtimes():
        _, _, source, licence = written[item.name]
        assert source == (f"the extra `{item.extra}`" if item.extra else "modelport")
        assert licence == (item.licence or "")


def test_the_table_of_exit_codes_is_that_of_the_errors() -> None:
    written = {int(row[0]) for row in table("code")}
    errors = [ModelportError]
    for error in errors:
        errors += error.__subclasses__()
    assert {0} | {error.exit_code for error in errors} == written


def test_the_extras_are_those_of_the_project() -> None:
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert {row[0].strip("`") for row in table("extra")} == set(project["optional-dependencies"])


@pytest.mark.parametrize("arguments", commands(), ids=shlex.join)
def test_every_command_parses(arguments: list[str]) -> None:
    group: Any = typer.main.get_command(app())
    verb = group.commands[arguments[0]]
    verb.make_context(arguments[0], arguments[1:])


def test_every_verb_has_a_command_in_it() -> None:
    assert {arguments[0] for arguments in commands()} == set(VERBS)


def test_the_set_up_lines_stand_as_written() -> None:
    assert '    pip install -e ".[all]" && modelport demo\n' in README
    assert '    pip install -e ".[all,test]" && pytest\n' in README
    assert "    python3 -m venv .venv && . .venv/bin/activate\n" in README


def test_its_python_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    scope: dict[str, Any] = {}
    for block in blocks("python"):
        exec(compile(block, "README.md", "exec"), scope)
    assert scope["result"].notes == []
    assert scope["result"].report.passed
    assert scope["report"].passed
    assert list(scope["onnx"].predict(scope["holdout"])) == list(scope["model"].predict(scope["holdout"]))
    assert (tmp_path / "wine.mport").is_file()
    assert api.check(tmp_path / "wine.mport").passed


@pytest.mark.parametrize("document", sorted(path.relative_to(ROOT) for path in ROOT.glob("*.md")), ids=str)
def test_links_lead_somewhere(document: Path) -> None:
    for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", (ROOT / document).read_text()):
        assert (ROOT / document).parent.joinpath(target).exists(), target


def test_agpl_is_said_where_it_is_installed() -> None:
    assert any((item.licence or "").startswith("AGPL") for item in api.runtimes())
    assert "AGPL-3.0" in README.partition("**Licences.**")[2].partition("\n\n")[0]
