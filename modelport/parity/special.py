"""Special rows: values that break conversions. One input is special, the others are ordinary; a few rows are all so."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa

from modelport.data import relaxed
from modelport.parity.generate import draw
from modelport.parity.sources import SPECIAL, Sources, Stratum, chopped
from modelport.signature import Column

_BASES = 3
_WILD = 64

FLOATS = (
    *(0.0, -0.0, 5e-324, -5e-324, 2.2250738585072014e-308, 1e-45, 1.1754944e-38),
    *(float("nan"), float("inf"), float("-inf"), 1.7976931348623157e308, -1.7976931348623157e308),
    *(3.4028234663852886e38, 3.4028235677973366e38, -3.4028235677973366e38),
    *(16777217.0, 9007199254740992.0, 9007199254740994.0, 0.1, -1.0, 1.0),
)
"""±0, subnormals and smallest normals of both widths, NaN, ±infinity, the largest of both widths, 2^24 + 1, 2^53."""

SINGLES = (
    0.0,
    -0.0,
    1e-45,
    -1e-45,
    1.1754944e-38,
    float("nan"),
    float("inf"),
    float("-inf"),
    3.4028235e38,
    -3.4028235e38,
)
INTEGERS = (0, -1, 1, 2**24 + 1, 2**31 - 1, -(2**31), 2**31, 2**53 + 1, -(2**53) - 1, 2**63 - 1, -(2**63))
TEXTS = (
    "",
    " ",
    "nan",
    "NaN",
    "None",
    "NA",
    "null",
    "0",
    "unseen category",
    "é",
    "é",
    "ß",
    "İ",
    "日本",
    "\U0001f600",
    "\t",
)
LONG = "x" * 10_000


def special_stratum(sources: Sources) -> Stratum:
    """At most `settings.rows` rows, in an order in which every beginning is a fair sample."""
    batch = special_rows(sources)
    return Stratum("special", lambda: chopped(batch, sources.settings.batch_rows), batch.num_rows)


def special_rows(sources: Sources) -> pa.RecordBatch:
    """The rows of this stratum, as one batch."""
    rng = sources.rng(SPECIAL, 0)
    bases = _ordinary(sources).to_pylist()
    rows = list(_one_special(sources, bases)) + list(_all_special(sources, rng))
    order = rng.permutation(len(rows))[: sources.settings.rows]
    return pa.RecordBatch.from_pylist([rows[i] for i in order], schema=relaxed(sources.signature))


def _ordinary(sources: Sources) -> pa.RecordBatch:
    """Rows without anything unusual: the user's first ones, else random ones."""
    if sources.sample is not None and sources.sample.num_rows:
        return sources.sample.slice(0, _BASES)
    return draw(sources, SPECIAL, 1).slice(0, _BASES)


def _one_special(sources: Sources, bases: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for column in sources.signature.inputs:
        for i, value in enumerate(special_values(column, sources)):
            for base in (bases[i % len(bases)], bases[(i + 1) % len(bases)]):
                yield base | {column.name: value}


def _all_special(sources: Sources, rng: np.random.Generator) -> Iterator[dict[str, Any]]:
    values = {column.name: special_values(column, sources) for column in sources.signature.inputs}
    for _ in range(_WILD):
        yield {name: known[int(rng.integers(len(known)))] for name, known in values.items()}
    if all(column.nullable for column in sources.signature.inputs):
        yield dict.fromkeys(values)


def special_values(column: Column, sources: Sources) -> list[Any]:
    """Values worth trying in a column, missing among them where the signature allows it."""
    values: list[Any] = [None] if column.nullable else []
    if pa.types.is_string(column.type):
        return values + _special_texts(column, sources)
    if pa.types.is_boolean(column.type):
        return [*values, True, False]
    if pa.types.is_integer(column.type):
        limits = np.iinfo(column.type.to_pandas_dtype())
        return values + [value for value in INTEGERS if limits.min <= value <= limits.max]
    return values + list(SINGLES if column.type.equals(pa.float32()) else FLOATS)


def _special_texts(column: Column, sources: Sources) -> list[str]:
    """Unusual texts, and known ones in another case, padded, cut or decomposed."""
    known = sources.words(column)
    bent = [change for word in known[:8] for change in (word.upper(), word.lower(), f" {word}", f"{word} ", word[:-1])]
    fresh = [text for text in (*TEXTS, *bent, LONG) if text not in known]
    return [*known[:8], *sources.drawable(column, fresh)]
