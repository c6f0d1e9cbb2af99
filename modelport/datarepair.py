"""Repairs of rows that do not quite fit a model: done where they are certain, and told; what is not certain is refused.

Certain are: columns in another order; a name in another case or with blanks around it, if it is the only one; text in
any of Arrow's forms; categories for text; whole numbers for text where the model knows these texts; NaN for a missing
whole number; `true` and `false` as text, and 0 and 1, for booleans. Times, binary values and nested ones never are.
"""

from collections.abc import Mapping, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from modelport.errors import DataError
from modelport.signature import Column, Signature

_TRUE, _FALSE = "true", "false"


def renamed(names: Sequence[str], wanted: Sequence[str]) -> dict[str, str]:
    """The model's name → the data's name, for columns that the data has in another case or with blanks around.

    Raises:
        DataError: two columns, of the data or of the model, differ only so.
    """
    lacking = [name for name in wanted if name not in set(names)]
    if not lacking:
        return {}
    free: dict[str, list[str]] = {}
    for name in names:
        if name not in set(wanted):
            free.setdefault(_folded(name), []).append(name)
    found = {name: free[_folded(name)] for name in lacking if _folded(name) in free}
    for name, near in found.items():
        rivals = [other for other in wanted if other != name and _folded(other) == _folded(name)]
        if len(near) > 1 or rivals:
            raise _ambiguous(name, near, rivals)
    return {name: near[0] for name, near in found.items()}


def _folded(name: str) -> str:
    return name.strip().strip("\ufeff").casefold()


def _ambiguous(name: str, near: Sequence[str], rivals: Sequence[str]) -> DataError:
    told = ", ".join(repr(item) for item in near)
    other = f", and the model has {rivals[0]!r} too" if rivals else ""
    return DataError(
        f"the data has no column {name!r}; what differs from it only in case is not one alone: {told}{other}",
        where=name,
        hint="name the columns as the model does",
    )


def plain(values: pa.Array) -> pa.Array:
    """Values without the form they are stored in: dictionaries, runs and views of text."""
    if pa.types.is_run_end_encoded(values.type):
        values = pc.run_end_decode(values)
    if pa.types.is_dictionary(values.type):
        values = values.dictionary_decode()
    return values


def repaired(values: pa.Array, column: Column) -> pa.Array | None:
    """One column in the type the model wants, where a plain cast does not do; None where nothing is certain."""
    if pa.types.is_string(column.type) and pa.types.is_integer(values.type):
        return _whole_as_text(values, column)
    if pa.types.is_boolean(column.type):
        return _boolean(values)
    if pa.types.is_integer(column.type) and pa.types.is_floating(values.type):
        return _without_nan(values, column)
    return None


def _whole_as_text(values: pa.Array, column: Column) -> pa.Array | None:
    """Whole numbers as the texts that the model knows; not where it knows none, or others (`007` for 7)."""
    known = {text for text in column.categories or () if isinstance(text, str)}
    texts = pc.cast(values, pa.string())
    if not known or not any(text in known for text in texts.unique().to_pylist()):
        return None
    padded = any(text.lstrip("-").isdigit() and str(int(text)) != text for text in known)
    return None if padded else texts


def _boolean(values: pa.Array) -> pa.Array | None:
    if _is_text(values.type):
        texts = pc.utf8_lower(pc.utf8_trim_whitespace(pc.cast(values, pa.string())))
        if set(texts.unique().to_pylist()) <= {_TRUE, _FALSE, None}:
            return pc.equal(texts, _TRUE)
        return None
    number = pa.types.is_integer(values.type) or pa.types.is_floating(values.type)
    if number and set(values.unique().to_pylist()) <= {0, 1, None}:
        return pc.equal(values, pa.scalar(1, values.type))
    return None


def _without_nan(values: pa.Array, column: Column) -> pa.Array | None:
    """NaN is how a column of whole numbers with missing ones comes out of pandas."""
    missing = pc.is_nan(values)
    if not pc.any(missing).as_py():
        return None
    held = pc.if_else(missing, pa.scalar(None, values.type), values)
    try:
        return pc.cast(held, column.type, safe=True)
    except pa.ArrowInvalid:
        return None


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind))


# What a reader should know ------------------------------------------------------------------------


def notes(batch: pa.RecordBatch, signature: Signature) -> list[str]:
    """What is repaired in rows like these to fit a model, for a report.

    Args:
        batch: some rows, as they were read.
    """
    columns = {column.name: column for column in signature.inputs}
    taken = renamed(batch.schema.names, list(columns))
    found = [f"the data's column {theirs!r} is taken for {ours!r}" for ours, theirs in taken.items()]
    there = {name: taken.get(name, name) for name in columns if taken.get(name, name) in batch.schema.names}
    order = [batch.schema.get_field_index(theirs) for theirs in there.values()]
    if order != sorted(order):
        found.append("the data's columns are in another order than the model's; they are taken by name")
    alike: dict[str, list[str]] = {}
    for name, theirs in there.items():
        if told := _told(batch.column(theirs), columns[name]):
            alike.setdefault(told, []).append(name)
    return found + [f"{_named(names)}: {told}" for told, names in alike.items()]


def _named(names: Sequence[str], most: int = 5) -> str:
    shown = ", ".join(repr(name) for name in names[:most])
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return f"column{'s' if len(names) > 1 else ''} {shown}{more}"


def _told(values: pa.Array, column: Column) -> str | None:
    """What changes in a column, if it is more than the width of its text or numbers."""
    have, want = plain(values).type, column.type
    if pa.types.is_dictionary(values.type) and pa.types.is_string(want):
        return "categories are taken as text"
    if have.equals(want) or pa.types.is_null(have) or (_is_text(have) and pa.types.is_string(want)):
        return None
    if pa.types.is_string(want) or (pa.types.is_integer(have) and pa.types.is_floating(want)):
        return f"{have} is taken as {'text' if pa.types.is_string(want) else want}"
    if pa.types.is_decimal(have):
        return f"{have} is rounded to {want}"
    if pa.types.is_float64(have) and pa.types.is_float32(want):
        return "float64 is rounded to float32, which the model takes"
    if pa.types.is_integer(want) and pa.types.is_floating(have):
        return f"{have} without fractions is taken as {want}, NaN as missing"
    if pa.types.is_boolean(want) or pa.types.is_boolean(have):
        return f"{have} is taken as {want}"
    return None


def kinds(signature: Signature, schema: pa.Schema) -> Mapping[str, pa.DataType]:
    """Column of the data → the type in which a file of text had better be read, where it matters.

    Text that looks like numbers or times stays what it is (`007`); numbers that look whole at first may have fractions
    further on.
    """
    taken = renamed(schema.names, [column.name for column in signature.inputs])
    found = {}
    for column in signature.inputs:
        name = taken.get(column.name, column.name)
        if name in schema.names and (kind := _kind(schema.field(name).type, column.type)):
            found[name] = kind
    return found


def _kind(have: pa.DataType, want: pa.DataType) -> pa.DataType | None:
    if pa.types.is_string(want) and not pa.types.is_string(have):
        return pa.string()
    whole = pa.types.is_integer(have) or pa.types.is_null(have)
    return pa.float64() if pa.types.is_floating(want) and whole else None
