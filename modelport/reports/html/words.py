"""Numbers and cells as people read them."""

import math
import re
from typing import Any

from modelport.reports.html.markup import Html, el, shortened

_PADDED = re.compile(r"e([+-])0*(\d)")
_SMALL = re.compile(r"(\b\d[\d.]*e-\d+)")
LONGEST = 120
"""Characters of a cell that are shown."""


def number(value: float, digits: int = 3) -> str:
    """`0`, `1,234`, `0.541`, `7.57e-8`, `∞`."""
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    if value == int(value) and abs(value) < 1e6:
        return f"{int(value):,}"
    return _PADDED.sub(lambda found: f"e{found[1].replace('+', '')}{found[2]}", f"{value:.{digits}g}")


def count(rows: int, word: str, plural: str | None = None) -> str:
    """`1 row`, `2,000 rows`."""
    return f"{rows:,} {word if rows == 1 else plural or word + 's'}"


def sentence(text: str) -> Html:
    """Text whose small numbers are not broken over two lines at their exponent's sign."""
    parts = _SMALL.split(shortened(text, 1000))
    return el("bdi", [el("span", part, class_="whole") if i % 2 else part for i, part in enumerate(parts)])


def cell(value: Any) -> Html:
    """A value of a row with all of its digits; missing is a word of its own."""
    if value is None:
        return el("i", "missing")
    return el("code", shortened(repr(value), LONGEST))
