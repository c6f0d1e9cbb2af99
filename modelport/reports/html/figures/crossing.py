"""Both functions along one input, across a boundary."""

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from modelport.parity.crossing import Crossing
from modelport.reports.html.figures.axes import plain_ticks
from modelport.reports.html.figures.draw import Draw
from modelport.reports.html.figures.theme import BAND, INK, OTHER
from modelport.reports.html.markup import shortened

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_UNITS = ((1e12, " T"), (1e9, " G"), (1e6, " M"), (1e3, " k"))


def crossing_plot(crossing: Crossing) -> Draw:
    """Reference and candidate as lines; where they differ, the ground is tinted."""

    def draw(axes: "Axes") -> None:
        places = np.array(crossing.offsets if crossing.offsets is not None else crossing.values, float)
        levels = _levels(crossing)
        if crossing.width:
            axes.axvspan(-0.5, crossing.width - 0.5, color=BAND, linewidth=0)
        for side, colour, dash, size, name in (
            (crossing.reference, INK, "-", 5.0, "reference"),
            (crossing.candidate, OTHER, (0, (3, 2)), 2.8, "candidate"),
        ):
            heights = [_height(value, levels) for value in side]
            marks = {"marker": "o", "markersize": size} if len(places) <= 60 else {}
            axes.plot(places, heights, color=colour, linestyle=dash, linewidth=1.4, label=name, **marks)  # type: ignore[arg-type]  # as matplotlib takes them
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
        axes.set_xlabel(f"{shortened(crossing.column, 24)}, in floats from {crossing.anchor!r}")
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
