"""Comparing boosters: float32 answers to within one float32 step, float64 answers to 1e-9."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

Array = np.ndarray[Any, np.dtype[Any]]


def _one_step(got: Array, want: Array) -> None:
    want = np.asarray(want, np.float32)
    got = np.asarray(got).reshape(want.shape)
    assert np.array_equal(got, got.astype(np.float32)), "float32 numbers, though they travel as float64"
    off = np.abs(got - want.astype(np.float64))
    assert (off <= np.spacing(np.maximum(np.abs(got), np.abs(want)).astype(np.float32))).all(), off.max()


def _close(got: Array, want: Array) -> None:
    want = np.asarray(want, np.float64)
    got = np.asarray(got).reshape(want.shape)
    off = np.abs(got - want) / np.maximum(1.0, np.abs(want))
    assert np.where(got == want, 0.0, off).max(initial=0.0) <= 1e-9


@pytest.fixture(scope="session")
def one_step() -> Callable[[Array, Array], None]:
    """Asserts that float32 answers are the library's or the float32 numbers next to them."""
    return _one_step


@pytest.fixture(scope="session")
def close() -> Callable[[Array, Array], None]:
    """Asserts 1e-9, relative to max(1, |reference|)."""
    return _close
