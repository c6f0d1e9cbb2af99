"""A page for each model's comparison, and one that leads to them."""

from html import escape
from pathlib import Path
from urllib.parse import quote

from modelport.ci.result import ProjectReport
from modelport.errors import UsageError
from modelport.files import atomic

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


def write(found: ProjectReport, folder: Path) -> None:
    """Writes `index.html` and a page for each comparison.

    Raises:
        UsageError: the folder cannot be made.
    """
    from modelport.reports.html.document import document

    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"the folder of the report cannot be made: {error.strerror}", where=str(folder)) from error
    for model in found.models:
        if model.report is not None:
            with atomic(folder / f"{model.name}.html") as temporary:
                text = document(model.report, command=f"modelport ci {model.name}")
                temporary.write_text(text, encoding="utf-8")
    with atomic(folder / "index.html") as temporary:
        temporary.write_text(index(found), encoding="utf-8")


def index(found: ProjectReport) -> str:
    """The page that leads to the others."""
    from modelport.ci.markdown import HEADINGS

    headings = "".join(f'<th scope="col">{escape(name)}</th>' for name in ("verdict", *HEADINGS))
    rows = []
    for model, cells in zip(found.models, found.rows(), strict=True):
        name = escape(model.name)
        link = f'<a href="{quote(model.name)}.html">{name}</a>' if model.report is not None else name
        verdict = "✓ good" if model.exit_code == 0 else "✗ fails"
        shown = (verdict, link, *map(escape, cells[1:]))
        rows.append(f"<tr>{''.join(f'<td>{cell}</td>' for cell in shown)}</tr>")
    return _PAGE.format(sentence=escape(found.sentence()), headings=headings, rows="\n".join(rows))
