"""Inputs and outputs as tables."""

from collections.abc import Iterable

from modelport.notebook import blocks
from modelport.signature import Column

_MOST_VALUES = 6


def inputs(columns: Iterable[Column]) -> str:
    """Name, type, whether it may be missing, and the values that are known."""
    found = list(columns)
    rows = [
        (
            blocks.code(column.name),
            blocks.text(column.type),
            "may be missing" if column.nullable else "",
            _values(column),
        )
        for column in found[: blocks.MOST]
    ]
    return blocks.table(("input", "type", "", "known values"), rows, len(found))


def outputs(columns: Iterable[Column]) -> str:
    """Name and type on one line; of many, the first."""
    found = list(columns)
    told = ", ".join(f"{blocks.code(column.name)} {blocks.dim(blocks.text(column.type))}" for column in found[:8])
    more = f", … {len(found) - 8:,} more" if len(found) > 8 else ""
    return blocks.line(blocks.dim("gives"), told + more)


def _values(column: Column) -> str:
    if column.categories is None:
        return ""
    told = ", ".join(blocks.text(repr(value)) for value in column.categories[:_MOST_VALUES])
    more = f", … {len(column.categories) - _MOST_VALUES:,} more" if len(column.categories) > _MOST_VALUES else ""
    return told + more
