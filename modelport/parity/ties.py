"""Near ties: label flips on rows where the reference itself is undecided.

A linear classifier's boundary is a surface of real numbers; two correct implementations that add in another order
cross it one rounding apart. Such a flip says nothing about the conversion. A flip on a row where the reference's
scores are clearly apart says everything.
"""

from collections.abc import Mapping, Sequence
from typing import Any, cast

import numpy as np
import pyarrow as pa

from modelport.parity.cells import Difference
from modelport.parity.floats import Array
from modelport.signature import label_text

_FAMILIES = ("probability", "decision")


def near_ties(
    columns: Sequence[Any], found: Mapping[str, Difference], reference: pa.RecordBatch, candidate: pa.RecordBatch
) -> dict[str, Array]:
    """Rows, for each label output, whose flip is a near tie of the reference's own scores."""
    ties: dict[str, Array] = {}
    for column in columns:
        rows = found[column.name].rows
        if column.number or not len(rows) or not column.name.startswith("label"):
            continue
        tied = _tied(column.name, rows, reference, candidate, column.tolerance)
        if len(tied):
            ties[column.name] = tied
    return ties


def _tied(name: str, rows: Array, reference: pa.RecordBatch, candidate: pa.RecordBatch, tolerance: Any) -> Array:
    ours, theirs = _texts(reference.column(name), rows), _texts(candidate.column(name), rows)
    kept = [
        row
        for row, a, b in zip(rows.tolist(), ours, theirs, strict=True)
        if a is not None and b is not None and _undecided(reference, row, a, b, tolerance)
    ]
    return np.asarray(kept, np.int64)


def _texts(values: pa.Array, rows: Array) -> list[str | None]:
    return [None if v is None else label_text(v) for v in values.take(pa.array(rows)).to_pylist()]


def _undecided(reference: pa.RecordBatch, row: int, ours: str, theirs: str, tolerance: Any) -> bool:
    """Whether the reference's scores of two labels are as near as its tolerance lets two scores be."""
    margin = _margin(reference, row, ours, theirs)
    return margin is not None and abs(margin) <= 2 * max(tolerance.atol, tolerance.rtol)


def _margin(reference: pa.RecordBatch, row: int, ours: str, theirs: str) -> float | None:
    """Distance of the two labels' scores; of the score from its threshold 0 where there is but one score."""
    names = reference.schema.names
    for family in _FAMILIES:
        pair = [f"{family}({label})" for label in (ours, theirs)]
        if all(name in names for name in pair):
            a, b = (reference.column(name)[row].as_py() for name in pair)
            return None if a is None or b is None else a - b
        scores = [name for name in names if name.startswith(f"{family}(")]
        if family == "decision" and len(scores) == 1:
            value: float | None = reference.column(scores[0])[row].as_py()
            return value
    if "score" in names:
        return cast(float | None, reference.column("score")[row].as_py())
    return None
