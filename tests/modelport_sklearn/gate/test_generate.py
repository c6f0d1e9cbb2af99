"""The allow-list is what its script writes, and names no module whole."""

import importlib
import subprocess
import sys
from pathlib import Path

import pytest

from modelport_sklearn import gate
from modelport_sklearn.gate import generate
from modelport_sklearn.gate.allowlist import reviewed

FOLDER = Path(str(gate.__file__)).parent


@pytest.fixture(scope="module")
def written() -> list[str]:
    """What the script writes beside the libraries that are installed here."""
    command = [sys.executable, str(FOLDER / "generate.py")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=280, check=True)
    return done.stdout.splitlines()


def test_the_committed_list_is_what_the_script_writes(written: list[str]) -> None:
    committed = (FOLDER / "allowed.txt").read_text(encoding="utf-8").splitlines()
    assert sorted(set(committed) - set(written)) == [], "these lines nobody can account for"
    assert sorted(set(written) - set(committed)) == [], "these lines wait for a review"
    assert committed == written


def test_no_entry_is_a_module() -> None:
    for module, name in reviewed():
        assert name
        try:
            importlib.import_module(f"{module}.{name}")
        except ImportError:
            continue
        kind = type(getattr(importlib.import_module(module), name))
        assert kind.__name__ != "module", f"{module}.{name}"


def test_a_class_with_hooks_of_its_own_is_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    from sklearn.base import BaseEstimator

    class Plain(BaseEstimator):  # type: ignore[misc]  # scikit-learn ships no types
        pass

    class Hooked(BaseEstimator):  # type: ignore[misc]  # scikit-learn ships no types
        def __setstate__(self, state: object) -> None: ...

    class Inherits(Hooked):
        pass

    names = [name for _, _, name in generate.families({Plain, Hooked, Inherits}, set())]
    assert [name.rpartition(".")[2] for name in names] == ["Plain"]
    assert "Hooked" in capsys.readouterr().err


def test_the_wider_grant_is_kept() -> None:
    assert generate.lines([("value", "a", "B"), ("call", "a", "B"), ("new", "a", "B")]) == ["call a B"]
