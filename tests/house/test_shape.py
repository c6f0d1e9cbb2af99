"""The shape of the code: small files, small functions, mirrored tests, nothing of the machine it was written on."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = [path for tree in ("modelport", "converters") for path in sorted((ROOT / tree).rglob("*.py"))]

LONG_FUNCTIONS: dict[str, str] = {
    "modelport/cli/verify.py:verify": "its parameters are the command's options, one a line",
    "modelport/api.py:convert": "the public signature and its docstring",
    "modelport/converting.py:convert": "one transaction: plan, run, write, compare, show",
}
"""Functions over fifty lines, each with its reason."""

LONG_FILES: dict[str, str] = {}
"""Files over four hundred lines, each with its reason."""


def key(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", SOURCES, ids=key)
def test_files_and_functions_are_small(path: Path) -> None:
    text = path.read_text()
    assert text.count("\n") <= 400 or key(path) in LONG_FILES
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            size = (node.end_lineno or node.lineno) - node.lineno + 1
            assert size <= 50 or f"{key(path)}:{node.name}" in LONG_FUNCTIONS, f"{node.name} has {size} lines"


@pytest.mark.parametrize("path", SOURCES, ids=key)
def test_every_module_says_what_it_is(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text())), "a module begins with a docstring"


def tracked() -> list[Path]:
    done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    return [ROOT / name for name in done.stdout.decode().split("\0") if name]


def test_no_committed_file_names_a_package_index_or_a_pickle() -> None:
    address = re.compile(r"(--(extra-)?index-url|PIP_INDEX|pypi\.org/simple|files\.pythonhosted)")
    own = Path(__file__).resolve()
    for path in tracked():
        assert path.suffix not in {".pkl", ".pickle", ".joblib", ".mport"}, path
        if path.is_file() and path.resolve() != own and path.stat().st_size < 1_000_000:
            assert not address.search(path.read_bytes().decode("utf-8", "replace")), path
