"""Golden rows: a few rows whose answers are recorded, so that a bundle can be tried where it arrives."""

import pyarrow as pa

from modelport.data import Data, fit
from modelport.errors import DataError
from modelport.signature import Signature

ROWS = 100
"""Golden rows: enough to meet most branches of a model, few enough for any runtime to score in a moment."""

_POOL = 20_000
"""Rows of the data that they are picked from."""


def pick(rows: Data, signature: Signature) -> pa.RecordBatch:
    """Up to `ROWS` rows of the data, evenly spaced, fitted to the signature.

    Raises:
        DataError: the data has no rows, or does not fit.
    """
    pool = rows.head(_POOL)
    if pool.num_rows == 0:
        raise DataError("the data has no rows, so nothing can be recorded", where=rows.name)
    count = min(ROWS, pool.num_rows)
    picked = pool.take(pa.array([i * pool.num_rows // count for i in range(count)]))
    return fit(picked, signature, frozenset(pool.schema.names))
