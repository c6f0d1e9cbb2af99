"""What the counts prove: the observed share of differing rows, and the bound above it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from modelport.reports.html.figures.axes import powers_of_ten
from modelport.reports.html.figures.draw import Draw
from modelport.reports.html.figures.theme import ACCENT, BAD
from modelport.reports.html.markup import shortened

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@dataclass(frozen=True, slots=True)
class Share:
    """One kind of rows: the share that differs, and the largest that is still credible; both from 0 to 1."""

    name: str
    observed: float
    bound: float


def bounds(shares: Sequence[Share]) -> Draw:
    """A line for each kind of rows, on a logarithmic scale of percent."""

    def draw(axes: "Axes") -> None:
        found = [math.log10(100 * value) for share in shares for value in (share.observed, share.bound) if value > 0]
        low, high = math.floor(min(found)) - 0.6, 2.15
        for place, share in enumerate(reversed(shares)):
            _line(axes, place, share, low)
        axes.set_yticks(range(len(shares)), [shortened(share.name, 34) for share in reversed(shares)])
        axes.set(xlim=(low, high), ylim=(-0.6, len(shares) - 0.4), xlabel="share of rows that differ, in %")
        axes.grid(axis="y", visible=False)
        powers_of_ten(axes.xaxis, low, high)

    return draw


def _line(axes: "Axes", place: int, share: Share, low: float) -> None:
    colour = BAD if share.observed else ACCENT
    top = math.log10(100 * share.bound)
    start = math.log10(100 * share.observed) if share.observed else low
    axes.plot([start, top], [place, place], color=colour, linewidth=2.4, solid_capstyle="butt")
    axes.plot([top, top], [place - 0.18, place + 0.18], color=colour, linewidth=2.4)
    if share.observed:
        axes.plot([start], [place], "o", color=colour, markersize=6)
