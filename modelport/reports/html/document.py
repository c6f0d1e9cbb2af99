"""The whole document: one file, nothing from outside, and a policy that would refuse it."""

import base64
import hashlib
from functools import cache
from importlib.resources import files

from modelport._version import __version__
from modelport.parity.report import ParityReport
from modelport.plugins import require
from modelport.reports.html.markup import Html, el, join
from modelport.reports.html.page import Page
from modelport.reports.html.sections import SECTIONS
from modelport.reports.html.verdict import title, verdict


def ready() -> None:
    """Checks that what draws the plots is installed.

    Raises:
        MissingExtra: it is not; names the command that installs it.
    """
    require(("matplotlib",), "report", "the HTML report")


def document(report: ParityReport, *, command: str | None = None, when: str | None = None) -> str:
    """A report as one HTML page that needs no network; the same report gives the same bytes.

    Args:
        command: the command line that gave the report, to be shown.
        when: a date to be shown; without it the page has none.

    Raises:
        MissingExtra: matplotlib is not installed.
    """
    ready()
    page = Page(report, command, when)
    made = [(section, inner) for section in SECTIONS if (inner := section.render(page))]
    links = [el("li", el("a", section.title, href=f"#{section.id}")) for section, _ in made]
    body = [
        el("a", "Skip to the findings", href="#findings", class_="skip"),
        verdict(page),
        el("nav", el("ul", links), aria_label="Contents"),
        el("main", [_section(s.id, s.title, inner) for s, inner in made], id="findings", tabindex=-1),
        el("footer", el("p", f"modelport {__version__}", f" · {when}" if when else None)),
        el("script", Html(_resource("script.js"))),
    ]
    return f'<!doctype html>\n<html lang="en">\n{_head(title(report))}\n{el("body", join(body))}\n</html>\n'


def _section(id_: str, heading: str, inner: Html) -> Html:
    return el("section", el("h2", heading, id=f"{id_}-title"), inner, id=id_, aria_labelledby=f"{id_}-title")


def _head(text: str) -> Html:
    script = base64.b64encode(hashlib.sha256(_resource("script.js").encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{script}'; img-src data:"
    return el(
        "head",
        el("meta", charset="utf-8"),
        el("meta", name="viewport", content="width=device-width, initial-scale=1"),
        el("meta", http_equiv="Content-Security-Policy", content=policy),
        el("meta", name="color-scheme", content="light dark"),
        el("meta", name="referrer", content="no-referrer"),
        el("title", text),
        el("link", rel="icon", href="data:,"),  # else a browser asks its server for one
        el("style", Html(_resource("style.css"))),
    )


@cache
def _resource(name: str) -> str:
    return (files("modelport.reports.html") / name).read_text(encoding="utf-8")
