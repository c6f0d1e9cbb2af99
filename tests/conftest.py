"""Helpers for every part of the tests."""

import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture(scope="session")
def probes() -> ModuleType:
    """`tests/probes.py`: boundary rows from data and thresholds."""
    import probes

    return probes


@pytest.fixture(scope="session")
def converted() -> Callable[..., dict[str, Any]]:
    """`tests/scoring.py:converted`: a live estimator's answers after conversion, by output name."""
    import scoring

    found: Callable[..., dict[str, Any]] = scoring.converted
    return found
