"""The command as a process: quick, quiet, and its codes."""

import os
import subprocess
import sys
from collections.abc import Sequence

import pytest

from modelport._version import __version__
from modelport.cli import main

HEAVY = {"numpy", "pyarrow", "rich", "typer", "onnx", "sklearn", "pandas"}


def modelport(*arguments: str) -> "subprocess.CompletedProcess[str]":
    command: Sequence[str] = (sys.executable, "-m", "modelport.cli.main", *arguments)
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.parametrize("option", ["--version", "-V"])
def test_version_is_one_line(option: str) -> None:
    done = modelport(option)
    assert (done.returncode, done.stdout, done.stderr) == (0, f"modelport {__version__}\n", "")


def test_version_imports_nothing_heavy() -> None:
    script = "import sys; from modelport.cli.main import run; run(['--version']); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60)
    assert not HEAVY & {name.partition(".")[0] for name in done.stdout.splitlines()[1].split()}


def test_help_imports_no_science() -> None:
    script = "import sys; from modelport.cli.main import run; run(['convert', '--help']); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60)
    loaded = {name.partition(".")[0] for name in done.stdout.splitlines()[-1].split()}
    assert not (HEAVY - {"rich", "typer"}) & loaded


def test_help_names_the_exit_codes(capsys: pytest.CaptureFixture[str]) -> None:
    assert main.run(["--help"]) == 0
    shown = " ".join(capsys.readouterr().out.split())
    for code in ("0 it worked", "1 parity", "2 wrong", "3 bad", "4 cannot", "5 refused", "6 a runtime", "70 a defect"):
        assert code in shown


def test_without_arguments_help_is_shown() -> None:
    done = modelport()
    assert "Usage" in done.stdout + done.stderr
    assert "convert" in done.stdout + done.stderr
    assert done.returncode == 2


def test_a_reader_that_goes_away_is_no_defect() -> None:
    script = f"{sys.executable} -m modelport.cli.main formats --json | head -c 1"
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, timeout=60, check=False)
    assert done.stdout == "{"
    assert done.stderr == ""


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_knows_the_verbs(shell: str) -> None:
    script = (
        "import os, sys; os.environ.update(_MODELPORT_COMPLETE='complete_%s', _TYPER_COMPLETE_ARGS='modelport ver', "
        "COMP_WORDS='modelport ver', COMP_CWORD='1', _TYPER_COMPLETE_FISH_ACTION='get-args'); "
        "from modelport.cli.main import run; sys.exit(run([]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script % shell], capture_output=True, text=True, timeout=60, check=False
    )
    assert "verify" in done.stdout
    assert "convert" not in done.stdout


@pytest.mark.parametrize(
    ("begun", "offered", "not_offered"),
    [
        ("verify a b --runtime onnx", {"onnxruntime", "onnx.reference"}, {"jpmml"}),
        ("convert a b --engine sk", {"sklearn2pmml"}, {"modelport"}),
        ("verify a b --strata data,b", {"data,boundary"}, {"data,random"}),
        ("demo --fixture pen", {"penguins"}, {"wine"}),
        ("routes pi", {"pickle"}, {"onnx"}),
    ],
)
def test_completion_knows_values(begun: str, offered: set[str], not_offered: set[str]) -> None:
    words = f"modelport {begun}"
    environment = os.environ | {
        "_MODELPORT_COMPLETE": "complete_bash",
        "COMP_WORDS": words,
        "COMP_CWORD": str(len(words.split()) - 1),
    }
    command = [sys.executable, "-m", "modelport.cli.main"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
    found = set(done.stdout.split())
    assert offered <= found
    assert not not_offered & found
