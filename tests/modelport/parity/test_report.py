"""Reports: one strict JSON document and back, a verdict in a sentence, text that says what stands in it."""

import json
from typing import Any

import numpy as np
import pytest
from parity_fakes import classifier, columns, fake_runtime, logistic, plus, regression

from modelport.errors import InputError
from modelport.parity.report import ParityReport
from modelport.parity.text import HEADINGS, markdown, plain, table
from modelport.parity.verdict import percent_up


def holey(batch: Any) -> Any:
    x = columns(batch)[0]
    return [np.where(x > 1, np.nan, np.where(x > 0.5, np.inf, plus(batch)[0]))]


@pytest.fixture
def reports(verify: Any, world: Any) -> list[ParityReport]:
    world["absent"] = fake_runtime("absent", requires=("a_module_that_is_not_there",), extra="some")
    rows = {"x0": np.linspace(-2, 2, 50), "x1": np.ones(50)}
    return [
        verify(regression(plus), regression(plus), rows=rows),
        verify(regression(plus), regression(holey), rows=rows, rank=0.5),
        verify(classifier(logistic()), classifier(logistic(bias=1.0)), rows=rows, near_ties=False),
        verify(regression(plus)),
        verify(regression(plus), regression(plus, width=3)),
    ]


def test_a_report_survives_strict_json(reports: list[ParityReport]) -> None:
    for report in reports:
        text = json.dumps(report.to_json(), allow_nan=False)
        again = ParityReport.from_json(json.loads(text))
        assert again.to_json() == report.to_json()
        assert (again.passed, again.exit_code, again.sentence()) == (report.passed, report.exit_code, report.sentence())


def test_a_damaged_or_foreign_document_is_refused(reports: list[ParityReport]) -> None:
    document = reports[0].to_json()
    for broken in ({}, document | {"report": 99}, {k: v for k, v in document.items() if k != "pairs"}):
        with pytest.raises(InputError):
            ParityReport.from_json(broken)


def test_the_sentence_says_whether_and_on_what(reports: list[ParityReport]) -> None:
    good, bad, *_ = reports
    assert good.sentence().startswith("Parity holds: FakeModel in faker agrees")
    assert f"{good.rows:,} rows and 1 output." in good.sentence()
    assert bad.sentence().startswith("Parity does not hold: prediction ")
    assert ParityReport(()).sentence() == "Nothing was compared, so nothing is proved."


def test_text_shows_failures_a_row_bounds_and_what_was_not_run(reports: list[ParityReport]) -> None:
    text = plain(reports[1])
    for part in ("nan-one-side", "A row that shows it", "at 95 % confidence", "absent (pip install"):
        assert part in text
    assert repr(reports[1]) == text


def test_the_table_has_a_row_for_each_candidate_and_kind_of_rows(reports: list[ParityReport]) -> None:
    rows = table(reports[0])
    assert [row[1] for row in rows] == list(reports[0].strata)
    assert all(len(row) == len(HEADINGS) for row in rows)
    lines = [line for line in markdown(reports[0]).splitlines() if line.startswith("|")]
    assert len(lines) == len(rows) + 2
    assert len({line.count("|") for line in lines}) == 1


@pytest.mark.parametrize(
    ("rate", "shown"),
    [(2.9957e-5, "0.003"), (0.1234, "13"), (1.0, "100"), (0.0, "0"), (3.01e-5, "0.0031"), (0.5, "50")],
)
def test_a_bound_is_never_made_smaller_by_printing_it(rate: float, shown: str) -> None:
    assert percent_up(rate) == shown
    assert float(percent_up(rate)) >= 100 * rate * (1 - 1e-9)
