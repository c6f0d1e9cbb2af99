"""Trees as arrays: slices, joins, landmarks and thresholds rounded in a direction."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelport.errors import InputError
from modelport_onnx.blocks.trees import LEQ, LT, MEMBER, binary_tree, float32_ceil, float32_floor, join

NUMBERS = st.floats(allow_nan=False)
NARROW = st.floats(width=32, allow_nan=False)


@given(NUMBERS, NARROW)
def test_rounding_keeps_every_float32_on_its_side(threshold, x):
    floor, ceil = float32_floor(np.array([threshold]))[0], float32_ceil(np.array([threshold]))[0]
    assert (x <= threshold) == bool(np.float32(x) <= floor)
    assert (x < threshold) == bool(np.float32(x) < ceil)


@given(NUMBERS)
def test_rounding_keeps_the_neighbours_of_a_threshold_on_their_side(threshold):
    near = float32_floor(np.array([threshold]))[0]
    with np.errstate(over="ignore"):
        neighbours = (near, np.nextafter(near, np.float32(np.inf)), np.nextafter(near, np.float32(-np.inf)))
    for x in neighbours:
        assert (float(x) <= threshold) == bool(x <= near)


def stump(feature, threshold, **more):
    return binary_tree([feature, 0, 0], [threshold, 0, 0], [1, -1, -1], [2, -1, -1], [0, 1.0, 2.0], **more)


def test_slicing_a_join_gives_its_parts_back():
    parts = [
        stump(1, 0.5),
        binary_tree([0], [0], [-1], [-1], [3.0]),
        stump(0, 0, mode=[MEMBER, LEQ, LEQ], members=[[4, 7]]),
    ]
    whole = join(parts)
    assert whole.count == 3
    for i, part in enumerate(parts):
        again = whole.slice(i, i + 1)
        for name in ("roots", "feature", "threshold", "true", "false", "value", "missing_true", "mode"):
            assert np.array_equal(getattr(again, name), getattr(part, name)), name
        assert [item.tolist() for item in again.members] == [item.tolist() for item in part.members]


def test_selection_reorders():
    whole = join([stump(0, 1.0), stump(1, 2.0), stump(2, 3.0)])
    assert whole.select([2, 0]).threshold[[0, 3]].tolist() == [3.0, 1.0]


def test_landmarks_are_thresholds_and_members_by_feature():
    whole = join([stump(1, 0.5), stump(1, -2.0), stump(0, 0, mode=[MEMBER, LEQ, LEQ], members=[[7, 4]])])
    assert whole.landmarks() == {0: [4.0, 7.0], 1: [-2.0, 0.5]}


def test_an_empty_set_admits_nothing():
    tree = stump(0, 0, mode=[MEMBER, LEQ, LEQ], members=[[]])
    assert (tree.mode[0], tree.threshold[0], tree.members) == (LT, -np.inf, ())


def test_keeping_trees_and_telling_pure_ones():
    sets = {"mode": [MEMBER, LEQ, LEQ]}
    first = stump(0, 0, members=[[7, 4]], **sets)
    leaf = binary_tree([0], [0], [-1], [-1], [3.0])
    last = stump(2, 3.0)
    kept = join([first, leaf, last]).keep(np.array([False, True, True]))
    for name in ("roots", "feature", "threshold", "true", "false", "value", "mode"):
        assert np.array_equal(getattr(kept, name), getattr(join([leaf, last]), name)), name
    assert kept.members == ()
    assert join([leaf, first, last]).keep(np.array([False, True, False])).members[0].tolist() == [7.0, 4.0]

    def two(values):
        return binary_tree([0, 0, 0], [0, 0, 0], [1, -1, -1], [2, -1, -1], [[9, 9], *values])

    whole = join([two([[1, 0], [0, 1]]), two([[0.5, 0.5], [0, 1]]), two([[0, 0], [2, 0]])])
    assert whole.pure().tolist() == [True, False, True]


def test_nodes_that_no_branch_leads_to_are_left_out():
    tree = binary_tree([0, 5, 0, 0], [1, 9, 0, 0], [2, 3, -1, -1], [3, 2, -1, -1], [0, 0, 1.0, 2.0])
    assert tree.reachable().feature.tolist() == [0, 0, 0]
    assert tree.reachable().true.tolist() == [1, -1, -1]
    assert tree.reachable().false.tolist() == [2, -1, -1]


@pytest.mark.parametrize(("true", "false"), [([1, 0, -1], [2, 2, -1]), ([1, -1, -1], [1, -1, -1]), ([0, -1], [1, -1])])
def test_branches_that_meet_again_are_refused(true, false):
    size = len(true)
    with pytest.raises(InputError, match="no tree"):
        binary_tree(np.zeros(size), np.zeros(size), true, false, np.zeros(size)).reachable()


@pytest.mark.parametrize(("true", "false"), [([1, -1, -1], [3, -1, -1]), ([1, -1, -1], [-1, -1, -1])])
def test_branches_that_lead_nowhere_are_refused(true, false):
    with pytest.raises(InputError, match="nowhere"):
        binary_tree(np.zeros(3), np.zeros(3), true, false, np.zeros(3))
