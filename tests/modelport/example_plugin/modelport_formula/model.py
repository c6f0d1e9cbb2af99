"""The model, and how its file is read: as JSON, which runs no code."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from modelport.errors import InputError
from modelport.formats import Inspection, Policy
from modelport.signature import Column, Signature, Task, regression_outputs


@dataclass(frozen=True)
class Formula:
    """`intercept + sum of weight × column`, in float64, from the first column to the last."""

    intercept: float
    weights: dict[str, float]


def read(path: Path, policy: Policy) -> Formula:
    """Reads a formula.

    Raises:
        InputError: it is not one.
    """
    try:
        raw = json.loads(path.read_text())
        return Formula(float(raw["intercept"]), {str(name): float(value) for name, value in raw["weights"].items()})
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(f"this is no formula: {error!r}", where=str(path)) from error


def signature(model: Formula, sample: pa.RecordBatch | None = None) -> Signature:
    """The file says its inputs itself, so no sample is needed."""
    inputs = tuple(Column(name, pa.float64()) for name in model.weights)
    return Signature(inputs, regression_outputs(), Task.REGRESSION)


def inspect(path: Path) -> Inspection:
    """What the file says."""
    model = read(path, Policy())
    facts: dict[str, Any] = {"intercept": model.intercept}
    return Inspection("formula", "linear formula", path.stat().st_size, signature=signature(model), facts=facts)
