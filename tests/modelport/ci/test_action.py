"""action.yml and the pre-commit hook: valid by their published schemas, and their shell does what it should.

The steps run in a bare shell, as the runner starts it (`bash --noprofile --norc -eo pipefail`), on a repository made
for the purpose: git, models that a recipe trains, a modelport.toml.
"""

import json
import os
import pickle
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from modelport.recipes import load_recipe

ROOT = Path(__file__).parents[3]
ACTION = yaml.safe_load((ROOT / "action.yml").read_text())
STEPS = {step.get("id"): step for step in ACTION["runs"]["steps"]}
TOML = """
[parity]
rows = 50
strata = ["data", "random"]
runtimes = ["onnxruntime"]

[models.wine]
source = "models/wine.pkl"
data = "holdout.csv"
targets = ["onnx"]
package = true
"""

Step = Callable[..., "Ran"]


class Ran:
    """What a step left."""

    def __init__(self, done: "subprocess.CompletedProcess[str]", temp: Path) -> None:
        self.code, self.log = done.returncode, done.stdout + done.stderr
        lines = (temp / "output").read_text().splitlines()
        self.outputs = dict(line.split("=", 1) for line in lines)
        self.summary = (temp / "summary").read_text()


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with a trained model and rows it has not seen."""
    place = tmp_path_factory.mktemp("repository")
    recipe = load_recipe("wine")
    (place / "models").mkdir()
    (place / "models" / "wine.pkl").write_bytes(pickle.dumps(recipe.train()))
    recipe.data().to_csv(place / "holdout.csv", index=False)
    (place / "modelport.toml").write_text(TOML)
    for command in (["init", "--quiet"], ["add", "."]):
        subprocess.run(["git", *command], cwd=place, check=True, timeout=30)
    return place


@pytest.fixture
def step(trained: Path, tmp_path: Path) -> Step:
    """`step("ci", models="wine")` runs a step of the action in the repository, with the inputs' defaults."""
    temp = tmp_path / "runner"
    temp.mkdir()
    for name in ("output", "summary"):
        (temp / name).touch()

    def run(name: str, **inputs: str) -> Ran:
        known = {key: value["default"] for key, value in ACTION["inputs"].items()} | inputs
        script = tmp_path / "step.sh"
        script.write_text(STEPS[name]["run"])
        env = {key: _evaluated(value, known, temp) for key, value in STEPS[name]["env"].items()}
        shell = ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)]
        done = subprocess.run(
            shell, cwd=trained, env=_bare(temp) | env, capture_output=True, text=True, timeout=250, check=False
        )
        return Ran(done, temp)

    return run


def _bare(temp: Path) -> dict[str, str]:
    """The environment of a runner: little of ours, and where its files are."""
    kept = {name: os.environ[name] for name in ("HOME", "OMP_NUM_THREADS", "JAVA_HOME") if name in os.environ}
    path = f"{_bin(temp)}:{Path(sys.executable).parent}:/usr/bin:/bin"
    github = {"GITHUB_OUTPUT": str(temp / "output"), "GITHUB_STEP_SUMMARY": str(temp / "summary")}
    return kept | github | {"PATH": path, "GITHUB_ACTIONS": "true", "CI": "true", "LANG": "C.UTF-8"}


def _bin(temp: Path) -> Path:
    """A `python` that tells what pip was asked for, so that nothing is installed, and is Python in all else."""
    place = temp / "bin"
    place.mkdir(exist_ok=True)
    told = temp / "pip"
    script = f'#!/bin/bash\nif [ "$1 $2" = "-m pip" ]; then echo "$@" >> {told}; else exec {sys.executable} "$@"; fi\n'
    (place / "python").write_text(script)
    (place / "python").chmod(0o755)
    return place


def _evaluated(value: str, inputs: Mapping[str, str], temp: Path) -> str:
    known = {f"inputs.{name}": text for name, text in inputs.items()}
    known |= {"github.action_path": "/action", "runner.temp": str(temp)}
    return re.sub(r"\$\{\{ (\S+) \}\}", lambda found: known[found[1]], value)


def test_what_agrees_passes_and_tells_where_everything_is(step: Step, trained: Path) -> None:
    ran = step("ci")
    assert ran.code == 0, ran.log
    assert ran.outputs["exit-code"] == "0"
    assert ran.outputs["passed"] == "true"
    results, reports = Path(ran.outputs["results"]), Path(ran.outputs["reports"])
    assert results == trained / "build/models"
    assert sorted(path.name for path in results.iterdir()) == ["wine.mport", "wine.onnx"]
    assert sorted(path.name for path in reports.iterdir()) == [
        "modelport.json",
        "modelport.md",
        "modelport.sarif",
        "modelport.xml",
    ]
    assert json.loads((reports / "modelport.json").read_text())["passed"] is True
    assert ran.summary.startswith("# modelport: 1 model: every answer agrees.\n")
    assert "::error" not in ran.log


def test_what_does_not_agree_fails_and_is_annotated(step: Step, trained: Path) -> None:
    shutil.copyfile(trained / "models/wine.pkl", trained / "models/again.pkl")
    broken = '\n[models.again]\nsource = "models/again.pkl"\ntargets = ["onnx"]\ndata = "none.csv"\n'
    (trained / "modelport.toml").write_text(TOML + broken)
    try:
        ran = step("ci", models="again", arguments="--jobs 1 --fresh")
    finally:
        (trained / "modelport.toml").write_text(TOML)
    assert ran.code == 3, ran.log
    assert ran.outputs["exit-code"] == "3"
    assert ran.outputs["passed"] == "false"
    assert ran.summary.startswith("# modelport: 1 of 1 model fails.\n")
    assert "::error file=models/again.pkl,title=modelport again::" in ran.log
    assert "<failure" in (Path(ran.outputs["reports"]) / "modelport.xml").read_text()


def test_a_mistake_in_the_settings_fails_too(step: Step, trained: Path) -> None:
    ran = step("ci", models="wein")
    assert ran.code == 2
    assert ran.outputs["exit-code"] == "2"
    assert ran.outputs["results"] == ""
    assert "did you mean 'wine'?" in ran.log


@pytest.mark.parametrize(
    ("inputs", "expected"),
    [
        ({}, ["-m pip install /action"]),
        (
            {"extras": "jpmml,boosters", "requirements": "requirements.txt"},
            ["-m pip install --requirement requirements.txt", "-m pip install /action[jpmml,boosters]"],
        ),
    ],
)
def test_what_is_installed(step: Step, tmp_path: Path, inputs: dict[str, str], expected: list[str]) -> None:
    assert step("install", **inputs).code == 0
    assert (tmp_path / "runner" / "pip").read_text().splitlines() == expected


def check_schema(schema: str, file: Path) -> None:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, str(file)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=100, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_action_is_valid() -> None:
    check_schema("vendor.github-actions", ROOT / "action.yml")
    for name in ("exit-code", "passed", "reports", "results"):
        assert f'echo "{name}=' in STEPS["ci"]["run"]
        assert ACTION["outputs"][name]["value"] == f"${{{{ steps.ci.outputs.{name} }}}}"


def test_no_input_is_pasted_into_a_script() -> None:
    for item in ACTION["runs"]["steps"]:
        assert "${{" not in item.get("run", ""), "an input that is pasted into a script is a program"


def blocks(language: str) -> list[str]:
    text = (ROOT / "docs" / "ci.md").read_text()
    return re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)


@pytest.mark.parametrize(("mark", "schema"), [("runs-on:", "github-workflows"), ("artifacts:", "gitlab-ci")])
def test_the_snippets_are_valid(mark: str, schema: str, tmp_path: Path) -> None:
    found = [block for block in blocks("yaml") if mark in block]
    assert found
    for block in found:
        (tmp_path / "snippet.yml").write_text(block)
        check_schema(f"vendor.{schema}", tmp_path / "snippet.yml")


def test_the_inputs_in_the_snippets_are_those_of_the_action() -> None:
    used: list[Any] = [
        step
        for block in blocks("yaml")
        if "runs-on:" in block
        for job in yaml.safe_load(block)["jobs"].values()
        for step in job["steps"]
        if "modelport" in step.get("uses", "")
    ]
    assert used
    for item in used:
        assert set(item.get("with", {})) <= set(ACTION["inputs"])


def test_the_hook_is_a_command_that_there_is() -> None:
    from modelport.cli.app import VERBS

    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    assert hook["id"] == "modelport-ci"
    assert hook["entry"].split() == ["modelport", "ci"]
    assert hook["entry"].split()[1] in VERBS
    assert hook["pass_filenames"] is False
    pattern = re.compile(hook["files"])
    for name in ("models/a.pkl", "a.joblib.gz", "x/modelport.toml", "pyproject.toml", "rows.parquet", "a.onnx"):
        assert pattern.search(name), name
    for name in ("a.py", "README.md", "a.pkl.py", "notmodelport.tom"):
        assert not pattern.search(name), name
