"""Golden rows: a few rows whose answers are recorded, so that a bundle can be tried where it arrives."""

import pyarrow as pa

from modelport.data import Data, fit
from modelport.errors import DataError, ModelportError
from modelport.parity.generate import draw
from modelport.parity.settings import Settings
from modelport.parity.sources import RANDOM, Sources
from modelport.runtimes import Session

ROWS = 100
"""Golden rows: enough to meet most branches of a model, few enough for any runtime to score in a moment."""

_POOL = 20_000
"""Rows of the data that they are picked from."""


def pick(rows: Data | None, session: Session) -> pa.RecordBatch:
    """Up to `ROWS` rows that the reference answers: evenly spaced ones of the data, or drawn from what it knows.

    Args:
        rows: the user's data; None to draw rows from the signature and the model's landmarks, as parity does.
        session: the reference's.

    Raises:
        DataError: the data has no rows, does not fit, or the reference answers none of them.
    """
    picked = _drawn(session) if rows is None else _spaced(rows, session)
    return _answered(picked, session)


def _spaced(rows: Data, session: Session) -> pa.RecordBatch:
    pool = rows.head(_POOL)
    if pool.num_rows == 0:
        raise DataError("the data has no rows, so nothing can be recorded", where=rows.name)
    count = min(ROWS, pool.num_rows)
    picked = pool.take(pa.array([i * pool.num_rows // count for i in range(count)]))
    return fit(picked, session.signature, frozenset(pool.schema.names))


def _drawn(session: Session) -> pa.RecordBatch:
    landmarks = {name: tuple(values) for name, values in session.landmarks().items()}
    sources = Sources(session.signature, Settings(), None, landmarks)
    return draw(sources, RANDOM, 0).slice(0, ROWS)


def _answered(rows: pa.RecordBatch, session: Session) -> pa.RecordBatch:
    """Without the rows that the reference refuses: there is no answer to record for them."""
    try:
        session.score(rows)
        return rows
    except ModelportError:
        kept = [i for i in range(rows.num_rows) if _answers(session, rows.slice(i, 1))]
    if not kept:
        raise DataError("the reference answers none of the golden rows", hint="give rows it can score with --data")
    return rows.take(pa.array(kept))


def _answers(session: Session, row: pa.RecordBatch) -> bool:
    try:
        session.score(row)
    except ModelportError:
        return False
    return True
