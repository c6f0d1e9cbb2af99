"""The Docker folder: a Dockerfile of few lines, and exactly what ONNX Runtime needs."""

import json
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest

from modelport.exports import Exported


@pytest.fixture(scope="module")
def folder(exported: Callable[[str], Exported]) -> Path:
    return exported("docker").path


def test_nothing_but_onnxruntime_is_installed(folder: Path) -> None:
    import onnxruntime

    lines = (folder / "requirements.txt").read_text().splitlines()
    assert f"onnxruntime=={onnxruntime.__version__}" in lines
    assert all("==" in line for line in lines)
    named = {line.partition("==")[0] for line in lines}
    assert named.isdisjoint({"modelport", "scikit-learn", "pyarrow", "pandas", "onnx"})


def test_the_image_is_built_only_if_it_answers_the_golden_rows(folder: Path) -> None:
    lines = (folder / "Dockerfile").read_text().splitlines()
    assert lines[0].startswith("FROM python:3.")
    assert "RUN python score.py --check golden.jsonl" in lines
    assert "USER 65532" in lines
    copied = {name for line in lines if line.startswith("COPY") for name in line.split()[1:-1]}
    assert all((folder / name).is_file() for name in copied)
    ignored = (folder / ".dockerignore").read_text().splitlines()
    assert {line.removeprefix("!") for line in ignored if line.startswith("!")} == copied


def test_the_golden_rows_are_all_there_in_strict_json(folder: Path, golden: tuple[pa.Table, pa.Table]) -> None:
    rows, answers = golden
    lines = [
        json.loads(line, parse_constant=pytest.fail) for line in (folder / "golden.jsonl").read_text().splitlines()
    ]
    assert len(lines) == rows.num_rows
    told = {"NaN", "Infinity", "-Infinity"}
    assert {line["row"]['age of "it"'] for line in lines if isinstance(line["row"]['age of "it"'], str)} <= told
    assert [line["row"]["visits"] for line in lines] == rows["visits"].to_pylist()
    assert [line["answer"]["label"] for line in lines] == answers["label"].to_pylist()
