"""The reference's steps as a flow from left to right, the first one that differs marked."""

from collections.abc import Mapping, Sequence

from modelport.parity.steps import Blame, Step
from modelport.reports.html.markup import Html, el, html, name
from modelport.reports.html.page import Page
from modelport.reports.html.words import count

_MOST = 60


def pipeline(page: Page) -> Html:
    """Steps in columns: those of a column work side by side on what the columns before give."""
    report = page.report
    steps = report.pipeline[:_MOST]
    if len(steps) < 2:
        return Html()
    blamed: dict[str, list[Blame]] = {}
    for blame in report.blame:
        blamed.setdefault(blame.step, []).append(blame)
    levels = _levels(steps)
    columns = [[step for step in steps if levels[step.path] == level] for level in range(max(levels.values()) + 1)]
    flow = el(
        "ol", [el("li", el("ul", [_step(s, blamed) for s in column])) for column in columns if column], class_="flow"
    )
    left = f" The first {_MOST} of {len(report.pipeline)} are shown." if len(report.pipeline) > _MOST else ""
    return html([el("p", _told(report.blame), left), flow])


def _told(blames: Sequence[Blame]) -> str:
    if not blames:
        return "The steps of the reference, in the order they are computed."
    return "The steps of the reference. The one marked is the first whose values the candidate does not have."


def _levels(steps: Sequence[Step]) -> Mapping[str, int]:
    """How many steps lie before each, at most; a step that names no inputs follows the one before it."""
    levels: dict[str, int] = {}
    for step in steps:
        known = [levels[path] for path in step.inputs if path in levels]
        levels[step.path] = max(known) + 1 if known else 0
    if not any(step.inputs for step in steps):
        return {step.path: place for place, step in enumerate(steps)}
    return levels


def _step(step: Step, blamed: Mapping[str, Sequence[Blame]]) -> Html:
    *path, own = step.path.split(" › ")
    if path and path[-1] == own.lower():  # as make_pipeline calls it
        path.pop()
    found = blamed.get(step.path, ())
    inner = [
        el("span", name(" › ".join(path)), class_="path") if path else None,
        el("strong", name(own)),
        el("span", count(step.columns, "column"), class_="path") if step.columns else None,
        [_blame(item) for item in found],
    ]
    return el("li", inner, class_="step off" if found else "step")


def _blame(blame: Blame) -> Html:
    shown = ", ".join(blame.columns[:5]) + (" …" if len(blame.columns) > 5 else "")
    where = [" in ", name(shown)] if shown else None
    return el("span", "✗ differs first", where, ", for ", name(blame.subject), class_="blame")
