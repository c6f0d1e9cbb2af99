"""Both functions along one input, across a boundary."""

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from modelport.parity.crossing import Crossing
from modelport.reports.html.figures.axes import plain_ticks
from modelport.reports.html.figures.draw import Draw
from modelport.reports.html.figures.theme import BAND, INK, OTHER
from modelport.reports.html.markup import shortened

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MARKED = 60
"""Places of a plot up to which each is marked."""

REFERENCE: Mapping[str, Any] = {
    "color": INK,
    "label": "reference",
    "linewidth": 1,
    "marker": "o",
    "markeredgewidth": 1.2,
    "markerfacecolor": "none",
    "markersize": 7,
}
"""Rings, so that the candidate's dots can be seen inside them."""

CANDIDATE: Mapping[str, Any] = {
    "color": OTHER,
    "label": "candidate",
    "linestyle": (0, (3, 2)),
    "linewidth": 1.4,
    "marker": "o",
    "markersize": 3.2,
}

_UNITS = ((1e12, " T"), (1e9, " G"), (1e6, " M"), (1e3, " k"))


def crossing_plot(crossing: Crossing) -> Draw:
    """Reference and candidate as lines; where they differ, the ground is tinted."""

    def draw(axes: "Axes") -> None:
        places = np.array(crossing.offsets if crossing.offsets is not None else crossing.values, float)
        levels = _levels(crossing)
        if crossing.width:
            axes.axvspan(-0.5, crossing.width - 0.5, color=BAND, linewidth=0)
        steps = "default" if crossing.offsets is None else "steps-mid"
        marked = len(places) <= MARKED
        for side, look in ((crossing.reference, REFERENCE), (crossing.candidate, CANDIDATE)):
            heights = [_height(value, levels) for value in side]
            axes.plot(places, heights, drawstyle=steps, **{**look, **({} if marked else {"marker": ""})})
        _label(axes, crossing, levels)

    return draw


def _levels(crossing: Crossing) -> list[str] | None:
    """Labels, where the output is one; None for numbers."""
    words = [v for v in (*crossing.reference, *crossing.candidate) if isinstance(v, str)]
    return sorted(set(words)) if words else None


def _height(value: Any, levels: list[str] | None) -> float:
    if value is None:
        return math.nan
    return float(levels.index(value)) if levels is not None else float(value)


def _label(axes: "Axes", crossing: Crossing, levels: list[str] | None) -> None:
    axes.set_ylabel(shortened(crossing.output, 30))
    if crossing.offsets is None:
        axes.set_xlabel(shortened(crossing.column, 40))
        plain_ticks(axes.xaxis)
    else:
        axes.set_xlabel(f"{shortened(crossing.column, 24)}, in floats from {crossing.anchor!r}".replace("-", "−"))
        _offsets(axes)
    if levels is None:
        plain_ticks(axes.yaxis)
    else:
        axes.set_yticks(range(len(levels)), [shortened(word, 16) for word in levels])
    axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=2, handlelength=2.6, borderaxespad=0.2)
    axes.margins(y=0.12)


def _offsets(axes: "Axes") -> None:
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    axes.xaxis.set_major_locator(MaxNLocator(5, integer=True))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: _told(value)))


def _told(value: float) -> str:
    """`0`, `+4`, `−200 M`."""
    if not value:
        return "0"
    sign = "+" if value > 0 else "−"
    for size, unit in _UNITS:
        if abs(value) >= size:
            return f"{sign}{abs(value) / size:g}{unit}"
    return f"{sign}{abs(value):g}"
