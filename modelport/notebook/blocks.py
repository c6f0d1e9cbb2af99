"""The parts of every representation: a card, tables, facts, marks. Styles stand inline and take the theme's colours.

Notebooks that are not trusted, and GitHub, drop style sheets and some styles; what is left still reads as text and
tables. Text has the theme's own colour, so that it is as readable as everything around it, dark or light; only the
marks beside words are coloured, and no meaning hangs on a colour alone.
"""

from collections.abc import Iterable, Sequence
from html import escape as _escape

GOOD, WARN, BAD, NONE = "#2da44e", "#bf8700", "#d1242f", "#8c959f"
_LINE = "1px solid rgba(128,128,128,.35)"
_CARD = f"border:{_LINE};border-radius:6px;padding:8px 12px;max-width:100%;overflow-x:auto;line-height:1.5"
_CELL = "text-align:left;vertical-align:top;padding:2px 12px 2px 0;background:none"

MOST = 12
"""Rows a table shows: a cell of a notebook is read at one glance."""


def text(value: object) -> str:
    """Anything as text that stands in HTML, wherever it came from."""
    return _escape(str(value), quote=True)


def code(value: object) -> str:
    """A name or a path, in the font of code."""
    return f"<code>{text(value)}</code>"


def dim(html: str) -> str:
    """What matters less."""
    return f'<span style="opacity:.7">{html}</span>'


def mark(colour: str, word: str) -> str:
    """A coloured dot, and the word that says the same."""
    return f'<span style="color:{colour}" aria-hidden="true">●</span>&nbsp;{text(word)}'


def line(*parts: str) -> str:
    """One line of a card; empty parts are left out."""
    return f"<div>{' '.join(part for part in parts if part)}</div>"


def card(title: str, *parts: str) -> str:
    """The whole representation.

    Args:
        title: HTML of the first line.
        parts: HTML below it; empty ones are left out.
    """
    return f'<div style="{_CARD}"><div><strong>{title}</strong></div>{"".join(parts)}</div>'


def table(headings: Sequence[str], rows: Iterable[Sequence[str]], total: int | None = None) -> str:
    """A table; of many rows the first, and how many more there are.

    Args:
        headings: text.
        rows: HTML of each cell.
        total: how many rows there would be.
    """
    shown = list(rows)
    count = len(shown) if total is None else total
    head = "".join(f'<th scope="col" style="{_CELL}">{dim(text(name))}</th>' for name in headings)
    body = "".join(
        f"<tr>{''.join(f'<td style={chr(34)}{_CELL}{chr(34)}>{c}</td>' for c in r)}</tr>" for r in shown[:MOST]
    )
    more = line(dim(f"… {count - MOST:,} more")) if count > MOST else ""
    style = "border-collapse:collapse;margin:4px 0;color:inherit;font-size:inherit"
    return f'<table style="{style}"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{more}'


def folded(title: str, html: str) -> str:
    """What is there for those who ask."""
    return f"<details><summary>{text(title)}</summary>{html}</details>"
