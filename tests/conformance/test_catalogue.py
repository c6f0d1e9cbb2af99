"""docs/coverage.md against the code: a part of the catalogue in CI, the whole with `-m slow`."""

from pathlib import Path

import pytest

from tests.conformance.catalogue.case import Case
from tests.conformance.catalogue.judge import judge
from tests.conformance.catalogue.listing import all_cases
from tests.conformance.catalogue.table import read, result

PAGE = Path(__file__).parents[2] / "docs" / "coverage.md"
EVERY = 4
"""CI judges each fourth case, and every pipeline."""

GOOD = {"1e-9", "1 ulp", "refused", "noted"}


def parameters() -> list[object]:
    found = []
    for i, case in enumerate(all_cases()):
        part = case.family == "pipeline" or i % EVERY == 0
        found.append(pytest.param(case, id=case.name, marks=() if part else pytest.mark.slow))
    return found


@pytest.mark.parametrize("case", parameters())
def test_a_row_of_the_page_is_what_the_code_does(case: Case) -> None:
    row = judge(case)
    assert result(row) == read(PAGE)[case.name], row
    assert not row.reason.startswith("DEFECT"), row


def test_the_page_has_every_case_and_no_other() -> None:
    assert set(read(PAGE)) == {case.name for case in all_cases()}


def test_no_case_is_silently_wrong() -> None:
    wrong = {name: word for name, word in read(PAGE).items() if word not in GOOD}
    assert not wrong


def test_the_page_reaches_its_targets() -> None:
    page = read(PAGE)
    core = [page[case.name] for case in all_cases() if case.core]
    assert len(core) == 198
    assert sum(word != "refused" for word in core) >= 190
    assert sum(word in {"1e-9", "1 ulp"} for word in core) >= 180
