"""Data files: Parquet, CSV, Feather, JSON lines."""

import io
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pyarrow as pa

from tests.fuzz import mutate
from tests.fuzz.harness import OPENS, Harness

WORDS = (
    *(b"NaN", b"inf", b"1e999", b"9223372036854775808", b"null", b'""', b'"', b",", b"\n", b"\r\n", b"\\u0000", b"{"),
    *(b"}", b"[", b"]", b":", b"\xef\xbb\xbf", b"\xff\xfe", b"ARROW1", b"PAR1", b"2020-01-01", b"\x00", b"true"),
)  # fmt: skip


def read(path: Path) -> None:
    """Every row, fitted to a signature of its first four columns as numbers and text."""
    from modelport.data import BATCH_ROWS, data, fit
    from modelport.errors import DataError
    from modelport.signature import Column, Signature

    rows = data(path)
    names = list(rows.schema.names)
    kinds = (pa.float64(), pa.string(), pa.int64(), pa.bool_())
    columns = tuple(Column(name, kind, nullable=True) for name, kind in zip(names, kinds, strict=False))
    refused: DataError | None = None
    for batch in rows.batches(BATCH_ROWS):
        try:
            fit(batch, Signature(columns), frozenset(names))
        except DataError as error:
            refused = error
    if refused is not None:
        raise refused


def table() -> pa.Table:
    return pa.table(
        {
            "x": [1.5, None, float("nan"), -0.0] * 5,
            "city": ["Aachen", "", None, "Zürich"] * 5,
            "n": [1, 2, None, 1 << 60] * 5,
            "sure": [True, False, None, True] * 5,
            "kind": pa.array(["a", "b", "a", None] * 5).dictionary_encode(),
            "day": [date(2020, 2, 29), None, date(1970, 1, 1), date(1, 1, 1)] * 5,
            "list": [[1, 2], [], None, [3]] * 5,
        }
    )


def parquet() -> Sequence[bytes]:
    return [_parquet(how, page) for how in ("none", "snappy", "gzip", "zstd", "lz4") for page in ("1.0", "2.0")]


def _parquet(compression: str, page: str) -> bytes:
    import pyarrow.parquet as pq

    sink = io.BytesIO()
    pq.write_table(table(), sink, compression=compression, data_page_version=page, row_group_size=8)
    return sink.getvalue()


def feather() -> Sequence[bytes]:
    return [_feather(how) for how in ("uncompressed", "lz4", "zstd")]


def _feather(compression: str) -> bytes:
    import pyarrow.feather as feather

    sink = io.BytesIO()
    feather.write_feather(table(), sink, compression=compression)
    return sink.getvalue()


def csv() -> Sequence[bytes]:
    rows = 'x,city,n,sure\n1.5,Aachen,1,true\n,,NA,\nnan,"Zürich, a\nb",3,false\n'
    return [rows.encode(), b"a\r\n1\r\n2\r\n", b"a,b\n"]


def json_lines() -> Sequence[bytes]:
    return [
        b'{"x": 1.5, "city": "Aachen", "n": 1, "sure": true}\n{"x": null, "city": null, "n": 2, "l": [1, 2]}\n',
        b'{"a": {"b": [1, {"c": "\\u00e9"}]}}\n{"a": null}\n',
    ]


PARQUET = Harness(parquet, read, ".parquet", mutate.of_bytes(WORDS), OPENS, covered=False)
FEATHER = Harness(feather, read, ".feather", mutate.of_bytes(WORDS), OPENS, covered=False)
CSV = Harness(csv, read, ".csv", mutate.of_bytes(WORDS), OPENS, covered=False)
JSON_LINES = Harness(json_lines, read, ".jsonl", mutate.of_bytes(WORDS), OPENS, covered=False)
