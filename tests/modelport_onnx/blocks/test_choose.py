"""Choosing columns: NumPy's rule for ties."""

import numpy as np

from modelport_onnx.blocks import choose

ROWS = np.array([[1.0, 3.0, 3.0], [2.0, 2.0, 2.0], [-1.0, -3.0, -3.0], [0.0, -0.0, np.inf]])


def test_the_first_of_equal_columns_wins(run):
    assert run(choose.first_largest, ROWS).tolist() == np.argmax(ROWS, axis=1).tolist() == [1, 0, 0, 2]
    assert run(choose.first_smallest, ROWS).tolist() == np.argmin(ROWS, axis=1).tolist() == [0, 0, 1, 0]


def test_only_more_than_zero_is_positive(run):
    column = np.array([[0.0], [-0.0], [5e-324], [-5e-324], [np.inf]])
    assert run(choose.positive, column).tolist() == [0, 0, 1, 0, 1]


def test_zeros_for_every_row_and_for_none(run):
    assert run(choose.zeros, ROWS).tolist() == [0, 0, 0, 0]
    assert run(choose.zeros, ROWS[:0]).tolist() == []
