"""Near jumps: rounding at a computed boundary is counted apart; a split that a file tells is never excused."""

from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from parity_fakes import columns, regression, step_at

from modelport.parity.failures import FailureKind as Kind
from modelport.parity.settings import Tolerance
from modelport.parity.shake import fragile, near_jumps
from modelport.parity.tally import Compared


def rotated(threshold: float, order: int) -> Any:
    """1 where 0.1 x0 + 0.7 x1 + 0.3 x2 is beyond a threshold, added in one order or another."""

    def score(batch: pa.RecordBatch) -> Any:
        a, b, c = (w * x for w, x in zip((0.1, 0.7, 0.3), columns(batch), strict=True))
        total = (a + b) + c if order else a + (b + c)
        return [(total > threshold).astype(float)]

    return score


def test_a_jump_of_a_computed_number_is_counted_apart(verify: Any) -> None:
    report = verify(
        regression(rotated(0.5, 0), 3), regression(rotated(0.5, 1), 3), strata=("boundary",), boundary_rows=4000
    )
    (stratum,) = report.official[0].strata
    assert stratum.near_ties > 0
    assert stratum.different == 0
    assert report.passed


def test_near_ties_fail_if_they_are_asked_to(verify: Any) -> None:
    report = verify(
        regression(rotated(0.5, 0), 3),
        regression(rotated(0.5, 1), 3),
        strata=("boundary",),
        boundary_rows=4000,
        near_ties=False,
    )
    assert {failure.kind for failure in report.failures} == {Kind.NEAR_TIE}


def test_a_boundary_that_really_moved_is_not_excused(verify: Any) -> None:
    report = verify(
        regression(rotated(0.5, 0), 3), regression(rotated(0.5 + 1e-6, 0), 3), strata=("boundary",), boundary_rows=4000
    )
    assert {failure.kind for failure in report.failures} == {Kind.NUMBER}


@pytest.mark.parametrize("moved", [float(np.nextafter(0.3, 1)), float(np.nextafter(0.3, 0)), float(np.float32(0.3))])
def test_a_told_split_that_moved_by_one_step_is_a_disagreement(verify: Any, moved: float) -> None:
    reference = regression(step_at(0.3), landmarks={"x0": [0.3]})
    report = verify(reference, regression(step_at(moved)), strata=("boundary",))
    assert {failure.kind for failure in report.failures} == {Kind.NUMBER}
    (stratum,) = report.official[0].strata
    assert report.coverage.known == report.coverage.probed == 1
    assert stratum.witnesses[0].inputs["x0"] == pytest.approx(0.3)


def test_a_split_that_no_file_tells_is_found_by_bisection(verify: Any) -> None:
    report = verify(regression(step_at(0.3)), regression(step_at(0.3 + 1e-9)), strata=("boundary",))
    assert {failure.kind for failure in report.failures} == {Kind.NUMBER}
    assert report.coverage.found > 0


@pytest.mark.parametrize(("answer", "excused"), [((0.0, 1.0), True), ((0.0, 2.0), False), ((3.0, 1.0), False)])
def test_an_exact_zero_may_count_for_one_output_and_against_another(answer: tuple[float, float], excused: bool) -> None:
    """A difference of exactly zero votes as no row beside it does, so each output is looked at by itself."""

    def score(batch: pa.RecordBatch) -> pa.RecordBatch:
        a, b = columns(batch)
        above = (a - b > 0).astype(float)
        return pa.RecordBatch.from_pydict({"vote": above, "side": above})

    rows = pa.RecordBatch.from_pydict({"x0": [1.0], "x1": [np.nextafter(1.0, 0)]})
    candidate = pa.RecordBatch.from_pydict({"vote": [answer[0]], "side": [answer[1]]})
    compared = [Compared(name, True, Tolerance()) for name in ("vote", "side")]
    assert near_jumps(rows, candidate, np.array([0]), compared, score, {}, 0).tolist() == [excused]


def test_a_row_on_a_computed_jump_is_fragile_and_one_on_a_told_split_is_not() -> None:
    def score(batch: pa.RecordBatch) -> pa.RecordBatch:
        a, b = columns(batch)
        return pa.RecordBatch.from_pydict({"above": (a - b > 0).astype(float)})

    rows = pa.RecordBatch.from_pydict({"x0": [1.0, 2.0, 1.0], "x1": [np.nextafter(1.0, 0), 1.0, 3.0]})
    compared = [Compared("above", True, Tolerance())]
    assert fragile(rows, score(rows), compared, score, {}, 0).tolist() == [True, False, False]
    assert fragile(rows, score(rows), compared, score, {"x0": (1.0,)}, 0).tolist() == [False, False, False]


@pytest.mark.parametrize(("value", "excused"), [(-1.7e308, True), (-1e300, True), (-1e200, False)])
def test_a_sum_that_overflows_right_beside_a_row_excuses_it(value: float, excused: bool) -> None:
    """The reference answered the row in a batch, with a finite probability; the same row by itself is NaN."""
    rows = pa.RecordBatch.from_pydict({"x0": [value]})
    nothing = pa.RecordBatch.from_pydict({"prediction": [1.0]})
    found = near_jumps(
        rows,
        nothing,
        np.arange(1),
        [Compared("prediction", True, Tolerance())],
        lambda batch: pa.RecordBatch.from_pydict({"prediction": np.full(batch.num_rows, np.nan)}),
        {},
        0,
    )
    assert found.tolist() == [excused]


def test_another_answer_at_the_edge_that_is_one_beside_it_too_is_not_excused() -> None:
    rows = pa.RecordBatch.from_pydict({"x0": [-1.7e308]})
    found = near_jumps(
        rows,
        pa.RecordBatch.from_pydict({"prediction": [1.0]}),
        np.arange(1),
        [Compared("prediction", True, Tolerance())],
        lambda batch: pa.RecordBatch.from_pydict({"prediction": np.zeros(batch.num_rows)}),
        {},
        0,
    )
    assert found.tolist() == [False]


def test_a_row_at_the_edge_is_asked_for_by_itself() -> None:
    """Some sums overflow in one size of a batch only: a fused multiplication and addition does not in another."""
    rows = pa.RecordBatch.from_pydict({"x0": [-1.7e308]})
    found = near_jumps(
        rows,
        pa.RecordBatch.from_pydict({"prediction": [1.0]}),
        np.arange(1),
        [Compared("prediction", True, Tolerance())],
        lambda b: pa.RecordBatch.from_pydict({"prediction": np.full(b.num_rows, np.nan if b.num_rows == 1 else 0.0)}),
        {},
        0,
    )
    assert found.tolist() == [True]
