"""Overflow: rows at the edge of the number range, where the original's own sum leaves it.

`1.7e308 * a + 1.7e308 * b` is infinite or finite, and `inf - inf` is NaN, depending on the order of the terms, which no
library promises (a BLAS chooses it by the shape of its operands). A row is told apart as such only where an input is
within a factor of 2^64 of the largest number of its type, and an answer of one side is not a finite number. Everything
else that is NaN on one side alone stays a disagreement.

With an infinity among the inputs, `inf - inf` may leave NaN for every score of both sides: then no class is the
largest, and which one is named instead is no answer of the model.
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
    """[N] whether a row is at the edge and the answer of one side left the range, or no score of either is a number."""
    edge = at_the_edge(rows) & (left_the_range(reference) | left_the_range(candidate))
    return edge | (infinite(rows) & no_scores(reference) & no_scores(candidate))


def infinite(rows: pa.RecordBatch) -> Array:
    """[N] whether an input is infinite."""
    found = np.zeros(rows.num_rows, bool)
    for values in rows.columns:
        if pa.types.is_floating(values.type):
            found |= np.isinf(np.asarray(values.to_numpy(zero_copy_only=False), np.float64))
    return found


def no_scores(outputs: pa.RecordBatch) -> Array:
    """[N] whether there are scores and all of them are NaN, or missing."""
    scores = [values for values in outputs.columns if pa.types.is_floating(values.type)]
    found = np.full(outputs.num_rows, bool(scores))
    for values in scores:
        found &= np.isnan(np.asarray(values.fill_null(np.nan).to_numpy(zero_copy_only=False), np.float64))
    return found
