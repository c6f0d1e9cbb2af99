"""The heat map: artifacts by runtimes, and every subject against every other."""

from collections.abc import Iterator

from modelport.parity.pieces import PairReport, Subject
from modelport.parity.report import ParityReport
from modelport.reports.html.markup import Html, el, html, name
from modelport.reports.html.page import Page
from modelport.reports.html.tables import fold, region
from modelport.reports.html.words import number

_STEPS = (0.0, 1e-3, 1e-2, 1e-1)
"""Shares of differing rows at which a cell gets darker."""


def matrix(page: Page) -> Html:
    """A table whose cells are coloured by the share of rows that differ."""
    report = page.report
    if len(report.subjects) < 2:
        return Html()
    artifacts = list(dict.fromkeys(subject.artifact for subject in report.subjects))
    runtimes = list(dict.fromkeys(subject.runtime for subject in report.subjects))
    head = el("tr", el("th", "model", scope="col"), [el("th", runtime, scope="col") for runtime in runtimes])
    rows = [
        el("tr", el("th", name(item), scope="row"), [_cells(report, item, runtime) for runtime in runtimes])
        for item in artifacts
    ]
    caption = "Share of rows that differ from the reference, for each model in each runtime"
    inner = el("table", el("caption", caption), el("thead", head), el("tbody", rows), class_="heat")
    return html([el("p", _legend()), region(inner, caption), _everyone(report)])


def _legend() -> list[object]:
    return ["In each cell: the share of rows that differ from the reference, and the largest difference of a number."]


def _cells(report: ParityReport, artifact: str, runtime: str) -> Html:
    places = [i for i, s in enumerate(report.subjects) if (s.artifact, s.runtime) == (artifact, runtime)]
    if not places:
        return el("td", el("span", "–", aria_hidden="true"), el("span", "not run", class_="hidden"), class_="none")
    if places[0] == 0:
        return el("td", el("strong", "reference"), class_="self")
    pair = next((pair for pair in report.official if pair.second == places[0]), None)
    return _pair(pair)


def _pair(pair: PairReport | None) -> Html:
    if pair is None or not pair.rows:
        return el("td", el("strong", "✗"), " nothing compared", class_="heat-4")
    mark = "✗" if pair.different else "✓"
    share = f"{100 * pair.different / pair.rows:.3g} % " if pair.different else ""
    told = el("span", share, el("small", f"{pair.different:,} of {pair.rows:,}"))
    return el(
        "td", el("strong", mark), " ", told, el("small", _largest(pair), class_="far"), class_=f"heat-{_heat(pair)}"
    )


def _heat(pair: PairReport) -> int:
    share = pair.different / pair.rows
    return sum(share > step for step in _STEPS)


def _largest(pair: PairReport) -> str:
    numbers = [c.max_abs for s in pair.strata for c in s.columns if c.kind == "number"]
    return f"largest |d| {number(max(numbers))}" if numbers else "labels only"


def _everyone(report: ParityReport) -> Html | None:
    """Every two of them, where there are more than two."""
    if len(report.subjects) < 3:
        return None
    caption = "Share of rows that differ between every two"
    head = el("tr", el("th", "", scope="col"), [el("th", i, scope="col") for i in range(1, len(report.subjects) + 1)])
    rows = [el("tr", _subject(i, item), list(_against(report, i))) for i, item in enumerate(report.subjects)]
    inner = el("table", el("caption", caption), el("thead", head), el("tbody", rows), class_="heat small")
    return fold("Every two of them", region(inner, caption))


def _subject(place: int, subject: Subject) -> Html:
    return el("th", f"{place + 1}  ", name(subject.name), scope="row")


def _against(report: ParityReport, place: int) -> Iterator[Html]:
    pairs = {(pair.first, pair.second): pair for pair in report.pairs}
    for other in range(len(report.subjects)):
        if other == place:
            yield el("td", "", class_="self")
        else:
            yield _pair(pairs.get((min(place, other), max(place, other))))
