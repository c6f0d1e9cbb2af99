"""Thresholds of rounded numbers, against rounding itself."""

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from modelport_pmml.from_columnar.thresholds import below, floor32, not_below

splits = st.floats(allow_nan=False, allow_infinity=False, width=64, min_value=-3e38, max_value=3e38)


def narrow(value: float) -> float:
    with np.errstate(over="ignore"):
        return float(np.float32(value))


@given(splits)
@example(0.0)
@example(0.1)
@example(float(np.float32(0.1)))
@example(1e-46)
@example(2.0**-149)
@example(-2.5)
@example(16777217.0)
@example(3.4028234663852886e38)
def test_the_greatest_number_that_is_rounded_to_the_threshold_or_less(split: float) -> None:
    found = float(below(np.array([split]))[0])
    assert narrow(found) <= split
    assert narrow(np.nextafter(found, np.inf)) > split


@given(splits)
@example(0.0)
@example(-0.1)
def test_the_least_number_that_is_rounded_to_the_threshold_or_more(split: float) -> None:
    found = float(not_below(np.array([split]))[0])
    assert narrow(found) >= split
    assert narrow(np.nextafter(found, -np.inf)) < split


@given(splits)
def test_floor(split: float) -> None:
    found = floor32(np.array([split]))[0]
    assert float(found) <= split
    assert float(np.nextafter(found, np.float32(np.inf))) > split
