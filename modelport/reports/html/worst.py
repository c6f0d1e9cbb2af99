"""The rows that are farthest apart in an output, with their inputs."""

from collections.abc import Sequence

from modelport.parity.pieces import Witness
from modelport.reports.html.markup import Html, el, name, shortened
from modelport.reports.html.output import Seen
from modelport.reports.html.page import Page
from modelport.reports.html.tables import fold, table
from modelport.reports.html.words import cell, number

ROWS = 5
_INPUTS = 6
"""Inputs that stand in the table itself; of a wider model they are folded into one cell."""

_LISTED = 40


def worst_rows(page: Page, seen: Seen) -> Html:
    """The worst rows of all kinds; those that count as different first."""
    found = sorted(
        ((s.name, witness) for s in seen.strata for witness in s.worst.get(seen.output, ())),
        key=lambda item: (seen.output not in item[1].columns, -distance(item[1], seen.output), item[0], item[1].row),
    )[:ROWS]
    if not found or page.room <= 0:
        return Html()
    inputs = list(found[0][1].inputs)
    own = (
        [el("span", name(shortened(item, 40)), class_="in") for item in inputs]
        if len(inputs) <= _INPUTS
        else ["inputs"]
    )
    headings = ("row", "reference", "candidate", "|d|", *own)
    rows = [_row(kind, witness, seen, inputs) for kind, witness in found]
    caption = "Rows that are farthest apart"
    shown = table(headings, rows, caption=f"{caption} in {seen.output}", right=(3,))
    return page.taken(el("div", el("h4", caption), shown))


def _row(kind: str, witness: Witness, seen: Seen, inputs: Sequence[str]) -> list[object]:
    sides = witness.reference.get(seen.output), witness.candidate.get(seen.output)
    bad = seen.output in witness.columns
    second = el("span", cell(sides[1]), class_="off") if bad else cell(sides[1])
    far = number(distance(witness, seen.output)) if seen.number else "–"
    plain: list[object] = [el("span", f"{kind} {witness.row:,}", class_="where"), cell(sides[0]), second, far]
    if len(inputs) <= _INPUTS:
        return [*plain, *(cell(witness.inputs.get(item)) for item in inputs)]
    listed = [[el("dt", name(item)), el("dd", cell(witness.inputs.get(item)))] for item in inputs[:_LISTED]]
    more = el("p", f"and {len(inputs) - _LISTED:,} more: report.worst()") if len(inputs) > _LISTED else None
    return [*plain, fold(f"{len(inputs):,} inputs", [el("dl", listed, class_="inputs"), more])]


def distance(witness: Witness, output: str) -> float:
    """How far apart a row is in an output: infinitely where one side is missing; 0 for equal labels, else 1."""
    a, b = witness.reference.get(output), witness.candidate.get(output)
    if isinstance(a, float) and isinstance(b, float):
        return 0.0 if a == b or (a != a and b != b) else _apart(a, b)
    return 0.0 if a == b else (float("inf") if a is None or b is None else 1.0)


def _apart(a: float, b: float) -> float:
    found = abs(a - b)
    return found if found == found else float("inf")
