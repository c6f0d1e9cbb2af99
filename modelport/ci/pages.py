"""A page for each model's comparison, and one that leads to them."""

from pathlib import Path

from modelport.ci.result import ProjectReport
from modelport.files import atomic
from modelport.reports.index import folder_for_pages
from modelport.reports.index import index as index_page


def write(found: ProjectReport, folder: Path) -> None:
    """Writes `index.html` and a page for each comparison.

    Raises:
        UsageError: the folder cannot be made.
    """
    from modelport.reports.html.document import document

    folder_for_pages(folder)
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

    rows = [
        (model.exit_code == 0, None if model.report is None else f"{model.name}.html", (model.name, *cells[1:]))
        for model, cells in zip(found.models, found.rows(), strict=True)
    ]
    return index_page(found.sentence(), HEADINGS, rows)
