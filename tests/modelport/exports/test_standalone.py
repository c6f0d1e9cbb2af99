"""The script of the image, run as it would be there: by itself, without modelport and scikit-learn."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from modelport.exports import Exported

BLOCKER = """
import sys
class Blocked:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("modelport", "modelport_onnx", "sklearn", "pyarrow", "pandas", "onnx", "spox"):
            raise ModuleNotFoundError(f"{name} is blocked")
sys.meta_path.insert(0, Blocked())
import runpy
sys.argv = sys.argv[1:]
runpy.run_path(sys.argv[0], run_name="__main__")
"""


@pytest.fixture(scope="module")
def folder(exported: Callable[[str], Exported]) -> Path:
    return exported("docker").path


def run(folder: Path, *arguments: str, rows: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-I", "-c", BLOCKER, str(folder / "score.py"), *arguments]
    return subprocess.run(
        command, input=rows, capture_output=True, text=True, check=False, timeout=60, encoding="utf-8"
    )


def golden(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "golden.jsonl").read_text().splitlines()]


def test_it_answers_the_golden_rows(folder: Path) -> None:
    done = run(folder, "--check", str(folder / "golden.jsonl"))
    assert done.returncode == 0, done.stderr
    assert f"{len(golden(folder))} of {len(golden(folder))} golden rows" in done.stderr


def test_it_scores_a_stream(folder: Path) -> None:
    known = golden(folder)
    done = run(folder, rows="\n\n".join(json.dumps(item["row"]) for item in known))
    assert done.returncode == 0, done.stderr
    assert [json.loads(line) for line in done.stdout.splitlines()] == [item["answer"] for item in known]


def test_other_answers_fail_the_check(folder: Path, tmp_path: Path) -> None:
    known = golden(folder)
    known[3]["answer"]["probability(yes)"] = 0.123
    (tmp_path / "golden.jsonl").write_text("\n".join(json.dumps(item) for item in known))
    done = run(folder, "--check", str(tmp_path / "golden.jsonl"))
    assert done.returncode == 1
    assert f"{len(known) - 1} of {len(known)}" in done.stderr
    (tmp_path / "none.jsonl").write_text("")
    assert run(folder, "--check", str(tmp_path / "none.jsonl")).returncode == 1


ROW = {'age of "it"': 31.0, "städte": "Oslo", "member": True, "visits": 4, "children": None}


def test_missing_is_null_and_what_json_cannot_say_has_a_name(folder: Path) -> None:
    rows = [
        ROW,
        ROW | {"children": 2},
        ROW | {'age of "it"': None},
        ROW | {'age of "it"': "Infinity", "children": 0},
        ROW | {'age of "it"': "-Infinity", "children": 0},
        ROW | {"städte": None, "children": 0.0},
    ]
    done = run(folder, rows="\n".join(json.dumps(row) for row in rows))
    assert done.returncode == 0, done.stderr
    chances = [json.loads(line)["probability(yes)"] for line in done.stdout.splitlines()]
    assert chances[0] == 0.25
    assert chances[1] == pytest.approx(1 / (1 + pow(2.718281828459045, -3.14)), rel=1e-12)
    assert chances[2:5] == [0.25, 1.0, 0.0]
    assert chances[5] == pytest.approx(1 / (1 + pow(2.718281828459045, -4.14)), rel=1e-12)


@pytest.mark.parametrize(
    ("row", "text"),
    [
        ({}, "is missing"),
        ([], "a row is an object"),
        (ROW | {"stray": 1}, "no column 'stray'"),
        (ROW | {"member": None}, "may not be missing"),
        (ROW | {"member": 1}, "takes bool"),
        (ROW | {"visits": 1.5}, "whole numbers"),
        (ROW | {"visits": True}, "takes int64"),
        (ROW | {"visits": "4"}, "takes int64"),
        (ROW | {"visits": 2**63}, "cannot hold"),
        (ROW | {"visits": "NaN"}, "whole numbers"),
        (ROW | {"children": 2**53 + 1}, "cannot hold"),
        (ROW | {"städte": 5}, "takes string"),
        (ROW | {'age of "it"': "31"}, "takes float64"),
        (ROW | {'age of "it"': [31]}, "takes float64"),
    ],
)
def test_a_row_that_does_not_fit_is_named_and_nothing_guessed(folder: Path, row: Any, text: str) -> None:
    done = run(folder, rows=json.dumps(ROW) + "\n" + json.dumps(row) + "\n")
    assert done.returncode == 3
    assert done.stdout == ""
    assert done.stderr.startswith("error: line 2: ")
    assert text in done.stderr


def test_what_is_not_json_is_named(folder: Path) -> None:
    done = run(folder, rows=json.dumps(ROW) + "\n{oops\n")
    assert (done.returncode, done.stderr) == (3, "error: line 2 is not JSON\n")
    assert run(folder, "--help").returncode == 2
