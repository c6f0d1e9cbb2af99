"""Crossings: how wide a disagreement is, to the float, and a jump on which two sides agree."""

import math
from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pytest
from parity_fakes import FakeModel, regression

from modelport.parity.crossing import Crossing, spread
from modelport.parity.floats import from_ordinal, ordinal
from modelport.parity.report import ParityReport

Verify = Callable[..., ParityReport]
SPLIT = 0.3125


def step(at: float, offset: float = 0.0) -> FakeModel:
    """0 below a split of x1, 1 from it on."""

    def score(batch: pa.RecordBatch) -> list[np.ndarray]:  # type: ignore[type-arg]  # one column of floats
        values = batch.column("x1").fill_null(math.nan).to_numpy(zero_copy_only=False)
        return [(values >= at).astype(float) + offset]

    return regression(score, landmarks={"x1": (at,)})


def beyond(value: float, floats: int) -> float:
    return float(from_ordinal(ordinal(np.array([value])) + floats)[0])


@pytest.mark.parametrize("floats", [1, 2, 7, 1000, 2**29 + 3])
def test_the_width_of_a_disagreement_is_found_to_the_float(verify: Verify, floats: int) -> None:
    report = verify(step(SPLIT), step(beyond(SPLIT, floats)))
    crossing = report.crossing
    assert crossing is not None
    assert (crossing.column, crossing.output, crossing.width) == ("x1", "prediction", floats)
    assert (crossing.low, crossing.high) == (SPLIT, beyond(SPLIT, floats - 1))
    assert crossing.offsets is not None
    drawn = dict(zip(crossing.offsets, zip(crossing.reference, crossing.candidate, strict=True), strict=True))
    assert drawn[-1] == (0, 0)
    assert drawn[0] == (1, 0)
    assert drawn[floats - 1] == (1, 0)
    assert drawn[floats] == (1, 1)
    assert list(crossing.values) == sorted(crossing.values)


def test_an_agreement_shows_a_jump_between_the_same_floats(verify: Verify) -> None:
    report = verify(step(SPLIT), step(SPLIT))
    crossing = report.crossing
    assert report.passed
    assert crossing is not None
    assert (crossing.column, crossing.width) == ("x1", 0)
    assert crossing.reference == crossing.candidate
    assert crossing.offsets is not None
    at = crossing.offsets.index(0)
    assert (crossing.reference[at], crossing.reference[at + 1]) == (0, 1)
    assert crossing.values[at + 1] == SPLIT


def test_a_difference_everywhere_is_followed_over_the_range_of_the_input(verify: Verify) -> None:
    rows = np.linspace(-2, 2, 50).reshape(-1, 2)
    crossing = verify(step(SPLIT), step(SPLIT, 0.5), rows=rows).crossing
    assert crossing is not None
    assert crossing.width is None
    assert crossing.offsets is None
    assert min(crossing.values) <= -1.9
    assert max(crossing.values) >= 1.9
    assert {b - a for a, b in zip(crossing.reference, crossing.candidate, strict=True)} == {0.5}


def test_a_model_that_jumps_nowhere_has_no_crossing(verify: Verify) -> None:
    flat = regression(lambda batch: [np.zeros(batch.num_rows)])
    assert verify(flat, flat).crossing is None


def test_json_and_back(verify: Verify) -> None:
    report = verify(step(SPLIT), step(beyond(SPLIT, 5)))
    assert report.crossing is not None
    assert Crossing.from_json(report.crossing.to_json()) == report.crossing
    assert ParityReport.from_json(report.to_json()).crossing == report.crossing


def test_spread_places() -> None:
    assert spread(0, 10, 3, (7, 99)) == [0, 5, 7, 10]
    assert spread(0, 2, 41) == [0, 1, 2]
    assert spread(-(2**62), 2**62, 3) == [-(2**62), 0, 2**62]
