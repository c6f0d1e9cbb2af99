"""Helpers for every part of the tests."""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import hypothesis
import pytest

# A slow machine is no defect, so no example has a deadline; CI tries the same examples every time, so that a change is
# judged by what it changed, and everybody else's runs go on looking for new ones.
hypothesis.settings.register_profile("default", deadline=None)
hypothesis.settings.register_profile("ci", parent=hypothesis.settings.get_profile("default"), derandomize=True)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") else "default")

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
