"""Reference against candidate: rows that agree lie on the diagonal."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from modelport.parity.floats import Array
from modelport.parity.summary import Point
from modelport.reports.html.figures.axes import plain_ticks
from modelport.reports.html.figures.draw import Draw
from modelport.reports.html.figures.theme import ACCENT, BAD, SOFT

if TYPE_CHECKING:
    from matplotlib.axes import Axes

CELLS = 220
"""Dots that would cover each other on a plot of so many dots a side are drawn once."""


def shown(points: Iterable[Point]) -> list[Point]:
    """Points that a plot can show: finite ones."""
    return [p for p in points if np.isfinite(p.reference) and np.isfinite(p.candidate)]


def scatter(points: Sequence[Point]) -> Draw:
    """A plot of points; those that count as different on top, with a shape of their own."""

    def draw(axes: "Axes") -> None:
        values = np.array([(p.reference, p.candidate) for p in points])
        bad = np.array([p.different for p in points])
        low, high = _limits(values)
        axes.plot([low, high], [low, high], color=SOFT, linewidth=0.8, linestyle=(0, (4, 3)))
        for mine, colour, marker in ((~bad, ACCENT, "dot"), (bad, BAD, "cross")):
            _dots(axes, _thinned(values[mine], low, high), colour, marker)
        axes.set(xlabel="reference", ylabel="candidate", xlim=(low, high), ylim=(low, high))
        plain_ticks(axes.xaxis, 4)
        plain_ticks(axes.yaxis, 4)

    return draw


def _limits(values: Array) -> tuple[float, float]:
    low, high = float(values.min()), float(values.max())
    margin = 0.04 * (high - low) or max(1e-12, 0.1 * abs(high)) or 1.0
    return low - margin, high + margin


def _thinned(values: Array, low: float, high: float) -> Array:
    places = np.round((values - low) / (high - low) * CELLS).astype(int)
    _, first = np.unique(places, axis=0, return_index=True)
    return values[np.sort(first)]


def _dots(axes: "Axes", values: Array, colour: str, marker: str) -> None:
    """All dots as one path, which is a tenth of the size of a mark each."""
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    if not len(values):
        return
    if marker == "cross":
        axes.plot(values[:, 0], values[:, 1], "x", color=colour, markersize=4.5, markeredgewidth=1.2)
        return
    vertices = np.repeat(values, 2, axis=0)
    codes = [Path.MOVETO, Path.LINETO] * len(values)
    axes.add_patch(
        PathPatch(Path(vertices, codes), edgecolor=colour, facecolor="none", linewidth=4.5, capstyle="round", alpha=0.7)
    )
