"""Packs: what goes together can stand together, and what stands in the way of another does not."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from modelport.parity.packs import FALLING, FREE, RISING, Boxes, packs

LOW, HIGH = np.iinfo(np.int64).min, np.iinfo(np.int64).max


def boxes(*rows: tuple[int, int, dict[int, tuple[int, int]]], columns: int = 3, pin: int = RISING) -> Boxes:
    """Splits: own column, its lower place, and bounds of other columns."""
    low, high = np.full((len(rows), columns), LOW), np.full((len(rows), columns), HIGH)
    pins = np.zeros((len(rows), columns), np.int8)
    for i, (own, place, bounds) in enumerate(rows):
        for column, (least, most) in bounds.items():
            low[i, column], high[i, column] = least, most
        low[i, own], high[i, own], pins[i, own] = place, place + 1, pin
    return Boxes(low, high, pins, {})


def packed(found: Boxes) -> list[set[int]]:
    numbers = packs(found, np.random.default_rng(0))
    assert sorted(set(numbers.tolist())) == list(range(int(numbers.max()) + 1))
    return [set(np.flatnonzero(numbers == i).tolist()) for i in range(int(numbers.max()) + 1)]


def test_splits_of_other_columns_go_together() -> None:
    assert packed(boxes((0, 5, {}), (1, 7, {}), (2, -3, {}))) == [{0, 1, 2}]


def test_a_column_has_one_value() -> None:
    assert sorted(map(sorted, packed(boxes((0, 5, {}), (0, 6, {}))))) == [[0], [1]]


def test_the_same_split_of_several_trees_goes_together() -> None:
    assert packed(boxes((0, 5, {1: (0, 9)}), (0, 5, {1: (9, 20)}))) == [{0, 1}]


def test_but_not_if_its_sides_are_the_other_way_round() -> None:
    both = boxes((0, 5, {}), (0, 5, {}))
    both.pin[1, 0] = FALLING
    assert len(packed(both)) == 2


def test_bounds_that_do_not_meet_keep_splits_apart() -> None:
    assert len(packed(boxes((0, 5, {2: (0, 9)}), (1, 7, {2: (10, 20)})))) == 2
    assert len(packed(boxes((0, 5, {2: (0, 9)}), (1, 7, {2: (9, 20)})))) == 1


def test_a_split_stands_inside_the_bounds_of_the_others_with_both_of_its_sides() -> None:
    assert len(packed(boxes((0, 5, {}), (1, 7, {0: (LOW, 5)})))) == 2
    assert len(packed(boxes((0, 5, {}), (1, 7, {0: (LOW, 6)})))) == 1


def test_words_must_be_left() -> None:
    pair = boxes((0, 5, {}), (1, 7, {}))
    assert len(packs(Boxes(pair.low, pair.high, pair.pin, {9: np.array([[1, 0], [0, 1]], bool)}), rng())) == 2
    assert set(packs(Boxes(pair.low, pair.high, pair.pin, {9: np.array([[1, 0], [0, 1]], bool)}), rng())) == {0, 1}
    assert set(packs(Boxes(pair.low, pair.high, pair.pin, {9: np.array([[1, 1], [0, 1]], bool)}), rng())) == {0}


def rng() -> np.random.Generator:
    return np.random.default_rng(0)


def test_nothing_and_one() -> None:
    assert len(packs(boxes(columns=2), rng())) == 0
    assert packs(boxes((0, 5, {})), rng()).tolist() == [0]


bound = st.tuples(st.integers(-9, 9), st.integers(0, 9)).map(lambda pair: (pair[0], pair[0] + pair[1]))
split = st.tuples(st.integers(0, 3), st.integers(-9, 9), st.dictionaries(st.integers(0, 3), bound, max_size=3))


@settings(deadline=None)
@given(st.lists(split, min_size=1, max_size=20), st.integers(0, 5))
def test_every_pack_has_a_row_for_all_of_its_splits(
    rows: list[tuple[int, int, dict[int, tuple[int, int]]]], seed: int
) -> None:
    """Sought by hand: for each column the places that all of its splits allow, on both sides of each."""
    found = boxes(*rows, columns=4)
    numbers = packs(boxes(*rows, columns=4), np.random.default_rng(seed))
    for number in set(numbers.tolist()):
        members = np.flatnonzero(numbers == number)
        for column in range(4):
            low, high = found.low[members, column].max(), found.high[members, column].min()
            own = members[found.pin[members, column] != FREE]
            assert low <= high
            assert len({int(found.low[i, column]) for i in own}) <= 1
            if len(own):
                assert (low, high) == (found.low[own[0], column], found.high[own[0], column])
