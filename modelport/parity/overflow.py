"""Overflow: rows at the edge of the number range, where the original's own sum leaves it.

`1.7e308 * a + 1.7e308 * b` is infinite or finite, and `inf - inf` is NaN, depending on the order of the terms, which no
library promises (a BLAS chooses it by the shape of its operands). A row is told apart as such only where an input is
within a factor of 2^64 of the largest number of its type, and an answer of one side is not a finite number. Everything
else that is NaN on one side alone stays a disagreement.
"""

import numpy as np
import pyarrow as pa

from modelport.parity.floats import Array

EDGE = 2.0**-64
"""Share of the largest number of a type from which an input counts as being at the edge."""


def at_the_edge(rows: pa.RecordBatch) -> Array:
    """[N] whether a finite input lies within a factor of 2^64 of the largest float64."""
    found = np.zeros(rows.num_rows, bool)
    limit = np.finfo(np.float64).max * EDGE
    for values in rows.columns:
        if pa.types.is_floating(values.type):
            numbers = np.asarray(values.to_numpy(zero_copy_only=False), np.float64)
            found |= np.isfinite(numbers) & (np.abs(numbers) >= limit)
    return found


def left_the_range(outputs: pa.RecordBatch) -> Array:
    """[N] whether an answer is NaN or infinite, or missing, as PMML says NaN."""
    found = np.zeros(outputs.num_rows, bool)
    for values in outputs.columns:
        if pa.types.is_floating(values.type):
            filled = np.asarray(values.fill_null(np.nan).to_numpy(zero_copy_only=False), np.float64)
            found |= ~np.isfinite(filled)
    return found


def overflown(rows: pa.RecordBatch, reference: pa.RecordBatch, candidate: pa.RecordBatch) -> Array:
    """[N] whether a row is at the edge and the answer of one side left the range."""
    return at_the_edge(rows) & (left_the_range(reference) | left_the_range(candidate))
