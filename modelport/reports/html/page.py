"""The page as its sections see it: the report, what to say beside it, and how much room for plots is left."""

from dataclasses import dataclass, field

from modelport.parity.report import ParityReport
from modelport.reports.html.figures.draw import Draw, svg
from modelport.reports.html.markup import Html, el

ROOM = 1_300_000
"""Characters of plots and rows that a page holds; what comes later is told in figures only."""


@dataclass(slots=True)
class Page:
    """What sections are made from.

    Attributes:
        report: the evidence.
        command: how to repeat it, where it came from a command.
        when: a date to show; None for none.
        room: characters left for plots and rows.
        plots: how many there are.
    """

    report: ParityReport
    command: str | None = None
    when: str | None = None
    room: int = ROOM
    plots: int = field(default=0, init=False)

    def figure(self, draw: Draw, title: str, caption: object, numbers: Html | None, *, size: tuple[int, int]) -> Html:
        """A plot with its caption, and the same as a table behind a fold; nothing if there is no room left.

        Args:
            title: what a screen reader says of the plot.
            numbers: the table.
            size: width and height in CSS pixels.
        """
        if self.room <= 0:
            return Html()
        self.plots += 1
        drawn = svg(draw, width=size[0], height=size[1], title=title, number=self.plots)
        fold = el("details", el("summary", "As a table"), numbers) if numbers else None
        return self.taken(el("figure", drawn, el("figcaption", caption), fold, tabindex=0, aria_label=title))

    def taken(self, inner: Html) -> Html:
        """Something that takes of the room."""
        self.room -= len(inner)
        return inner
