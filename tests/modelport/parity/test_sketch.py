"""Sketches: bounded, the same whatever the batches, mergeable, and right where counts can be told by hand."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelport.parity import sketch as sketches
from modelport.parity.settings import Tolerance
from modelport.parity.sketch import Sketch, sketch_of
from modelport.parity.tally import Compared, Tally

COLUMNS = (Compared("p", True, Tolerance(1e-6, 0.0)), Compared("label", False, Tolerance()))


Rows = tuple[pa.RecordBatch, pa.RecordBatch, pa.RecordBatch]


def sides(reference: Sequence[float | None], candidate: Sequence[float | None]) -> Rows:
    labels = [["a" if (v or 0) < 0.5 else "b" for v in side] for side in (reference, candidate)]
    inputs = pa.RecordBatch.from_pydict({"x": pa.array(range(len(reference)), pa.int64())})
    first, second = (
        pa.RecordBatch.from_pydict({"p": pa.array(side, pa.float64()), "label": pa.array(text)})
        for side, text in zip((reference, candidate), labels, strict=True)
    )
    return inputs, first, second


def tallied(rows: Rows, size: int, start: int = 0, stop: int | None = None) -> Tally:
    tally = Tally("data", COLUMNS, sketch=sketch_of(COLUMNS, 3))
    for at in range(start, rows[0].num_rows if stop is None else stop, size):
        end = min(at + size, rows[0].num_rows if stop is None else stop)
        inputs, reference, candidate = (side.slice(at, end - at) for side in rows)
        tally.add(inputs, reference, candidate, np.arange(at, end))
    return tally


def seen(sketch: Sketch | None) -> object:
    assert sketch is not None
    worst = {name: [(key, str(row)) for key, row in rows] for name, rows in sorted(sketch.worst.rows.items())}
    return repr((sketch.summaries(), worst))


def test_counts_told_by_hand() -> None:
    reference = [0.0, 0.25, 0.25, 0.75, None, 1.0, float("nan")]
    candidate = [0.0, 0.25 + 2**-30, 0.25 + 2**-10, 0.25, 0.5, np.nextafter(1.0, 2.0), None]
    report = tallied(sides(reference, candidate), 100).report()
    p = report.summaries["p"]
    assert (p.identical, p.one_side) == (2, 1)
    assert p.distances == {-30: 1, -10: 1, -1: 1, -52: 1}
    assert p.beyond == {-10: 1, -1: 1}
    assert p.steps == {24: 1, 44: 1, 52: 1, 0: 1}  # 0.25's step is 2^-54; from 0.25 to 0.75 it is 2^52 + 2^51 steps
    assert {point.reference for point in p.points if point.different} == {0.25, 0.75}
    assert report.summaries["label"].flips == (("b", "a", 2), ("a", "b", 1))


def test_worst_rows_come_first_and_those_within_the_tolerance_last() -> None:
    reference = [0.1, 0.1, 0.1, 0.1, 0.1]
    candidate = [0.1 + 1e-9, 0.1 + 1e-3, None, 0.1, 0.1 + 1e-2]
    worst = tallied(sides(reference, candidate), 100).report().worst["p"]
    assert [row.row for row in worst] == [2, 4, 1, 0]
    assert worst[0].columns == ("p",)
    assert worst[-1].columns == ()
    assert worst[1].inputs == {"x": 4}


def test_infinities_are_counted_as_such() -> None:
    report = tallied(sides([float("inf"), 1.0, -1.0], [float("inf"), float("-inf"), float("-inf")]), 100).report()
    assert report.summaries["p"].distances == {1024: 2}
    assert report.summaries["p"].steps == {1024: 2}


numbers = st.one_of(
    st.none(), st.floats(-2, 2, width=32), st.sampled_from([float("inf"), float("-inf"), float("nan"), -0.0, 1e-300])
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(numbers, numbers), min_size=1, max_size=60), st.integers(1, 20), st.integers(1, 20))
def test_batches_do_not_matter(pairs: list[tuple[float | None, float | None]], one: int, other: int) -> None:
    rows = sides([a for a, _ in pairs], [b for _, b in pairs])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sketches, "POINTS", 20)
        patch.setattr(sketches, "WORST", 3)
        assert seen(tallied(rows, one).sketch) == seen(tallied(rows, other).sketch)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(numbers, numbers), min_size=2, max_size=60), st.data())
def test_parts_merge_into_the_whole(pairs: list[tuple[float | None, float | None]], data: st.DataObject) -> None:
    rows = sides([a for a, _ in pairs], [b for _, b in pairs])
    cut = data.draw(st.integers(1, len(pairs) - 1))
    first, second = tallied(rows, 7, 0, cut).sketch, tallied(rows, 7, cut).sketch
    assert first is not None
    assert second is not None
    first.merge(second)
    assert seen(first) == seen(tallied(rows, 7).sketch)


def test_it_stays_bounded() -> None:
    rng = np.random.default_rng(0)
    values = rng.random(50_000)
    report = tallied(sides(list(values), list(values + rng.normal(size=50_000) * 1e-5)), 8192).report()
    p = report.summaries["p"]
    assert len(p.points) <= sketches.POINTS + sketches.POINTS_BEYOND
    assert sum(p.distances.values()) + p.identical == 50_000
    assert sum(p.beyond.values()) == report.columns[0].different
    assert len(report.worst["p"]) == sketches.WORST
    distances = [abs(row.candidate["p"] - row.reference["p"]) for row in report.worst["p"]]
    assert distances == sorted(distances, reverse=True)
    assert distances[0] == report.columns[0].max_abs


def test_the_sample_is_fair() -> None:
    values = np.arange(40_000) / 40_000
    points = tallied(sides(list(values), list(values)), 4096).report().summaries["p"].points
    drawn = np.array([point.reference for point in points])
    assert len(drawn) == sketches.POINTS
    counts = np.histogram(drawn, bins=4, range=(0, 1))[0]
    assert counts.min() > 100  # 150 expected in each quarter; five standard deviations are 53
