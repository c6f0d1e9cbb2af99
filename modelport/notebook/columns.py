"""Inputs and outputs as tables."""

from collections.abc import Iterable

from modelport.notebook import blocks
from modelport.signature import Column, type_name

_MOST_VALUES = 6


def inputs(columns: Iterable[Column]) -> str:
    """Name, type, whether it may be missing, and the values that are known."""
    found = list(columns)
    known = any(column.categories for column in found[: blocks.MOST])
    rows = [_row(column, known) for column in found[: blocks.MOST]]
    headings = ("input", "type", "", "known values") if known else ("input", "type", "")
    return blocks.table(headings, rows, len(found))


def _row(column: Column, known: bool) -> tuple[str, ...]:
    missing = blocks.dim("may be missing") if column.nullable else ""
    cells = (blocks.code(column.name), type_name(column.type), missing)
    return (*cells, _values(column)) if known else cells


def outputs(columns: Iterable[Column]) -> str:
    """Name and type on one line; of many, the first."""
    found = list(columns)
    told = ", ".join(f"{blocks.code(column.name)} {blocks.dim(type_name(column.type))}" for column in found[:8])
    more = f", … {len(found) - 8:,} more" if len(found) > 8 else ""
    return blocks.line(blocks.dim("gives"), told + more)


def _values(column: Column) -> str:
    if column.categories is None:
        return ""
    told = ", ".join(blocks.text(repr(value)) for value in column.categories[:_MOST_VALUES])
    more = f", … {len(column.categories) - _MOST_VALUES:,} more" if len(column.categories) > _MOST_VALUES else ""
    return told + more
