"""Helpers for every part of the tests."""

import sys
from pathlib import Path
from types import ModuleType

import pytest

sys.path.insert(0, str(Path(__file__).parent))
import probes as _probes


@pytest.fixture(scope="session")
def probes() -> ModuleType:
    """`tests/probes.py`: boundary rows from data and thresholds."""
    return _probes
