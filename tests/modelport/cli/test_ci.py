"""`modelport ci`, and `verify --baseline`, as they are typed."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.signals import heeds_ctrl_c

TOML = """
[parity]
rows = 50
strata = ["data", "random"]
runtimes = ["scikit-learn", "onnxruntime"]
isolate = false

[models.age]
source = "model.pkl"
data = "rows.parquet"
targets = ["onnx"]
package = true
"""


@pytest.fixture
def project(model: Path, rows: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("GITHUB_ACTIONS", "GITHUB_STEP_SUMMARY"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "modelport.toml").write_text(TOML)
    return tmp_path


def test_init_then_run_then_nothing_to_do(project: Path, run: Callable[..., Any]) -> None:
    (project / "modelport.toml").unlink()
    assert run("ci").code == 2
    begun = run("ci", "--init", "--json")
    assert begun.document == {"written": "modelport.toml"}
    (project / "modelport.toml").write_text(TOML)
    first = run("ci", "--json", "--markdown", "parity.md", "--junit", "parity.xml")
    assert first.code == 0
    assert first.document["models"][0]["exit_code"] == 0
    assert "1 model: every answer agrees." in first.err
    assert "✓ age.onnx" in first.err
    assert (project / "build/models/age.mport").is_file()
    assert (project / "parity.md").read_text().startswith("# modelport: 1 model")
    again = run("ci")
    assert again.code == 0
    assert again.out == ""
    assert "unchanged" in again.err


def test_a_model_that_fails_is_shown_with_the_way_out(project: Path, run: Callable[..., Any]) -> None:
    (project / "modelport.toml").write_text(TOML.replace('"onnx"]', '"onnx"]\nopset = 1'))
    found = run("ci", "--json")
    assert found.code == 2
    assert found.document["exit_code"] == 2
    assert "✗ convert age.onnx" in found.err
    assert "→ use 13 or newer" in found.err
    assert "1 of 1 model fails." in found.err


def test_annotations_in_a_workflow(project: Path, run: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    (project / "rows.parquet").unlink()
    found = run("ci")
    assert found.code == 3
    assert "::error file=model.pkl,title=modelport age::" in found.err


def test_an_unknown_key_is_refused_with_a_suggestion(project: Path, run: Callable[..., Any]) -> None:
    (project / "modelport.toml").write_text(TOML.replace("package", "packge"))
    found = run("ci")
    assert found.code == 2
    assert "has no key 'packge'" in found.error
    assert found.hint == "did you mean 'package'?"


@pytest.mark.skipif(os.name != "posix", reason="Ctrl-C is a signal")
def test_ctrl_c_leaves_nothing_half_written(project: Path) -> None:
    (project / "modelport.toml").write_text(TOML.replace("rows = 50", "rows = 500_000_000"))
    command = [sys.executable, "-m", "modelport.cli.main", "ci"]
    pipes: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    running = subprocess.Popen(command, cwd=project, preexec_fn=heeds_ctrl_c, **pipes)
    children = _until_it_works(running, project)
    running.send_signal(signal.SIGINT)
    _, told = running.communicate(timeout=60)
    assert running.returncode == 130
    assert "interrupted" in told
    assert "Traceback" not in told
    assert not (project / "build").exists()
    assert not list((project / ".modelport-cache").glob(".part-*"))
    assert not any(Path(f"/proc/{pid}").exists() for pid in children)


def _until_it_works(running: "subprocess.Popen[str]", project: Path) -> list[str]:
    """Waits until a worker has begun to write; gives the workers."""
    for _ in range(600):
        if list((project / ".modelport-cache").glob(".part-*/age.onnx")):
            listed = Path(f"/proc/{running.pid}/task/{running.pid}/children")
            return listed.read_text().split() if listed.exists() else []
        assert running.poll() is None
        time.sleep(0.1)
    raise AssertionError("it did not begin")


def test_verify_with_a_baseline(project: Path, run: Callable[..., Any]) -> None:
    assert run("convert", "model.pkl", "model.onnx", "--precision", "portable", "--no-verify").code == 0
    compare = ("verify", "model.pkl", "model.onnx", "--data", "rows.parquet", "--rows", 50, "--atol", 0, "--rtol", 0)
    compare += ("--strata", "data", "--no-isolate")
    assert run(*compare, "--baseline", "known.json").code == 3
    assert run(*compare, "--update-baseline").code == 2
    written = run(*compare, "--baseline", "known.json", "--update-baseline", "--json")
    assert written.code == 0
    entries = json.loads((project / "known.json").read_text())["entries"]
    assert len(entries) == len(written.document["accepted"])
    assert run(*compare, "--baseline", "known.json").code == 0
