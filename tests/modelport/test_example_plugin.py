"""The example of docs/plugins.md: a distribution of its own that adds a format, installed and used."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

SOURCE = Path(__file__).parent / "example_plugin"


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package, installed into a folder; nothing else is fetched or changed."""
    import shutil

    work = tmp_path_factory.mktemp("plugin")
    shutil.copytree(SOURCE, work / "source", ignore=shutil.ignore_patterns("__pycache__"))
    options = ("--no-deps", "--no-build-isolation", "--no-index", "--quiet", "--target", str(work / "site"))
    subprocess.run([sys.executable, "-m", "pip", "install", *options, str(work / "source")], check=True, timeout=200)
    return work / "site"


@pytest.fixture
def modelport(installed: Path, tmp_path: Path) -> Any:
    """Runs the command beside the plugin: arguments → exit code and the JSON document."""
    (tmp_path / "line.formula").write_text('{"intercept": 0.1, "weights": {"age": 0.7, "income": -1.3}}')

    def run(*arguments: str) -> tuple[int, Any]:
        command = [sys.executable, "-m", "modelport.cli.main", *arguments, "--json"]
        environment = os.environ | {"PYTHONPATH": str(installed)}
        done = subprocess.run(
            command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=200, check=False
        )
        assert "Traceback" not in done.stderr
        return done.returncode, json.loads(done.stdout)

    return run


def test_the_format_and_its_runtime_are_known(modelport: Any) -> None:
    _, document = modelport("formats")
    found = next(item for item in document["formats"] if item["name"] == "formula")
    assert "onnx" in found["converts_to"]
    assert [item["name"] for item in found["runtimes"]] == ["formula"]


def test_it_converts_exactly_and_is_verified(modelport: Any) -> None:
    code, document = modelport("convert", "line.formula", "line.onnx")
    assert (code, document["notes"], document["report"]["passed"]) == (0, [], True)
    assert document["report"]["subjects"][0]["runtime"] == "formula"


def test_it_is_inspected_and_packaged_like_any_other(modelport: Any) -> None:
    assert modelport("convert", "line.formula", "line.onnx", "--no-verify")[0] == 0
    assert modelport("inspect", "line.formula")[1]["kind"] == "linear formula"
    assert modelport("package", "line.formula", "line.onnx", "-o", "line.mport")[0] == 0
    code, document = modelport("check", "line.mport")
    assert code == 0
    assert [run["outcome"] for run in document["runs"]] == ["matches", "matches", "matches"]


def test_a_damaged_file_is_bad_input(modelport: Any, tmp_path: Path) -> None:
    (tmp_path / "bad.formula").write_text('{"weights": 3}')
    code, document = modelport("convert", "bad.formula", "bad.onnx")
    assert (code, document["error"]["code"]) == (3, "bad-file")
