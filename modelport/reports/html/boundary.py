"""Both functions across a boundary."""

from modelport.parity.crossing import Crossing
from modelport.reports.html.figures.crossing import crossing_plot
from modelport.reports.html.markup import Html, el, name
from modelport.reports.html.page import Page
from modelport.reports.html.tables import table
from modelport.reports.html.words import cell


def boundary(page: Page) -> Html:
    """The plot, and what it shows in a sentence."""
    crossing = page.report.crossing
    if crossing is None:
        return Html()
    title = f"Reference and candidate along {crossing.column}: {crossing}"
    plot = page.figure(crossing_plot(crossing), title, _caption(crossing), _numbers(crossing), size=(390, 250))
    return el("div", el("p", _told(crossing)), plot, class_="wide")


def _told(crossing: Crossing) -> list[object]:
    subject, output, column = name(crossing.subject), name(crossing.output), name(crossing.column)
    if crossing.width is None:
        return [output, " differs in ", subject, " all along ", column, ": it is no matter of a boundary."]
    if not crossing.width:
        return [
            "Where ",
            column,
            " crosses a boundary, ",
            output,
            " jumps between the same two floats in ",
            subject,
            ".",
        ]
    ends = (
        [" from ", cell(crossing.low), " to ", cell(crossing.high)]
        if crossing.width > 1
        else [" at ", cell(crossing.low)]
    )
    many = "one value" if crossing.width == 1 else f"{crossing.width:,} neighbouring values"
    return [output, " differs in ", subject, f" on {many} of ", column, ",", *ends, "."]


def _caption(crossing: Crossing) -> str:
    if crossing.offsets is None:
        return "Both functions over the range of one input, all others held."
    return "Both functions along one input, all others held. One step is one floating-point number."


def _numbers(crossing: Crossing) -> Html:
    rows = zip(crossing.values, crossing.reference, crossing.candidate, strict=True)
    shown = [(cell(value), cell(first), cell(second)) for value, first, second in rows]
    return table((name(crossing.column), "reference", "candidate"), shown, caption="Both functions along the input")
