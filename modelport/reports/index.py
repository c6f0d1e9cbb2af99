"""A page that leads to several reports: one table, one row for each."""

from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path
from urllib.parse import quote

from modelport.errors import UsageError

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>modelport: {sentence}</title>
<style>
body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 70rem; margin: 2rem auto; padding: 0 1rem; }}
table {{ border-collapse: collapse; display: block; overflow-x: auto; }}
th, td {{ text-align: left; padding: .25rem 1rem .25rem 0; border-bottom: 1px solid rgba(128, 128, 128, .35); }}
</style>
</head>
<body>
<h1>{sentence}</h1>
<table>
<thead><tr>{headings}</tr></thead>
<tbody>
{rows}
</tbody>
</table>
</body>
</html>
"""


def index(sentence: str, headings: Sequence[str], rows: Iterable[tuple[bool, str | None, Sequence[str]]]) -> str:
    """The page.

    Args:
        sentence: what it all comes to.
        headings: of the columns behind the verdict.
        rows: whether it is good, the page that the first cell leads to (relative, or None), and the cells.
    """
    heads = "".join(f'<th scope="col">{escape(name)}</th>' for name in ("verdict", *headings))
    made = []
    for good, page, (name, *rest) in rows:
        link = escape(name) if page is None else f'<a href="{quote(page)}">{escape(name)}</a>'
        shown = ("✓ good" if good else "✗ fails", link, *map(escape, rest))
        made.append(f"<tr>{''.join(f'<td>{cell}</td>' for cell in shown)}</tr>")
    return _PAGE.format(sentence=escape(sentence), headings=heads, rows="\n".join(made))


def folder_for_pages(folder: Path) -> Path:
    """The folder, made if it is not there.

    Raises:
        UsageError: it cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"the folder of the report cannot be made: {error.strerror}", where=str(folder)) from error
    return folder
