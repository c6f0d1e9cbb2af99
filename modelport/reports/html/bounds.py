"""What the counts prove: for each kind of rows, the share that differs and its Clopper-Pearson bound."""

from modelport.parity.pieces import StratumReport
from modelport.parity.verdict import percent_up
from modelport.reports.html.figures.bounds import Share
from modelport.reports.html.figures.bounds import bounds as bounds_plot
from modelport.reports.html.markup import Html, el, html, name, shortened
from modelport.reports.html.page import Page
from modelport.reports.html.tables import table

_KINDS = {
    "data": "your own rows",
    "random": "drawn at random from what is known",
    "boundary": "on the places where the models may jump, and one float to either side",
    "special": "missing values, infinities, the largest and smallest numbers, unseen text",
}
_LINES = 16


def bounds(page: Page) -> Html:
    """A table of every candidate and kind, a plot of the worst of each kind, and what provers say."""
    report = page.report
    found = [(report.subjects[p.second].name, s) for p in report.official for s in p.strata if s.rows]
    if not found:
        return Html()
    confidence = f"{100 * report.settings.confidence:g} %"
    headings = ("kind", "candidate", "rows", "differ", "near ties", f"at most, with {confidence} confidence")
    rows = [_row(candidate, stratum, report.settings.confidence) for candidate, stratum in found]
    told = (
        f"If rows like these are drawn again, at most so many of them differ, with {confidence} confidence "
        "(Clopper and Pearson). It holds for rows like these and says nothing of others: hence several kinds."
    )
    shown = table(headings, rows, caption="Bounds for each kind of rows", right=(2, 3, 4, 5))
    pair = el("div", _plot(page), _kinds(page), class_="pair card")
    return html([el("p", told), pair, shown, _proofs(page)])


def _row(candidate: str, stratum: StratumReport, confidence: float) -> tuple[object, ...]:
    counts = (f"{stratum.rows:,}", f"{stratum.different:,}", f"{stratum.near_ties:,}")
    return (stratum.name, name(candidate), *counts, f"{percent_up(stratum.bound(confidence))} %")


def _plot(page: Page) -> Html:
    """The worst candidate of each kind."""
    confidence = page.report.settings.confidence
    worst: dict[str, StratumReport] = {}
    for stratum in (s for pair in page.report.official for s in pair.strata if s.rows):
        kept = worst.get(stratum.name)
        if kept is None or stratum.bound(confidence) > kept.bound(confidence):
            worst[stratum.name] = stratum
    shares = [Share(s.name, s.different / s.rows, s.bound(confidence)) for s in worst.values()][:_LINES]
    title = "Share of rows that differ, and its upper bound, for each kind of rows"
    caption = (
        "For each kind, the candidate with the highest bound. The dot is what was seen, the bar ends at the bound."
    )
    return page.figure(bounds_plot(shares), title, caption, None, size=(360, 80 + 30 * len(shares)))


def _kinds(page: Page) -> Html:
    known = [(kind, _KINDS[kind]) for kind in page.report.strata if kind in _KINDS]
    return el("dl", [[el("dt", kind), el("dd", text)] for kind, text in known], class_="kinds")


def _proofs(page: Page) -> Html | None:
    if not page.report.proofs:
        return None
    items = [
        el(
            "li",
            el("span", p.verdict.value, class_="tag"),
            " ",
            name(p.candidate),
            f", by {p.prover}: ",
            el("bdi", shortened(p.what, 2000)),
        )
        for p in page.report.proofs
    ]
    return html([el("h3", "Over every input"), el("ul", items, class_="reasons")])
