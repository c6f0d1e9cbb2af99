"""What a careful reader should know: notes, and what was not run."""

from modelport.reports.html.markup import Html, el, html
from modelport.reports.html.page import Page


def remarks(page: Page) -> Html:
    """Both lists; nothing if both are empty."""
    notes = [el("li", note) for note in page.report.notes]
    missing = [
        el(
            "li",
            f"not run: {item.runtime}, which opens {', '.join(item.formats)}. ",
            el("span" if item.reason else "code", item.why),
        )
        for item in page.report.missing
    ]
    return html(el("ul", [*notes, *missing], class_="plain")) if notes or missing else Html()
