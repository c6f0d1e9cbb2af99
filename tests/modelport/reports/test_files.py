"""Reports in files, and in a workflow."""

import json
from pathlib import Path

import pytest

from modelport.errors import UsageError
from modelport.parity.report import ParityReport
from modelport.reports import files, github


@pytest.fixture(autouse=True)
def no_workflow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)


def test_every_form_is_written(failed: ParityReport, tmp_path: Path) -> None:
    wanted = {form: tmp_path / f"report.{form}" for form in files.WRITERS}
    files.write(failed, wanted, {})
    assert sorted(path.name for path in tmp_path.iterdir()) == [f"report.{form}" for form in sorted(files.WRITERS)]
    assert ParityReport.from_json(json.loads(wanted["json"].read_text())) == failed
    assert "| candidate |" in wanted["markdown"].read_text()
    assert wanted["junit"].read_text().startswith("<?xml")


def test_the_step_summary_is_added_to(failed: ParityReport, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    summary = tmp_path / "summary.md"
    summary.write_text("before\n")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    files.write(failed, {}, {})
    assert summary.read_text().startswith("before\nParity does not hold")


def test_a_folder_that_is_missing_is_found_before_work(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="does not exist"):
        files.check({"junit": tmp_path / "no" / "x.xml"})


def test_annotations_are_one_line_each(failed: ParityReport, passed: ParityReport) -> None:
    lines = list(github.annotations(failed))
    assert len(lines) == 3
    assert all(line.startswith("::error title=modelport ") and "\n" not in line for line in lines)
    assert list(github.annotations(passed)) == ["::warning title=modelport::not run: jpmml (pip install x)"]
