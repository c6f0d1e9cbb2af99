"""Places: exact while they are few, told apart by their digest when they are many, whatever the batches."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelport.parity.places import MOST, Places, within

ROWS = st.sets(st.integers(0, 400), max_size=60).map(sorted)


def places(rows: list[int], cuts: tuple[int, ...] = ()) -> Places:
    found = Places()
    for part in np.split(np.array(rows, np.int64), [c for c in sorted(cuts) if c < len(rows)]):
        found.add(part)
    return found


@pytest.mark.parametrize(
    ("rows", "text"), [([], ""), ([0], "0"), ([3, 4, 5, 9], "3-5,9"), ([0, 1, 2, 3], "0-3"), ([1, 3, 5], "1,3,5")]
)
def test_rows_are_written_as_ranges(rows: list[int], text: str) -> None:
    assert str(places(rows)) == text


@given(ROWS, st.tuples(st.integers(0, 60), st.integers(0, 60)))
def test_batches_change_nothing(rows: list[int], cuts: tuple[int, ...]) -> None:
    assert places(rows, cuts) == places(rows)


@given(ROWS, ROWS)
def test_within_is_the_subset(some: list[int], others: list[int]) -> None:
    assert within(str(places(some)), str(places(others))) == (set(some) <= set(others))


def test_many_scattered_rows_are_told_apart_by_the_digest() -> None:
    every_other = list(range(0, 4 * MOST, 2))
    moved = [*every_other[:-1], every_other[-1] + 1]
    text, other = str(places(every_other)), str(places(moved))
    assert text.count(",") == MOST - 1
    assert text != other
    assert within(text, text)
    assert not within(other, text)
    assert not within("0", text), "whether a row lies beyond what is kept cannot be told from a digest"


def test_a_million_rows_that_lie_together_are_one_range() -> None:
    found = Places()
    for start in range(0, 1_000_000, 65_536):
        found.add(np.arange(start, min(start + 65_536, 1_000_000)))
    assert str(found) == "0-999999"
