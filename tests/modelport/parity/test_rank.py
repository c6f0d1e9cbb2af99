"""Rank agreement of scores."""

from typing import Any

import numpy as np
import pytest
from parity_fakes import columns, plus, regression

from modelport.parity.failures import FailureKind as Kind
from modelport.parity.settings import Tolerance

ROWS = {"x0": np.linspace(0, 1, 101), "x1": np.zeros(101)}


def swapped(batch: Any) -> Any:
    """Close to the reference, but every second pair of neighbours has changed places."""
    x = columns(batch)[0]
    return [2 * x + np.where(np.rint(x * 100) % 4 == 0, 0.05, 0.0)]


@pytest.mark.parametrize(("rank", "fails"), [(None, False), (0.5, False), (0.1, True), (0.0, True)])
def test_an_order_that_changes_fails_where_it_matters(verify: Any, rank: float | None, fails: bool) -> None:
    report = verify(regression(plus), regression(swapped), rows=ROWS, strata=("data",), atol=0.1, rank=rank)
    assert report.passed is not fails
    assert {failure.kind for failure in report.failures} == ({Kind.RANK} if fails else set())
    share = report.official[0].strata[0].columns[0].discordant
    assert share is None if rank is None else share == pytest.approx(0.25)


def test_the_same_order_passes_however_far_the_scores_are(verify: Any) -> None:
    tolerance = {"prediction": Tolerance(atol=1e9, rank=0.0)}
    stretched = regression(lambda b: [100 * plus(b)[0] + 7])
    assert verify(regression(plus), stretched, rows=ROWS, strata=("data",), outputs=tolerance).passed
