"""Recorded outputs against new ones: the same rows, the same model, the same runtime, another machine or version."""

import numpy as np
import pyarrow as pa

from modelport.parity.cells import Difference, is_number, labels, numbers
from modelport.parity.floats import looks_float32
from modelport.parity.settings import Settings


def differences(expected: pa.RecordBatch, actual: pa.RecordBatch, settings: Settings) -> list[str]:
    """What differs, a sentence for each output; empty if nothing does.

    Args:
        expected: as recorded.
        actual: as scored now.
        settings: the tolerances that the models were compared with.
    """
    if actual.num_rows != expected.num_rows:
        return [f"{actual.num_rows} rows came out, where there were {expected.num_rows}"]
    stray = sorted(set(expected.schema.names) ^ set(actual.schema.names))
    if stray:
        return [f"the output {stray[0]} is on one side only"]
    return [text for name in expected.schema.names if (text := _column(name, expected, actual, settings))]


def _column(name: str, expected: pa.RecordBatch, actual: pa.RecordBatch, settings: Settings) -> str | None:
    before, now = expected.column(name), actual.column(name)
    if is_number(before.type) and is_number(now.type):
        found = numbers(before, now, settings.tolerance(name), _single(before))
    else:
        found = labels(before, now)
    if not len(found.rows):
        return None
    return f"{name} differs in {len(found.rows)} of {len(before)} rows{_how_far(found)}"


def _single(values: pa.Array) -> bool:
    """Whether the model computed in float32, whose last digit may differ between processors."""
    plain = np.asarray(values.cast(pa.float64()).to_numpy(zero_copy_only=False))
    return looks_float32(plain)


def _how_far(found: Difference) -> str:
    return f" (by up to {found.max_abs:.3g})" if found.max_abs else ""
