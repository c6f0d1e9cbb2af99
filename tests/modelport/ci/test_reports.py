"""A project's results in the forms that others read."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from modelport.ci.pages import index
from modelport.ci.result import Part, ProjectReport, Result
from modelport.errors import CannotConvert
from modelport.parity.failures import Failure, FailureKind
from modelport.parity.pieces import ColumnReport, Missing, PairReport, StratumReport, Subject
from modelport.parity.report import ParityReport

SUBJECTS = (Subject("a.pkl", "pickle", "scikit-learn"), Subject("a.onnx", "onnx", "onnxruntime"))
FAILURE = Failure(FailureKind.LABEL, "label differs on 7 of 100 rows", SUBJECTS[1].name, "data", "label", 7)


def report(different: int, **more: Any) -> ParityReport:
    stratum = StratumReport("data", 100, different, columns=(ColumnReport("label", "label", 100, different),))
    return ParityReport(SUBJECTS, (PairReport(0, 1, (stratum,)),), **more)


@pytest.fixture
def found() -> ProjectReport:
    error = CannotConvert("no form | <b>", where="step", hint="use another\nstep").to_json()
    good = Result("good", "models/a.pkl", (Part("convert", "a.onnx", sha256="1"),), report(0), seconds=1.25)
    known = replace(good, name="known", report=report(7, accepted=(FAILURE,)), reused=True, stale=("gone",))
    missing = (Missing("jpmml", "pip install x", ("pmml",)),)
    bad = replace(good, name="bad", report=report(7, failures=(FAILURE,), missing=missing))
    broken = Result("broken", "models/b:c,d.pkl", (Part("convert", "b.pmml", 4, error),))
    return ProjectReport((good, known, bad, broken), ("old entry",), "build/models")


def test_the_numbers(found: ProjectReport) -> None:
    assert [model.exit_code for model in found.models] == [0, 0, 1, 4]
    assert found.exit_code == 4
    assert found.sentence() == "2 of 4 models fail."
    assert ProjectReport(found.models[:2]).sentence() == (
        "2 models: every answer agrees, but for 1 difference that the baseline accepts."
    )


def test_results_survive_json(found: ProjectReport) -> None:
    for model in found.models:
        assert Result.from_json(json.loads(json.dumps(model.to_json(), allow_nan=False))) == model


def test_junit(found: ProjectReport, tmp_path: Path) -> None:
    found.write({"junit": tmp_path / "a.xml"})
    root = ElementTree.parse(tmp_path / "a.xml").getroot()
    suites = {suite.get("name"): suite for suite in root}
    assert list(suites) == [
        "good: results",
        "good: a.onnx in onnxruntime",
        "known: results",
        "known: a.onnx in onnxruntime",
        "bad: results",
        "bad: a.onnx in onnxruntime",
        "bad: comparison",
        "broken: results",
        "baseline",
    ]
    assert [root.get(name) for name in ("tests", "failures", "skipped")] == ["8", "2", "1"]
    failed = [
        (case.get("classname"), case.get("name")) for case in root.iter("testcase") if case.find("failure") is not None
    ]
    assert failed == [("modelport.bad.bad: a.onnx in onnxruntime", "data rows"), ("modelport.broken", "convert b.pmml")]
    accepted = suites["known: a.onnx in onnxruntime"].find("testcase/system-out")
    assert accepted is not None
    assert "accepted by the baseline" in (accepted.text or "")


def test_sarif_is_one_run(found: ProjectReport, tmp_path: Path) -> None:
    found.write({"sarif": tmp_path / "a.sarif"})
    (run,) = json.loads((tmp_path / "a.sarif").read_text())["runs"]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert [(r["ruleId"], r["level"], "suppressions" in r) for r in run["results"]] == [
        ("label", "note", True),
        ("label", "error", False),
        ("cannot-convert", "error", False),
    ]
    assert all(rules[result["ruleIndex"]] == result["ruleId"] for result in run["results"])
    uris = [r["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for r in run["results"]]
    assert uris == ["build/models/a.onnx", "build/models/a.onnx", "models/b%3Ac%2Cd.pkl"]
    prints = [r["partialFingerprints"]["failure/v1"] for r in run["results"]]
    assert len(set(prints)) == 3
    assert run["invocations"] == [{"executionSuccessful": True, "exitCode": 4}]


def test_markdown_has_a_table_and_opens_what_fails(found: ProjectReport, tmp_path: Path) -> None:
    found.write({"markdown": tmp_path / "a.md"})
    text = (tmp_path / "a.md").read_text()
    assert text.startswith("# modelport: 2 of 4 models fail.\n")
    assert "| ✅ | good | ✓ a.onnx | 100 | 0 | — | 1.2 |" in text
    assert "| ✅ | known | ✓ a.onnx | 100 | 7 | — | unchanged |" in text
    assert "| ❌ | bad | ✗ a.onnx | 100 | 7 | — | 1.2 |" in text
    assert text.count("<details open>") == 2
    assert text.count("<details>") == 2
    assert "stale in the baseline: gone" in text
    assert "- old entry" in text


def test_the_step_summary_is_added_to(found: ProjectReport, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    summary = tmp_path / "summary.md"
    summary.write_text("before\n")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    found.write({})
    assert summary.read_text().startswith("before\n# modelport: 2 of 4 models fail.\n")


def test_annotations_point_at_the_model(found: ProjectReport) -> None:
    assert list(found.annotations()) == [
        "::warning file=models/a.pkl,title=modelport known::stale in the baseline: gone",
        "::error file=models/a.pkl,title=modelport bad::label: label differs on 7 of 100 rows"
        " (a.onnx in onnxruntime, data rows)",
        "::warning file=models/a.pkl,title=modelport bad::not run: jpmml (pip install x)",
        "::error file=models/b%3Ac%2Cd.pkl,title=modelport broken::"
        "convert b.pmml: no form | <b> (step)%0Ause another%0Astep",
        "::warning title=modelport baseline::old entry",
    ]


def test_the_first_page_leads_to_the_others(found: ProjectReport) -> None:
    html = index(ProjectReport((*found.models, Result("<b>", "a.pkl", report=report(0)))))
    assert '<a href="good.html">good</a>' in html
    assert 'href="broken.html"' not in html, "nothing was compared, so there is no page"
    assert '<a href="%3Cb%3E.html">&lt;b&gt;</a>' in html
    assert html.count("✗ fails") == 2
