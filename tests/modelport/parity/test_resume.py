"""A comparison that was killed goes on where it was, and ends with the same result."""

from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from parity_fakes import columns, plus, regression

from modelport.errors import UsageError
from modelport.parity import resume
from modelport.parity.tally import Tally

ROWS = {"x0": np.linspace(-2, 2, 1000), "x1": np.linspace(3, 1, 1000)}


def odd(batch: Any) -> Any:
    a, b = columns(batch)
    return [np.where(a > 1.5, np.nan, plus(batch)[0] + np.where(a > 0, 1e-3 * b, 0))]


class Kill(BaseException):
    """As if the process had been ended."""


@pytest.fixture(autouse=True)
def eager(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resume.Journal, "save", _eager(resume.Journal.save))


def _eager(save: Any) -> Any:
    def saved(self: Any, *args: Any) -> None:
        self.every = 0.0
        save(self, *args)

    return saved


def result(report: Any) -> Any:
    return [pair.to_json() for pair in report.pairs], [failure.to_json() for failure in report.failures]


def test_a_killed_comparison_ends_as_if_nothing_had_happened(verify: Any, tmp_path: Path) -> None:
    journal = tmp_path / "journal.json"
    chosen: dict[str, Any] = {"rows": ROWS, "strata": ("data",), "batch_rows": 64, "shrink": False}
    whole = verify(regression(plus), regression(odd), **chosen)
    scored: list[int] = []

    def until(limit: int) -> Any:
        def score(batch: Any) -> Any:
            scored.append(batch.num_rows)
            if sum(scored) > limit:
                raise Kill
            return odd(batch)

        return score

    with pytest.raises(Kill):
        verify(regression(plus), regression(until(600)), resume=str(journal), **chosen)
    assert journal.exists()
    scored.clear()
    resumed = verify(regression(plus), regression(until(10**9)), resume=str(journal), **chosen)
    assert 0 < sum(scored) < 900, "rows that were done are not scored again"
    assert result(resumed) == result(whole)
    assert not journal.exists()


def test_the_journal_of_another_comparison_is_refused(verify: Any, tmp_path: Path) -> None:
    journal = tmp_path / "journal.json"
    journal.write_text('{"key": "something else", "done": 5, "pairs": {}}')
    with pytest.raises(UsageError, match="another comparison"):
        verify(regression(plus), regression(plus), rows=ROWS, resume=str(journal))


def test_a_damaged_journal_is_refused(verify: Any, tmp_path: Path) -> None:
    journal = tmp_path / "journal.json"
    journal.write_text('{"key": ')
    with pytest.raises(UsageError, match="damaged"):
        verify(regression(plus), regression(plus), rows=ROWS, resume=str(journal))


def test_ranks_cannot_be_resumed(verify: Any, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="ranks"):
        verify(regression(plus), regression(plus), rows=ROWS, resume=str(tmp_path / "j"), rank=0.1)


def test_a_journal_holds_everything_that_a_tally_counts() -> None:
    plain = {field.name for field in fields(Tally) if field.type in ("int", "bool", int, bool)}
    settled_by_settings = {"keep", "lenient", "strict"}
    assert plain - settled_by_settings == set(resume._COUNTS)
