"""LightGBM's cleaning of rows, taken into the trees: every number goes where it went, around the zone to the float."""

from dataclasses import replace

import numpy as np
import pytest

from modelport_sklearn.from_onnx.models.cleaned import _as_zero, _without_zone
from modelport_sklearn.from_onnx.models.ensemble import Tree

LIMIT = 1e-35
NONE = np.array([-1, -1])


def stump(threshold: float, missing_left: bool = False) -> Tree:
    return Tree(
        np.array([1, -1, -1]),
        np.array([2, -1, -1]),
        np.array([0, -2, -2]),
        np.array([threshold, -2.0, -2.0]),
        np.array([missing_left, False, False]),
        np.array([[0.0], [1.0], [2.0]]),
    )


SPLITS = [0.0, -0.0, LIMIT, -LIMIT, LIMIT / 2, -LIMIT / 2, np.nextafter(LIMIT, 1), np.nextafter(-LIMIT, -1), 1.0, -1.0]


@pytest.mark.parametrize("split", SPLITS)
def test_numbers_near_zero(split: float) -> None:
    moved = _without_zone(stump(split), LIMIT).threshold[0]
    ends = [LIMIT, -LIMIT]
    around = [np.nextafter(end, to) for end in ends for to in (-np.inf, np.inf)]
    for value in [0.0, -0.0, LIMIT / 3, -LIMIT / 3, 1.0, -1.0, *ends, *around]:
        cleaned = 0.0 if abs(value) <= LIMIT else value
        assert (value <= moved) == (cleaned <= split), value


@pytest.mark.parametrize("split", [-1.0, 0.0, 1.0])
@pytest.mark.parametrize("missing_left", [False, True])
def test_missing_values_that_count_as_zero(split: float, missing_left: bool) -> None:
    tree = stump(split, missing_left)
    assert _as_zero(tree, np.array([True])).missing_left[0] == (split >= 0)
    assert _as_zero(tree, np.array([False])).missing_left[0] == missing_left
    assert replace(tree).missing_left[0] == missing_left
