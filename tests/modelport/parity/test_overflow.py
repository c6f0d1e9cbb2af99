"""Sums that leave the range of float64 are told apart; nothing else that is NaN on one side is."""

import numpy as np
import pyarrow as pa
import pytest

from modelport.parity.settings import Tolerance
from modelport.parity.tally import Compared, Tally

BIG = np.finfo(np.float64).max
COLUMNS = (Compared("prediction", True, Tolerance(1e-9, 1e-9)),)


def batch(**columns: list[float | None]) -> pa.RecordBatch:
    return pa.RecordBatch.from_pydict({name: pa.array(values, pa.float64()) for name, values in columns.items()})


def tallied(inputs: list[float | None], reference: list[float], candidate: list[float]) -> Tally:
    tally = Tally("special", COLUMNS)
    tally.add(batch(a=inputs), batch(prediction=reference), batch(prediction=candidate))
    return tally


def test_a_sum_that_overflows_on_one_side_is_counted_apart() -> None:
    tally = tallied([1.0, -BIG, 2.0], [1.0, float("nan"), 5.0], [1.0, 0.5, 5.0])
    assert (tally.rows, tally.different, tally.overflown) == (2, 0, 1)
    assert tally.report().overflown == 1


def test_an_answer_that_pmml_leaves_out_is_told_apart_too() -> None:
    tally = Tally("special", COLUMNS)
    tally.add(batch(a=[1.0, BIG]), batch(prediction=[1.0, 0.5]), batch(prediction=[1.0, None]))
    assert (tally.rows, tally.different, tally.overflown) == (1, 0, 1)


@pytest.mark.parametrize(
    ("value", "ours", "theirs"),
    [
        (1.0, float("nan"), 0.5),
        (1e200, float("inf"), 0.5),
        (None, float("nan"), 0.5),
        (float("inf"), float("nan"), 0.5),
        (BIG, 1.0, 0.5),
    ],
    ids=["ordinary", "large", "missing", "infinite", "finite answers"],
)
def test_everything_else_stays_a_disagreement(value: float | None, ours: float, theirs: float) -> None:
    tally = tallied([1.0, value], [1.0, ours], [1.0, theirs])
    assert (tally.rows, tally.different, tally.overflown) == (2, 1, 0)


def test_the_rows_around_it_keep_their_places() -> None:
    tally = Tally("special", COLUMNS)
    rows = batch(a=[1.0, BIG, 3.0])
    bad = tally.add(rows, batch(prediction=[1.0, float("nan"), 3.0]), batch(prediction=[1.0, 0.0, 4.0]))
    assert bad.tolist() == [2]
    assert tally.witnesses[0].row == 2


@pytest.mark.parametrize(("scores", "apart"), [((float("nan"), None), 1), ((float("nan"), 0.5), 0), ((0.5, 0.5), 0)])
def test_a_class_named_after_scores_that_are_no_numbers_is_told_apart(scores: tuple[float, float], apart: int) -> None:
    columns = (Compared("label", False, Tolerance()), Compared("probability(a)", True, Tolerance()))
    tally = Tally("special", columns)
    ours, theirs = (
        batch(**{"probability(a)": [score]}).append_column("label", pa.array([label]))
        for score, label in zip(scores, ("a", "b"), strict=True)
    )
    tally.add(batch(a=[float("inf")]), *(side.select(["label", "probability(a)"]) for side in (ours, theirs)))
    assert (tally.different, tally.overflown) == (1 - apart, apart)
