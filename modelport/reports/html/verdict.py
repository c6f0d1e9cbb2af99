"""The top of the page: the verdict in one sentence, and a few figures."""

from collections.abc import Iterator

from modelport.parity.report import ParityReport
from modelport.reports.html.markup import Html, el, name, shortened
from modelport.reports.html.page import Page
from modelport.reports.html.words import count, number, sentence


def title(report: ParityReport) -> str:
    """Of the browser's window."""
    word = "holds" if report.passed else "does not hold"
    reference = f": {report.reference.artifact}" if report.reference else ""
    return shortened(f"Parity {word}{reference}", 80)


def verdict(page: Page) -> Html:
    """The header."""
    report = page.report
    state = "good" if report.passed else "bad"
    told = report.sentence()
    lead, _, rest = told.partition(": ")
    if not rest:
        lead, rest = "Nothing is proved", told
    mark = el("span", "✓" if report.passed else "✗", class_="mark", aria_hidden="true")
    heading = el("h1", el("span", lead, el("span", ": ", class_="hidden"), class_="lead"), el("span", sentence(rest)))
    figures = el("dl", [_tile(*item) for item in _figures(report)], class_="tiles")
    return el("header", mark, el("div", heading, _against(report)), figures, class_=state)


def _against(report: ParityReport) -> Html | None:
    if report.reference is None:
        return None
    version = f" {report.reference.version}" if report.reference.version else ""
    return el(
        "p",
        "The reference is ",
        el("strong", name(report.reference.artifact)),
        f" in {report.reference.runtime}{version}.",
        class_="against",
    )


def _tile(label: str, value: str, more: object) -> Html:
    return el("div", el("dt", label), el("dd", value, el("small", more) if more else None))


def _figures(report: ParityReport) -> Iterator[tuple[str, str, object]]:
    most = max((pair.rows for pair in report.official), default=0)
    fewest = "" if most == report.rows else f", at least {report.rows:,} with each"
    yield "rows compared", f"{most:,}", f"of {count(len(report.strata), 'kind')}{fewest}"
    worst_pair = max(report.official, key=lambda pair: pair.different, default=None)
    if worst_pair is not None:
        told = ["in ", name(report.subjects[worst_pair.second].name)] if worst_pair.different else "in any candidate"
        yield "rows that differ", f"{worst_pair.different:,}", told
    worst = max(
        (c for pair in report.official for s in pair.strata for c in s.columns if c.kind == "number"),
        key=lambda column: column.max_abs,
        default=None,
    )
    if worst is not None:
        yield "largest difference", number(worst.max_abs), ["in ", name(worst.name)] if worst.max_abs else "anywhere"
    if report.coverage is not None and report.coverage.known:
        yield "jumps probed", f"{report.coverage.probed:,}", f"of {report.coverage.known:,} that the models tell"
    elif report.coverage is not None and report.coverage.found:
        yield "jumps probed", f"{report.coverage.found:,}", "found by bisection"
