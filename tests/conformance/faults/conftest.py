"""Makes the faults of this folder importable, and compares each once."""

import sys
from collections.abc import Callable
from copy import deepcopy
from functools import cache
from pathlib import Path
from time import perf_counter
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from faults import FAULTS
from models import fitted

from modelport.artifacts import artifact
from modelport.conversion import Context
from modelport.data import data
from modelport.parity import ParityReport, Settings, compare


@cache
def verdict(model: str, fault: int | None) -> tuple[ParityReport, float]:
    """The report on a model and its conversion, with a fault or without, and the seconds it took."""
    from modelport_onnx.build import to_onnx

    original, features = fitted(model)
    changed = deepcopy(original)
    if fault is not None:
        FAULTS[fault].change(changed)
    reference, rows = artifact(original), data(features)
    signature = reference.format.signature(original, rows.head())
    candidate = artifact(to_onnx(changed, Context(signature)))
    began = perf_counter()
    report = compare([reference, candidate], data=rows, settings=Settings(runtimes=("scikit-learn", "onnxruntime")))
    return report, perf_counter() - began


@pytest.fixture(scope="session")
def judge() -> Callable[..., Any]:
    return verdict
