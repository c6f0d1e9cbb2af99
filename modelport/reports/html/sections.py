"""The sections of the page, in their order. A section that has nothing to say gives nothing, and does not appear."""

from collections.abc import Callable
from dataclasses import dataclass

from modelport.reports.html.boundary import boundary
from modelport.reports.html.bounds import bounds
from modelport.reports.html.failures import failures
from modelport.reports.html.markup import Html
from modelport.reports.html.matrix import matrix
from modelport.reports.html.outputs import outputs
from modelport.reports.html.page import Page
from modelport.reports.html.pipeline import pipeline
from modelport.reports.html.remarks import remarks
from modelport.reports.html.repeat import repeat
from modelport.reports.html.smallest import smallest


@dataclass(frozen=True, slots=True)
class Section:
    """A section: its anchor, its heading, and what makes it."""

    id: str
    title: str
    render: Callable[[Page], Html]


SECTIONS: tuple[Section, ...] = (
    Section("failures", "Why it does not hold", failures),
    Section("row", "A row that shows it", smallest),
    Section("boundary", "Across a boundary", boundary),
    Section("steps", "Step by step", pipeline),
    Section("matrix", "Every model in every runtime", matrix),
    Section("outputs", "Output by output", outputs),
    Section("bounds", "What this proves", bounds),
    Section("remarks", "Remarks", remarks),
    Section("repeat", "How to repeat it", repeat),
)
