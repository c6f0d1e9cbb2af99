"""Each verb is documented: its help says what it does, shows examples, and its examples parse."""

import ast
import shlex
from pathlib import Path
from typing import Any

import pytest
import typer.main

from modelport.cli import main
from modelport.cli.app import VERBS, app

FOLDER = Path(main.__file__).parent
EXAMPLES = [(name, example) for name, verb in VERBS.items() for example in verb.examples]


@pytest.mark.parametrize("name", VERBS)
def test_help_says_what_it_does_and_shows_examples(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main.run([name, "--help"]) == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert (VERBS[name].run.__doc__ or "").splitlines()[0] in shown
    assert VERBS[name].examples
    for example in VERBS[name].examples:
        assert " ".join(example.split()) in shown


@pytest.mark.parametrize(("name", "example"), EXAMPLES)
def test_examples_parse(name: str, example: str) -> None:
    command, verb, *arguments = shlex.split(example.partition(" > ")[0])
    assert (command, verb) == ("modelport", name)
    group: Any = typer.main.get_command(app())
    group.commands[name].make_context(name, arguments)


@pytest.mark.parametrize("name", VERBS)
def test_every_option_has_help(name: str) -> None:
    group: Any = typer.main.get_command(app())
    for parameter in group.commands[name].params:
        if parameter.name != "help":
            assert parameter.help, parameter.name


def test_every_verb_speaks_json() -> None:
    group: Any = typer.main.get_command(app())
    for name, command in group.commands.items():
        assert "json" in {parameter.name for parameter in command.params}, name


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.py")), ids=lambda path: path.stem)
def test_the_command_calls_nothing_but_the_api(path: Path) -> None:
    allowed = ("modelport.api", "modelport.cli", "modelport.errors", "modelport.recipes", "modelport._version")
    shown = ("modelport.signature", "modelport.parity", "modelport.data", "modelport.reports", "modelport.ci.result")
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module == "modelport":
            assert {alias.name for alias in node.names} <= {"api", "recipes"}
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("modelport"):
            assert (node.module or "").startswith((*allowed, *shown)), node.module
