"""Tables for people, all in one style."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.table import Table


def table(*columns: str, right: tuple[str, ...] = ()) -> "Table":
    """A table with these columns.

    Args:
        right: columns of numbers, which stand right-aligned.
    """
    from rich import box
    from rich.table import Table

    found = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for name in columns:
        found.add_column(name, justify="right" if name in right else "left", overflow="fold", header_style="dim")
    return found


def facts(rows: list[tuple[str, str]]) -> "Table":
    """Names and values, one pair a line."""
    from rich.table import Table
    from rich.text import Text

    found = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    found.add_column(style="dim", no_wrap=True)
    found.add_column(overflow="fold")
    for name, value in rows:
        found.add_row(name, Text(value))
    return found


def shortened(text: str, most: int = 160) -> str:
    """Text that fits a few lines of a cell."""
    return text if len(text) <= most else text[: most - 1] + "…"
