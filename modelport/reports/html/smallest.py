"""One row that shows the disagreement: what is unusual about it, and both answers."""

from collections.abc import Sequence

from modelport.parity.pieces import Witness
from modelport.reports.html.markup import Html, el, html, name
from modelport.reports.html.page import Page
from modelport.reports.html.tables import fold, table
from modelport.reports.html.words import cell

_SHOWN = 8


def smallest(page: Page) -> Html:
    """The reduced row; the first row that differs where none was reduced."""
    report = page.report
    if report.smallest is not None:
        found = report.smallest
        where = f"Reduced from the {found.stratum} rows, in "
        told = [where, name(found.subject), ". ", _usual(found.witness, found.unusual)]
        return html([el("p", told), _row(found.witness, found.unusual)])
    for pair in report.official:
        for stratum in pair.strata:
            if stratum.witnesses:
                first = stratum.witnesses[0]
                subject = name(report.subjects[pair.second].name)
                return html(
                    [el("p", f"Row {first.row:,} of the {stratum.name} rows, in ", subject, "."), _row(first, ())]
                )
    return Html()


def _usual(witness: Witness, unusual: Sequence[str]) -> str:
    rest = len(witness.inputs) - len(unusual)
    if not unusual:
        return "Every input is at its usual value."
    if not rest:
        return "Every input matters."
    return f"{'The inputs marked matter' if len(unusual) > 1 else 'The input marked matters'}; all others are usual."


def _row(witness: Witness, unusual: Sequence[str]) -> Html:
    names = [*unusual, *(item for item in witness.inputs if item not in unusual)]
    rows = [_input(item, witness, item in unusual) for item in names]
    inputs = table(("input", "value"), rows[:_SHOWN], caption="Inputs of the row")
    more = None
    if len(rows) > _SHOWN:
        rest = table(("input", "value"), rows[_SHOWN:200], caption="Other inputs of the row")
        more = fold(f"{len(rows) - _SHOWN:,} more inputs", rest)
    return el("div", el("div", inputs, more), _answers(witness), class_="pair card")


def _input(item: str, witness: Witness, marked: bool) -> tuple[object, object]:
    shown = cell(witness.inputs[item])
    return name(item), el("mark", shown) if marked else shown


def _answers(witness: Witness) -> Html:
    differ = [item for item in witness.reference if item in witness.columns] or list(witness.reference)
    rows = [
        (name(item), cell(witness.reference.get(item)), el("span", cell(witness.candidate.get(item)), class_="off"))
        for item in differ[:_SHOWN]
    ]
    return table(("output", "reference", "candidate"), rows, caption="Both answers")
