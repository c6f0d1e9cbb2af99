"""What probe rows are made from: the signature, a sample of the user's rows, and the model's landmarks."""

from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from modelport.parity.floats import Array
from modelport.parity.settings import Settings
from modelport.signature import Category, Column, Signature

SAMPLE = 4096
"""First rows of the user's data that probes are drawn from."""

RANDOM, BOUNDARY, SPECIAL = 1, 2, 3
"""Numbers of the random streams of the strata."""

CHUNK = 4096
"""Rows drawn from one random stream; a row's value depends on its number alone, never on the size of a batch."""


@dataclass(frozen=True, slots=True)
class Sources:
    """Where probes come from.

    Attributes:
        signature: the reference's, as it was opened.
        settings: seed and budgets.
        sample: first rows of the user's data, fitted to the signature; None without data.
        landmarks: input column → values where some subject's function may jump, ascending, each once.
        reserved: texts that some subject's runtime takes for missing; where text may be missing they are not drawn,
            for that runtime cannot be asked about them.
        narrow: inputs that some subject takes in float32; rows that are made for a comparison stay on its grid.
    """

    signature: Signature
    settings: Settings
    sample: pa.RecordBatch | None = None
    landmarks: Mapping[str, tuple[Category, ...]] = field(default_factory=dict)
    reserved: frozenset[str] = frozenset()
    narrow: frozenset[str] = frozenset()

    def rng(self, stratum: int, chunk: int) -> np.random.Generator:
        return np.random.default_rng([self.settings.seed, stratum, chunk])

    def known(self, column: Column) -> Array:
        """Numbers known of a column (a sample of the data, else landmarks), finite, as float64."""
        values: list[float] = []
        if self.sample is not None and self.sample.num_rows:
            cells = self.sample.column(column.name)
            return finite(np.asarray(cells.cast(pa.float64(), safe=False).drop_null().to_numpy(), np.float64))
        values = [float(v) for v in self.landmarks.get(column.name, ()) if not isinstance(v, str)]
        return finite(np.asarray(values, np.float64))

    def words(self, column: Column) -> list[str]:
        """Texts known of a column: its categories, landmarks and those of the sample."""
        known = [str(value) for value in column.categories or ()]
        known += [str(value) for value in self.landmarks.get(column.name, ()) if isinstance(value, str)]
        if self.sample is not None:
            known += [str(value) for value in self.sample.column(column.name).unique().to_pylist() if value is not None]
        return self.drawable(column, known)

    def holdable(self, name: str, values: Iterable[Category]) -> tuple[Category, ...]:
        """Landmarks of an input that every subject can hold."""
        nullable = any(column.nullable for column in self.signature.inputs if column.name == name)
        return tuple(value for value in values if not (nullable and value in self.reserved))

    def drawable(self, column: Column, texts: Iterable[str]) -> list[str]:
        """Texts that every subject can hold, each once."""
        return [text for text in dict.fromkeys(texts) if not (column.nullable and text in self.reserved)]


def on_the_grid(batch: pa.RecordBatch, narrow: Container[str]) -> pa.RecordBatch:
    """A batch with the numbers of some columns rounded to float32; each keeps its type."""
    arrays = [
        values.cast(pa.float32(), safe=False).cast(values.type) if name in narrow else values
        for name, values in zip(batch.schema.names, batch.columns, strict=True)
    ]
    return pa.RecordBatch.from_arrays(arrays, schema=batch.schema)


def finite(values: Array) -> Array:
    kept: Array = values[np.isfinite(values)]
    return kept


@dataclass(frozen=True, slots=True)
class Stratum:
    """One kind of rows.

    Attributes:
        name: of `settings.STRATA`.
        batches: a fresh iterator over batches of the reference's inputs.
        total: rows, where known beforehand.
    """

    name: str
    batches: Callable[[], Iterator[pa.RecordBatch]]
    total: int | None = None


def chopped(batch: pa.RecordBatch, rows: int) -> Iterator[pa.RecordBatch]:
    """A batch in pieces of at most `rows` rows."""
    for start in range(0, batch.num_rows, rows):
        yield batch.slice(start, rows)
