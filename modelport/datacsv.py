"""CSV as people write it: other separators, quotes and encodings are told from the file where it leaves no doubt."""

import codecs
import csv
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa

from modelport.errors import DataError, InputError

HEAD = 1 << 18
"""Bytes that are looked at."""

RECORDS = 100
DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_MISSING = ["", "NA", "N/A", "NaN", "nan", "null", "NULL"]

Kinds = Mapping[str, pa.DataType]
Reader = Callable[[int], Iterator[pa.RecordBatch]]


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a file is written.

    Attributes:
        encoding: a codec's name.
        delimiter, quote: characters.
        notes: what is not as usual, for a report.
    """

    encoding: str = "utf-8"
    delimiter: str = ","
    quote: str = '"'
    notes: list[str] = field(default_factory=list)


def open_csv(path: Path, kinds: Kinds | None = None) -> tuple[pa.Schema, Reader, tuple[str, ...]]:
    """Schema, reader, and what was found unusual.

    Args:
        kinds: column → the type to read it in; the others are told from their first values.

    Raises:
        InputError: neither its encoding nor its separator can be told for certain.
        DataError: a column holds text that is not in the file's encoding; it is named.
    """
    dialect = dialect_of(path)
    with _opened(path, dialect, kinds) as reader:
        schema = reader.schema
    _check_text(path, schema)
    return schema, lambda rows: _batches(path, dialect, kinds, schema, rows), tuple(dialect.notes)


def _batches(
    path: Path, dialect: Dialect, kinds: Kinds | None, schema: pa.Schema, rows: int
) -> Iterator[pa.RecordBatch]:
    try:
        with _opened(path, dialect, kinds) as reader:
            for batch in reader:
                for start in range(0, batch.num_rows, rows):
                    yield batch.slice(start, rows)
    except pa.ArrowInvalid as error:
        raise _named(path, schema, error) from error


def _opened(path: Path, dialect: Dialect, kinds: Kinds | None) -> Any:
    import pyarrow.csv as arrow

    return arrow.open_csv(
        path,
        read_options=arrow.ReadOptions(encoding=dialect.encoding),
        parse_options=arrow.ParseOptions(
            delimiter=dialect.delimiter, quote_char=dialect.quote, newlines_in_values=True
        ),
        convert_options=arrow.ConvertOptions(null_values=_MISSING, strings_can_be_null=True, column_types=kinds),
    )


def _check_text(path: Path, schema: pa.Schema) -> None:
    """Arrow reads what is no text as bytes."""
    for column in schema:
        if pa.types.is_binary(column.type):
            raise _no_text(path, column.name)


def _no_text(path: Path, column: str) -> DataError:
    return DataError(
        f"column {column!r} holds text that is not UTF-8, and the file does not say what it is",
        where=str(path),
        hint="save the file as UTF-8, for example with: iconv -f ISO-8859-1 -t UTF-8",
    )


def _named(path: Path, schema: pa.Schema, error: pa.ArrowInvalid) -> Exception:
    """Arrow's words, with the column's name where they only have its number."""
    told = str(error).splitlines()[0]
    found = re.search(r"In CSV column #(\d+): (.*)", told)
    if found is None:
        unnamed: Exception = error
        return unnamed
    column, what = str(schema.names[int(found.group(1))]), str(found.group(2))
    if "invalid UTF8" in what:
        return _no_text(path, column)
    kind = schema.field(column).type
    hint = f"its first values are {kind}; modelport does not guess what the others mean"
    return DataError(f"column {column!r}: {what}", where=str(path), hint=hint)


# Telling how a file is written --------------------------------------------------------------------


def dialect_of(path: Path) -> Dialect:
    """How a file is written, from its beginning.

    Raises:
        InputError: two answers are equally good, or none is.
    """
    with path.open("rb") as file:
        head = file.read(HEAD)
    encoding = _encoding(path, head)
    text = codecs.getincrementaldecoder(encoding)("replace").decode(head).lstrip("\ufeff")
    quote = "'" if _single_quoted(text) else '"'
    dialect = Dialect(encoding, _delimiter(path, text, quote, whole=len(head) < HEAD), quote)
    if encoding != "utf-8":
        dialect.notes.append(f"{path.name} is in {encoding.upper()}, as its first bytes say")
    if dialect.delimiter != ",":
        dialect.notes.append(f"{path.name} is separated by {DELIMITERS[dialect.delimiter]}")
    if quote != '"':
        dialect.notes.append(f"{path.name} is quoted with {quote}")
    return dialect


def _encoding(path: Path, head: bytes) -> str:
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return encoding
    if b"\0" in head:
        raise InputError(
            "this data file has zero bytes: it is no text, or UTF-16 without the mark that says so",
            where=str(path),
            hint="save it as UTF-8",
        )
    return "utf-8"


def _single_quoted(text: str) -> bool:
    """Whether every name of the header stands in single quotes."""
    header = text.partition("\n")[0].strip()
    names = re.split(r"[,;\t|]", header)
    return '"' not in header and len(header) > 1 and all(re.fullmatch(r"'[^']*'", name.strip()) for name in names)


def _delimiter(path: Path, text: str, quote: str, *, whole: bool) -> str:
    """The only separator that cuts every record into equally many fields, more than one; a comma if none does."""
    fitting = [item for item in DELIMITERS if _cuts_evenly(text, item, quote, whole)]
    if len(fitting) > 1:
        told = " or ".join(DELIMITERS[item] for item in fitting)
        raise InputError(
            f"this data file may be separated by {told}", where=str(path), hint="write it with one of them"
        )
    return fitting[0] if fitting else ","


def _cuts_evenly(text: str, delimiter: str, quote: str, whole: bool) -> bool:
    lines = text.splitlines(keepends=True)[: None if whole else -1]
    widths = set()
    try:
        for number, record in enumerate(csv.reader(lines, delimiter=delimiter, quotechar=quote)):
            if number >= RECORDS:
                break
            if record:
                widths.add(len(record))
    except csv.Error:
        return False
    return len(widths) == 1 and widths.pop() > 1
