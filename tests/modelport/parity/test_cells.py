"""One column against another."""

import math

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelport.parity.cells import labels, numbers
from modelport.parity.settings import Tolerance

EXACT = Tolerance(0, 0)


def doubles(*values: float | None) -> pa.Array:
    return pa.array(values, pa.float64(), from_pandas=False)


@given(st.lists(st.tuples(st.floats(), st.floats()), max_size=30), st.floats(0, 10), st.floats(0, 1))
def test_numbers_against_the_definition_row_by_row(pairs: list[tuple[float, float]], atol: float, rtol: float) -> None:
    found = numbers(doubles(*(a for a, _ in pairs)), doubles(*(b for _, b in pairs)), Tolerance(atol, rtol))

    def agrees(a: float, b: float) -> bool:
        if math.isnan(a) or math.isnan(b):
            return math.isnan(a) and math.isnan(b)
        if math.isinf(a) or math.isinf(b):
            return a == b
        return abs(a - b) <= max(atol, rtol * abs(a))

    assert found.rows.tolist() == [i for i, (a, b) in enumerate(pairs) if not agrees(a, b)]


@pytest.mark.parametrize(
    ("a", "b", "nan", "null"),
    [(1.0, math.nan, 1, 0), (math.nan, 1.0, 1, 0), (1.0, None, 0, 1), (None, 1.0, 0, 1), (None, math.nan, 0, 0)],
)
def test_missing_on_one_side_is_counted_by_its_kind(a: float | None, b: float | None, nan: int, null: int) -> None:
    found = numbers(doubles(0.0, a), doubles(0.0, b), Tolerance(1e300, 1))
    assert (found.nan_one_side, found.null_one_side) == (nan, null)
    assert found.rows.tolist() == ([1] if nan or null else [])


def test_ulps_let_through_what_the_absolute_tolerance_does_not() -> None:
    above = math.nextafter(1.0, 2.0)
    assert len(numbers(doubles(1.0), doubles(above), EXACT).rows) == 1
    assert len(numbers(doubles(1.0), doubles(above), Tolerance(0, 0, 1)).rows) == 0
    single = float(np.nextafter(np.float32(1), np.float32(2)))
    assert len(numbers(doubles(1.0), doubles(single), Tolerance(0, 0, 1)).rows) == 1
    assert len(numbers(doubles(1.0), doubles(single), Tolerance(0, 0, 1), single=True).rows) == 0


def test_the_worst_row_is_the_farthest_of_those_outside_the_tolerance() -> None:
    found = numbers(doubles(1e6, 1.0, 1.0), doubles(1e6 + 0.5, 1.1, 1.2), Tolerance(0.05, 1e-6))
    assert found.rows.tolist() == [1, 2]
    assert found.worst == 2
    assert found.max_abs == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("a", "b", "rows"),
    [
        (pa.array(["a", "b"]), pa.array(["a", "c"]), [1]),
        (pa.array(["a", None]), pa.array(["a", None]), []),
        (pa.array(["a", None]), pa.array(["a", ""]), [1]),
        (pa.array([1, 2]), pa.array(["1", "3"]), [1]),
        (pa.array([1, 2]), pa.array([1.0, 2.5]), [1]),
        (pa.array([1.0, 2.0]), pa.array(["1", "2"]), []),
        (pa.array([True, False]), pa.array(["True", "True"]), [1]),
        (pa.array([2**53 + 1]), pa.array([float(2**53)]), [0]),
    ],
)
def test_labels_are_equal_or_not_whatever_their_type(a: pa.Array, b: pa.Array, rows: list[int]) -> None:
    assert labels(a, b).rows.tolist() == rows
