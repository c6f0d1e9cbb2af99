"""Bisection over the floats finds every jump of a step function to the last bit, and none of a smooth one."""

import math

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelport.parity.grid import Grid, places
from modelport.parity.jumps import seek
from modelport.signature import Column, Signature


def grid(kind: pa.DataType, rows: int) -> Grid:
    signature = Signature((Column("x", kind), Column("y", pa.float64(), True)))
    base = pa.RecordBatch.from_pydict({"x": pa.array([0] * rows, kind), "y": pa.array([None] * rows, pa.float64())})
    return Grid(signature, base, np.zeros(rows, np.int64))


def step(threshold: float):
    def score(batch: pa.RecordBatch) -> pa.RecordBatch:
        return pa.RecordBatch.from_pydict(
            {"label": np.where(batch.column(0).to_numpy().astype(float) <= threshold, "a", "b")}
        )

    return score


@pytest.mark.parametrize("parts", [2, 4, 8])
@settings(max_examples=40, deadline=None)
@given(threshold=st.floats(-1e300, 1e300), distance=st.floats(1e-300, 1e300))
def test_a_split_is_found_to_the_last_bit(parts: int, threshold: float, distance: float) -> None:
    low, high = threshold - distance, threshold + distance
    if not (math.isfinite(low) and math.isfinite(high) and low < threshold < high):
        return
    rows = grid(pa.float64(), 1)
    column = rows.signature.inputs[0]
    ends = [places(np.array([end]), column) for end in (high, low)]
    found = seek(rows, *ends, step(threshold), parts)
    (at,), (above,) = (found.grid.at(found.low + k).column(0).to_pylist() for k in (0, 1))
    assert at == threshold
    assert above == math.nextafter(threshold, math.inf)


@pytest.mark.parametrize(
    ("kind", "threshold", "below", "above"),
    [
        (pa.int64(), 41.5, 41, 42),
        (pa.float32(), 0.1, float(np.nextafter(np.float32(0.1), np.float32(0))), float(np.float32(0.1))),
    ],
)
def test_integers_and_float32_step_on_their_own_grid(
    kind: pa.DataType, threshold: float, below: float, above: float
) -> None:
    rows = grid(kind, 1)
    column = rows.signature.inputs[0]
    ends = [places(np.array([end], kind.to_pandas_dtype()), column) for end in (0, 1000)]
    found = seek(rows, *ends, step(threshold))
    assert found.grid.at(found.low).column(0).to_pylist() == [below]
    assert found.grid.at(found.low + 1).column(0).to_pylist() == [above]


def test_a_smooth_function_has_no_jumps() -> None:
    def smooth(batch: pa.RecordBatch) -> pa.RecordBatch:
        return pa.RecordBatch.from_pydict({"prediction": np.tanh(batch.column(0).to_numpy())})

    rows = grid(pa.float64(), 50)
    values = np.random.default_rng(0).normal(size=(2, 50))
    ends = [places(side, rows.signature.inputs[0]) for side in values]
    assert len(seek(rows, *ends, smooth).low) == 0


def test_pairs_without_a_difference_are_given_up() -> None:
    rows = grid(pa.float64(), 3)
    ends = [places(np.array(side, float), rows.signature.inputs[0]) for side in ([0, 1, 2], [1, 2, 3])]
    assert seek(rows, *ends, step(10.0)).low.tolist() == []


@pytest.mark.parametrize("parts", [2, 4, 8])
def test_a_function_that_is_not_the_same_twice_comes_to_an_end(parts: int) -> None:
    """Matrix products may differ in the last bit with the place of a row in its batch."""
    calls = 0

    def noisy(batch: pa.RecordBatch) -> pa.RecordBatch:
        nonlocal calls
        calls += 1
        assert calls < 200, "no way on"
        x = batch.column(0).to_numpy().astype(float)
        return pa.RecordBatch.from_pydict({"y": x * (1 + 2.0**-52 * (np.arange(len(x)) + calls))})

    rows = grid(pa.float64(), 5)
    column = rows.signature.inputs[0]
    ends = [places(np.full(5, end), column) for end in (-1.0, 3.0)]
    assert len(seek(rows, *ends, noisy, parts).low) == 0
