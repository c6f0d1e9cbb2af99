"""How to repeat it: the command, the files, the versions, the options."""

from collections.abc import Iterator
from typing import Any

from modelport.parity.settings import Settings
from modelport.reports.html.markup import Html, el, html, name
from modelport.reports.html.page import Page
from modelport.reports.html.tables import fold, region, table


def repeat(page: Page) -> Html:
    """Everything that another person needs."""
    report = page.report
    shown = region(el("pre", el("code", page.command)), "The command") if page.command else None
    files = table(("model", "format", "sha256"), _files(page), caption="Models that were compared")
    versions = table(("library", "version"), [(name(k), v) for k, v in report.versions.items()], caption="Versions")
    changed, default = _options(report.settings)
    own = table(("option", "value"), changed, caption="Options that were set") if changed else None
    rest = fold("Options at their defaults", table(("option", "value"), default, caption="Options at their defaults"))
    return html([shown, el("div", el("div", files), el("div", versions), class_="pair card"), own, rest])


def _files(page: Page) -> list[tuple[object, ...]]:
    found = dict.fromkeys((s.artifact, s.format, s.sha256) for s in page.report.subjects)
    return [(name(a), f, el("code", sha, class_="sha") if sha else "a live object") for a, f, sha in found]


def _options(settings: Settings) -> tuple[list[tuple[object, str]], list[tuple[object, str]]]:
    default = Settings().to_json()
    changed: list[tuple[object, str]] = []
    same: list[tuple[object, str]] = []
    for option, value in settings.to_json().items():
        (same if value == default[option] else changed).append((el("code", option), _told(value)))
    return changed, same


def _told(value: Any) -> str:
    if value is None:
        return "none"
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value)) or "none"
    if isinstance(value, dict):
        return ", ".join(_pairs(value)) or "none"
    return str(value)


def _pairs(values: dict[str, Any]) -> Iterator[str]:
    for key, value in values.items():
        yield f"{key} = {value}"
