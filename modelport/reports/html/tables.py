"""Tables that can be wider than a phone: they scroll by themselves, by finger and by keyboard."""

from collections.abc import Iterable, Sequence

from modelport.reports.html.markup import Html, el


def table(
    headings: Sequence[object], rows: Iterable[Sequence[object]], *, caption: str, right: Iterable[int] = ()
) -> Html:
    """A table in a region of its own.

    Args:
        caption: its name, for screen readers.
        right: positions of columns of numbers.
    """
    numeric = frozenset(right)
    head = [el("th", text, scope="col", class_=_side(i, numeric)) for i, text in enumerate(headings)]
    body = [el("tr", [_cell(i, item, numeric) for i, item in enumerate(row)]) for row in rows]
    inner = el("table", el("caption", caption), el("thead", el("tr", head)), el("tbody", body))
    return region(inner, caption)


def region(inner: Html, label: str) -> Html:
    """Something that may be wider than the page."""
    return el("div", inner, class_="scroll", role="region", tabindex=0, aria_label=label)


def _side(column: int, numeric: frozenset[int]) -> str | None:
    return "n" if column in numeric else None


def _cell(column: int, item: object, numeric: frozenset[int]) -> Html:
    if isinstance(item, Html) and item.startswith(("<td", "<th")):
        return item
    if column == 0:
        return el("th", item, scope="row", class_=_side(column, numeric))
    return el("td", item, class_=_side(column, numeric))


def fold(summary: object, inner: object) -> Html:
    """Something behind a summary; print opens it."""
    return el("details", el("summary", summary), inner)
