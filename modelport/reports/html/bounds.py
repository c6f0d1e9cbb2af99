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
_LINES = 12


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
    """Every candidate and kind where there are few; else of each kind the candidate with the highest bound."""
    shares = _each(page)
    caption = "The bar ends at the bound; a dot is the share that was seen."
    if shares is None:
        shares, caption = _worst(page), f"For each kind, the candidate with the highest bound. {caption}"
    title = "Share of rows that differ, and its upper bound, for each kind of rows"
    return page.figure(bounds_plot(shares), title, caption, None, size=(380, 70 + 26 * len(shares)))


def _each(page: Page) -> list[Share] | None:
    """All of them, told apart by their runtimes; None where they are many, or share a runtime."""
    report = page.report
    runtimes = [report.subjects[pair.second].runtime for pair in report.official]
    found = [
        _share(s, f"{s.name}, {runtime}" if len(runtimes) > 1 else s.name, page)
        for kind in report.strata
        for pair, runtime in zip(report.official, runtimes, strict=True)
        for s in pair.strata
        if s.rows and s.name == kind
    ]
    return found if len(found) <= _LINES and len(set(runtimes)) == len(runtimes) else None


def _worst(page: Page) -> list[Share]:
    worst: dict[str, Share] = {}
    for stratum in (s for pair in page.report.official for s in pair.strata if s.rows):
        share = _share(stratum, stratum.name, page)
        worst[stratum.name] = max(worst.get(stratum.name, share), share, key=lambda item: item.bound)
    return list(worst.values())


def _share(stratum: StratumReport, label: str, page: Page) -> Share:
    return Share(label, stratum.different / stratum.rows, stratum.bound(page.report.settings.confidence))


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
            el("span", name(p.candidate), f", by {p.prover}: ", el("bdi", shortened(p.what, 2000))),
        )
        for p in page.report.proofs
    ]
    return html([el("h3", "Over every input"), el("ul", items, class_="reasons")])
