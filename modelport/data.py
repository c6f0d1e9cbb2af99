"""Data as Arrow record batches, from files (Parquet, CSV, Feather, JSON lines), pandas, NumPy or Arrow itself.

Files stream: never more than a batch is held. What arrives is fitted to a signature column by column: repaired
where that is certain, refused with the column named where it is not.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from modelport import datarepair
from modelport.errors import DataError, UsageError
from modelport.signature import Column, Signature

BATCH_ROWS = 65_536
"""Rows a batch: large enough that per-batch costs vanish, small enough that memory stays flat."""

Batches = Iterator[pa.RecordBatch]


@dataclass(frozen=True, slots=True)
class Data:
    """A source of rows that can be read more than once.

    Attributes:
        name: what reports call it.
        schema: its columns before they are fitted to a model.
        read: batch rows → a fresh iterator over record batches.
        notes: what was unusual about the file and is read all the same.
        typed: column → type: the same rows with these columns read in these types; None where the file has types.
    """

    name: str
    schema: pa.Schema
    read: Callable[[int], Batches]
    notes: tuple[str, ...] = ()
    typed: "Callable[[Mapping[str, pa.DataType]], Data] | None" = None

    def batches(self, rows: int = BATCH_ROWS) -> Batches:
        """A fresh iterator over batches of at most `rows` rows."""
        return self.read(rows)

    def head(self, rows: int = 1000) -> pa.RecordBatch:
        """The first rows, as one batch (perhaps of none)."""
        first = next(self.batches(rows), None)
        return first if first is not None else pa.RecordBatch.from_pylist([], schema=self.schema)


def data(source: Any) -> Data:
    """Rows from a path, a pandas DataFrame, a NumPy matrix, an Arrow table or batch, or a dict of columns.

    Raises:
        InputError: a file is missing, empty or damaged.
        UsageError: no reader knows the suffix or the type.
    """
    if isinstance(source, Data):
        return source
    if isinstance(source, str | Path):
        return _from_file(Path(source))
    return _from_object(source)


def _from_file(path: Path) -> Data:
    from modelport import datafiles

    return datafiles.open_data(path)


def _from_object(source: Any) -> Data:
    if isinstance(source, pa.RecordBatch):
        table = pa.Table.from_batches([source])
    elif isinstance(source, pa.Table):
        table = source
    elif isinstance(source, Mapping):
        table = pa.table(dict(source))
    elif type(source).__module__.startswith("pandas"):
        table = _from_pandas(source)
    elif hasattr(source, "__arrow_c_stream__"):
        table = pa.table(source)
    elif hasattr(source, "__array__") or isinstance(source, list):
        table = _from_matrix(source)
    elif hasattr(source, "toarray"):
        table = _from_matrix(source.toarray())
    else:
        raise UsageError(f"rows cannot be read from a {type(source).__name__}", hint="give a path, DataFrame or array")
    return Data("rows in memory", table.schema, lambda rows: iter(table.to_batches(max_chunksize=rows)))


def _from_pandas(source: Any) -> pa.Table:
    frame = source.to_frame() if source.ndim == 1 else source
    frame = frame.set_axis([str(name) for name in frame.columns], axis=1)
    try:
        return pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata(None)
    except (pa.ArrowInvalid, pa.ArrowTypeError) as error:
        raise _mixed(frame) from error


def _mixed(frame: Any) -> DataError:
    """What to say of a DataFrame that Arrow does not take: the first column that mixes types, and which they are."""
    for name, values in frame.items():
        try:
            pa.array(values, from_pandas=True)
        except (pa.ArrowInvalid, pa.ArrowTypeError):
            kinds = ", ".join(sorted({type(value).__name__ for value in values if value is not None}))
            what, where = f"column {name!r} holds values of mixed types: {kinds}", str(name)
            return DataError(what, where=where, hint=f"make it one type, for example df[{name!r}].astype(str)")
    return DataError("this DataFrame cannot be read as a table", hint="give each column one type and a name of its own")


def _from_matrix(source: Any) -> pa.Table:
    import numpy as np

    matrix = np.asarray(source)
    if matrix.ndim == 1:
        matrix = matrix.reshape(-1, 1)
    if matrix.ndim != 2:
        raise DataError(f"an array of {matrix.ndim} dimensions is not a table of rows", hint="give an array [N, C]")
    columns = [pa.array(np.ascontiguousarray(matrix[:, i])) for i in range(matrix.shape[1])]
    return pa.Table.from_arrays(columns, names=[f"x{i}" for i in range(matrix.shape[1])])


def data_given_last(candidates: tuple[Any, ...], rows: Any) -> tuple[tuple[Any, ...], Any]:
    """`verify(a, b, X)`: a last argument that is plainly rows, and no model, is the data."""
    if rows is None and len(candidates) > 1 and _is_rows(candidates[-1]):
        return candidates[:-1], candidates[-1]
    return candidates, rows


def _is_rows(value: Any) -> bool:
    if isinstance(value, str | Path):
        return Path(value).suffix.lower() in {".parquet", ".csv", ".feather", ".arrow", ".jsonl", ".ndjson"}
    named = {"ndarray", "DataFrame", "Table", "RecordBatch", "dict", "list", "Data"}
    return type(value).__name__ in named


# Fitting rows to a signature ----------------------------------------------------------------------


def fit_schema(schema: pa.Schema, signature: Signature, ignore: frozenset[str] = frozenset()) -> list[int]:
    """The position in `schema` of each input column; a name in another case will do if it is the only one.

    Args:
        ignore: columns that may be there besides (a target, keys).

    Raises:
        DataError: a column the model needs is missing, or there is one too many; both are named.
    """
    names = list(schema.names)
    wanted = [column.name for column in signature.inputs]
    twice = sorted({name for name in names if names.count(name) > 1}) if len(set(names)) < len(names) else []
    if twice:
        raise DataError(f"the data has {len(twice)} column name(s) twice: {_some(twice)}", where=twice[0])
    taken = datarepair.renamed(names, wanted)
    have = {name: i for i, name in enumerate(names)} | {name: names.index(there) for name, there in taken.items()}
    missing = [name for name in wanted if name not in have]
    if missing:
        near = _near(missing[0], names)
        hint = f"did you mean {near!r}?" if near else f"the data has {_some(names)}"
        raise DataError(
            f"the data lacks {len(missing)} column(s) the model needs: {_some(missing)}", where=missing[0], hint=hint
        )
    surplus = [name for name in names if name not in set(wanted) | ignore | set(taken.values())]
    if surplus:
        raise DataError(
            f"the data has {len(surplus)} column(s) the model does not know: {_some(surplus)}",
            where=surplus[0],
            hint=f"drop them, or pass --ignore {surplus[0]}",
        )
    return [have[name] for name in wanted]


def fit(batch: pa.RecordBatch, signature: Signature, ignore: frozenset[str] = frozenset()) -> pa.RecordBatch:
    """A batch with exactly the signature's input columns, in its order and types.

    Integers become floats, and floats without fractions integers, where the value stays the same; categories become
    strings; anything else is refused.

    Raises:
        DataError: names the column.
    """
    positions = fit_schema(batch.schema, signature, ignore)
    arrays = [fit_column(batch.column(i), column) for i, column in zip(positions, signature.inputs, strict=True)]
    return pa.RecordBatch.from_arrays(arrays, schema=relaxed(signature))


def relaxed(signature: Signature) -> pa.Schema:
    """The input schema with every column nullable: a forbidden null is reported by the model, not by Arrow."""
    return pa.schema([pa.field(column.name, column.type, True) for column in signature.inputs])


def row_batch(row: Mapping[str, Any], signature: Signature) -> pa.RecordBatch:
    """A row as a batch of one, by the names of its columns, or by their places where a model has other names."""
    names = [column.name for column in signature.inputs]
    values = [row[name] for name in names] if set(names) <= set(row) else list(row.values())
    arrays = [pa.array([value], column.type) for value, column in zip(values, signature.inputs, strict=True)]
    return pa.RecordBatch.from_arrays(arrays, schema=relaxed(signature))


def fit_column(values: pa.Array, column: Column) -> pa.Array:
    """One column in the type the model wants.

    Raises:
        DataError: no certain conversion exists.
    """
    values = datarepair.plain(values)
    if values.type.equals(column.type):
        return values
    if pa.types.is_null(values.type):
        return pa.nulls(len(values), column.type)
    if (repaired := datarepair.repaired(values, column)) is not None:
        return repaired
    if not _castable(values.type, column.type):
        raise _mistyped(values, column)
    try:
        return pc.cast(values, column.type, safe=True)
    except pa.ArrowInvalid as error:
        raise _mistyped(values, column) from error


def _castable(have: pa.DataType, want: pa.DataType) -> bool:
    """Whether a checked cast keeps the meaning: numbers to numbers, text to text."""
    if pa.types.is_string(want):
        return bool(pa.types.is_large_string(have) or pa.types.is_string_view(have))
    if pa.types.is_boolean(want):
        return False
    numeric = pa.types.is_integer(have) or pa.types.is_floating(have) or pa.types.is_decimal(have)
    return bool(numeric or pa.types.is_boolean(have))


def _mistyped(values: pa.Array, column: Column) -> DataError:
    kind = "text" if pa.types.is_string(column.type) else str(column.type)
    return DataError(
        f"column {column.name!r} holds {_described(values)} where the model takes {kind}",
        where=column.name,
        hint="convert the column before scoring; modelport does not guess what its values mean",
    )


def _described(values: pa.Array) -> str:
    """The type and the first value that is there; neither where Python has no such year, or text is no text."""
    try:
        sample = next((item for item in values.slice(0, 1000).to_pylist() if item is not None), None)
        return f"{values.type} (such as {sample!r})"
    except (OverflowError, ValueError):
        return "values that cannot be shown"


def fitted(
    source: Any, signature: Signature, *, rows: int = BATCH_ROWS, ignore: frozenset[str] = frozenset()
) -> Batches:
    """Batches of a source, each fitted to a signature.

    Raises:
        DataError: see `fit`.
    """
    for batch in suited(data(source), signature).batches(rows):
        yield fit(batch, signature, ignore)


def suited(source: Data, signature: Signature) -> Data:
    """A source whose columns are read in the types that a signature wants, where the file itself has no types."""
    kinds = datarepair.kinds(signature, source.schema) if source.typed is not None else {}
    return source.typed(kinds) if source.typed is not None and kinds else source


def notes(source: Data, signature: Signature) -> list[str]:
    """What is repaired in a source's rows to fit a signature, for a report; see `modelport.datarepair`.

    A file without types is read in those that the model takes, which is no repair.
    """
    return [*source.notes, *datarepair.notes(suited(source, signature).head(), signature)]


def _near(name: str, names: list[str]) -> str | None:
    from difflib import get_close_matches

    folded = {other.casefold(): other for other in names}
    if name.casefold() in folded:
        return folded[name.casefold()]
    return next(iter(get_close_matches(name, names, 1)), None)


def _some(names: list[str], most: int = 5) -> str:
    shown = ", ".join(repr(name) for name in names[:most])
    return shown if len(names) <= most else f"{shown} and {len(names) - most} more"
