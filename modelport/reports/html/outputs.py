"""Every output: how each candidate does on it, the plots of the one that is farthest, and its worst rows."""

from collections.abc import Sequence

from modelport.parity.report import ParityReport
from modelport.reports.html.markup import Html, el, html, name
from modelport.reports.html.output import Seen, plots, seen_of
from modelport.reports.html.page import Page
from modelport.reports.html.tables import fold, table
from modelport.reports.html.words import count, number
from modelport.reports.html.worst import worst_rows

_SHOWN = 12
"""Outputs that get plots: a model of a thousand classes has its worst ones drawn."""

_LISTED = 300
_OTHERS = 3
"""Candidates besides the farthest whose plots are folded under an output."""


def outputs(page: Page) -> Html:
    """Outputs, those that differ first."""
    found = [(output, seen_of(page.report, output)) for output in page.report.columns]
    ordered = sorted(found, key=lambda item: item[1][0].rank, reverse=True) if found else []
    shown, rest = ordered[:_SHOWN], ordered[_SHOWN:]
    told = f"The {_SHOWN} that are farthest apart of {len(ordered):,}; the others are listed below." if rest else None
    return html([el("p", told) if told else None, [_output(page, *item) for item in shown], _rest(rest)])


def _output(page: Page, output: str, seen: Sequence[Seen]) -> Html:
    worst = seen[0]
    others = [item for item in seen[1:] if item.drawable][:_OTHERS]
    inner = [
        el("h3", name(output), " ", _chip(worst)),
        _candidates(page.report, output, seen),
        plots(page, worst),
        worst_rows(page, worst),
        [fold(["Plots of ", name(item.subject)], html(made)) for item in others if (made := plots(page, item))],
    ]
    return el("article", inner, class_="card")


def _chip(worst: Seen) -> Html:
    if not worst.different:
        return el("span", "✓ agrees", class_="chip good")
    return el("span", f"✗ differs on {count(worst.different, 'row')}", class_="chip bad")


def _candidates(report: ParityReport, output: str, seen: Sequence[Seen]) -> Html:
    headings = (
        "candidate",
        "rows",
        "differ",
        "near ties",
        "missing on one side",
        "largest |d|",
        "relative",
        "floats apart",
    )
    rows = [
        (
            name(item.subject),
            f"{item.rows:,}",
            f"{item.different:,}",
            f"{item.near_ties:,}",
            f"{item.one_side:,}",
            *((number(item.max_abs), number(item.max_rel), number(item.max_ulps)) if item.number else ("–", "–", "–")),
        )
        for item in seen
    ]
    return table(headings, rows, caption=f"Candidates on {output}", right=range(1, 8))


def _rest(rest: Sequence[tuple[str, Sequence[Seen]]]) -> Html | None:
    if not rest:
        return None
    rows = [
        (name(output), name(s[0].subject), f"{s[0].different:,}", number(s[0].max_abs)) for output, s in rest[:_LISTED]
    ]
    more = f" (the first {_LISTED} of {len(rest):,})" if len(rest) > _LISTED else ""
    listed = table(
        ("output", "farthest candidate", "differ", "largest |d|"), rows, caption="Other outputs", right=(2, 3)
    )
    return fold(f"{count(len(rest), 'other output')}{more}", listed)
