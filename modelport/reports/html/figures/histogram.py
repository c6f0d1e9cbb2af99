"""How far apart the two sides are: rows by the size of the difference, both axes logarithmic."""

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from modelport.parity.summary import INFINITE, Counts
from modelport.reports.html.figures.axes import power_of_ten, powers_of_ten
from modelport.reports.html.figures.draw import Draw
from modelport.reports.html.figures.theme import ACCENT, BAD, INK, SOFT

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_LOG2 = math.log10(2)
WIDEST = 40
"""Bars of a plot; neighbouring powers of two are drawn together where there would be more."""


@dataclass(frozen=True, slots=True)
class Bars:
    """What a histogram shows.

    Attributes:
        counts: power of two → rows; `beyond`: those of them that count as different.
        identical: rows without a difference; `apart`: rows that are infinitely far, or missing on one side.
        label: of the horizontal axis.
        limit: a tolerance to mark; None for none.
    """

    counts: Counts
    beyond: Counts
    identical: int
    apart: int
    label: str
    limit: float | None = None


def histogram(bars: Bars) -> Draw:
    """A plot of the bars, with rows that are identical on the left and infinitely far ones on the right."""

    def draw(axes: "Axes") -> None:
        finite = {power: rows for power, rows in bars.counts.items() if power != INFINITE}
        low, high = (min(finite), max(finite)) if finite else (0, 3)
        group = max(1, math.ceil((high - low + 1) / WIDEST))
        _bars(axes, _grouped(finite, low, group), group, ACCENT)
        beyond = {power: rows for power, rows in bars.beyond.items() if power != INFINITE}
        _bars(axes, _grouped(beyond, low, group), group, BAD)
        _ends(axes, bars, low * _LOG2, (high + group) * _LOG2)
        _limit(axes, bars.limit, low * _LOG2, (high + group) * _LOG2)
        _scale(axes, max([1, bars.identical, bars.apart, *bars.counts.values()]))
        axes.set(xlabel=bars.label, ylabel="rows")
        axes.grid(axis="x", visible=False)

    return draw


def _grouped(counts: Counts, low: int, group: int) -> dict[int, int]:
    found: dict[int, int] = {}
    for power, rows in counts.items():
        start = low + (power - low) // group * group
        found[start] = found.get(start, 0) + rows
    return found


def _bars(axes: "Axes", counts: Counts, group: int, colour: str) -> None:
    if not counts:
        return
    width = group * _LOG2
    left = [power * _LOG2 for power in counts]
    axes.bar(left, [_height(rows) for rows in counts.values()], width * 0.9, align="edge", color=colour, linewidth=0)


def _height(rows: int) -> float:
    """On a logarithmic axis whose bottom is half a row, so that one row can be seen."""
    return math.log10(rows) - math.log10(0.5)


def _ends(axes: "Axes", bars: Bars, low: float, high: float) -> None:
    """The bars at both ends, off the scale."""
    room = max(1.2, 0.09 * (high - low))
    ticks: list[tuple[float, str]] = []
    for rows, at, colour, text in (
        (bars.identical, low - room, SOFT, "none"),
        (bars.apart, high + room, BAD, "∞"),
    ):
        if rows:
            axes.bar([at], [_height(rows)], room * 0.6, color=colour, alpha=0.65, linewidth=0)
            ticks.append((at, text))
    axes.set_xlim(low - (1.6 if bars.identical else 0.3) * room, high + (1.6 if bars.apart else 0.3) * room)
    powers_of_ten(axes.xaxis, low, high, 5 if len(ticks) < 2 else 4)
    own = [(float(at), text.get_text()) for at, text in zip(axes.get_xticks(), axes.get_xticklabels(), strict=True)]
    kept = [item for item in own if all(abs(item[0] - at) > room for at, _ in ticks)]
    axes.set_xticks(*map(list, zip(*sorted([*kept, *ticks]), strict=True))) if kept or ticks else None


def _limit(axes: "Axes", limit: float | None, low: float, high: float) -> None:
    if limit is None or limit <= 0:
        return
    at = math.log10(limit)
    if not low - 2 <= at <= high + 2:
        return
    left, right = axes.get_xlim()
    axes.set_xlim(min(left, at - 0.3), max(right, at + 0.3))
    axes.axvline(at, color=INK, linewidth=1, linestyle=(0, (4, 3)))
    axes.annotate(
        "tolerance", (at, 1), xycoords=("data", "axes fraction"), xytext=(3, -2), textcoords="offset points", va="top"
    )


def _scale(axes: "Axes", most: int) -> None:
    base = math.log10(0.5)
    top = math.ceil(math.log10(most)) if most > 1 else 1
    step = max(1, math.ceil((top + 1) / 5))
    ticks = list(range(0, top + 1, step))
    axes.set_yticks([tick - base for tick in ticks], [power_of_ten(tick) for tick in ticks])
    axes.set_ylim(0, (math.log10(most) - base) * 1.12)
