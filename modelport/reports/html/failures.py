"""Why parity does not hold: every failure, those of a candidate together."""

from collections.abc import Sequence

from modelport.parity.failures import Failure
from modelport.parity.verdict import by_gravity
from modelport.reports.html.markup import Html, el, html, name
from modelport.reports.html.page import Page
from modelport.reports.html.tables import fold
from modelport.reports.html.words import sentence

_SHOWN, _FOLDED = 5, 40


def failures(page: Page) -> Html:
    """A list for each candidate; the long tail of each is folded."""
    groups: dict[str | None, list[Failure]] = {}
    for failure in by_gravity(page.report):
        groups.setdefault(failure.subject, []).append(failure)
    made = [_group(subject, found) for subject, found in groups.items()]
    apart = el("p", "It seems that ", page.report.apart, ".", class_="note") if page.report.apart else None
    return html([apart, *made]) if made else Html()


def _group(subject: str | None, found: Sequence[Failure]) -> Html:
    first, rest = found[:_SHOWN], found[_SHOWN:]
    left = el("p", f"and {len(rest) - _FOLDED} more, which --json has") if len(rest) > _FOLDED else None
    more = fold(f"{len(rest)} more", [_list(rest[:_FOLDED], subject), left]) if rest else None
    return el("div", el("h3", name(subject)) if subject else None, _list(first, subject), more, class_="card")


def _list(found: Sequence[Failure], subject: str | None) -> Html:
    return el("ul", [_item(failure, subject) for failure in found], class_="reasons")


def _item(failure: Failure, subject: str | None) -> Html:
    hint = el("span", failure.hint, class_="hint") if failure.hint else None
    what = failure.what.removesuffix(f" in {subject}")
    return el("li", el("span", failure.kind.value, class_="tag"), " ", el("span", sentence(what), hint))
