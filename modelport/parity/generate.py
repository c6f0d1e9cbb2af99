"""Random rows: drawn from the user's sample, else from the model's own ranges, else from plain distributions."""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from modelport.data import relaxed
from modelport.parity.floats import Array
from modelport.parity.sources import CHUNK, RANDOM, Sources, Stratum, chopped
from modelport.signature import Column

_MISSING = 0.1
_ALPHABET = np.array(list("abcdefghijklmnopqrstuvwxyz"))


def random_stratum(sources: Sources) -> Stratum:
    """`settings.rows` rows; each column is drawn by itself, so combinations are new."""
    total = sources.settings.rows
    size = sources.settings.batch_rows

    def batches() -> Iterator[pa.RecordBatch]:
        for chunk in range(-(-total // CHUNK)):
            rows = min(CHUNK, total - chunk * CHUNK)
            yield from chopped(draw(sources, RANDOM, chunk).slice(0, rows), size)

    return Stratum("random", batches, total)


def draw(sources: Sources, stratum: int, chunk: int) -> pa.RecordBatch:
    """One chunk of `CHUNK` rows."""
    rng = sources.rng(stratum, chunk)
    arrays = [draw_column(column, sources, rng) for column in sources.signature.inputs]
    return pa.RecordBatch.from_arrays(arrays, schema=relaxed(sources.signature))


def draw_column(column: Column, sources: Sources, rng: np.random.Generator) -> pa.Array:
    """One column of a chunk; nullable columns have missing values."""
    if pa.types.is_string(column.type):
        values = _texts(column, sources, rng)
    elif pa.types.is_boolean(column.type):
        values = rng.integers(0, 2, CHUNK).astype(bool)
    else:
        values = _typed(_numbers(column, sources, rng), column)
    mask = rng.random(CHUNK) < _MISSING if column.nullable else None
    return pa.array(values, column.type, mask=mask)


def _typed(values: Array, column: Column) -> Array:
    if pa.types.is_integer(column.type):
        limits = np.iinfo(column.type.to_pandas_dtype())
        bounded = np.clip(np.rint(values), max(limits.min, -(2.0**53)), min(limits.max, 2.0**53))
        return np.asarray(bounded.astype(column.type.to_pandas_dtype()))
    with np.errstate(over="ignore"):
        return np.asarray(values.astype(column.type.to_pandas_dtype()))


def _numbers(column: Column, sources: Sources, rng: np.random.Generator) -> Array:
    if column.categories:
        known = np.asarray([float(value) for value in column.categories])
        return np.asarray(rng.choice(known, CHUNK))
    known = sources.known(column)
    if not len(known):
        return np.asarray(rng.standard_normal(CHUNK) * rng.choice([1.0, 10.0, 1000.0], CHUNK))
    low, high = float(known.min()), float(known.max())
    margin = 0.1 * (high - low) or max(1.0, abs(high))
    even = rng.uniform(low - margin, high + margin, CHUNK)
    again = rng.choice(known, CHUNK)
    return np.asarray(np.where(rng.random(CHUNK) < 0.5, again, even))


def _texts(column: Column, sources: Sources, rng: np.random.Generator) -> Array:
    known = sources.words(column)
    if known:
        return np.asarray(rng.choice(np.array(known, object), CHUNK))
    letters = rng.choice(_ALPHABET, (CHUNK, 6))
    return np.array(["".join(row) for row in letters], object)


def assumptions(sources: Sources) -> list[str]:
    """What the draws assumed, for the report."""
    bare = [
        column.name
        for column in sources.signature.inputs
        if not column.categories and not pa.types.is_boolean(column.type) and not _informed(column, sources)
    ]
    if not bare:
        return []
    shown = ", ".join(bare[:5]) + (" …" if len(bare) > 5 else "")
    return [f"nothing is known of the range of {len(bare)} input(s) ({shown}); give --data to probe where they live"]


def _informed(column: Column, sources: Sources) -> bool:
    return bool(sources.words(column)) if pa.types.is_string(column.type) else bool(len(sources.known(column)))
