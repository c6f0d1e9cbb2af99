"""Makes the faults of this folder importable, and compares each once."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from judge import document_verdict, verdict


@pytest.fixture(scope="session")
def judge() -> Callable[..., Any]:
    return verdict


@pytest.fixture(scope="session")
def judge_document() -> Callable[..., Any]:
    return document_verdict
