"""A parity report as one matplotlib figure: who differs on which rows, by how much, and across which boundary."""

from typing import TYPE_CHECKING, Any

from modelport.parity.report import ParityReport
from modelport.plugins import require
from modelport.reports.html.figures import theme
from modelport.reports.html.figures.crossing import crossing_plot
from modelport.reports.html.figures.draw import Draw
from modelport.reports.html.figures.histogram import histogram
from modelport.reports.html.markup import shortened
from modelport.reports.html.output import difference_bars, seen_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLOURS = {
    theme.INK: "#1b1d21",
    theme.SOFT: "#575d66",
    theme.LINE: "#e3e3df",
    theme.ACCENT: "#2b62b5",
    theme.OTHER: "#b4540a",
    theme.BAD: "#b3261e",
    theme.BAND: "#fbe5e3",
}
_PARTS = ("color", "facecolor", "edgecolor", "markeredgecolor", "markerfacecolor")
_WIDE, _HIGH = 4.6, 3.6


def overview(report: ParityReport) -> "Figure":
    """Up to three plots side by side: candidates by kinds of rows, the farthest output's differences, a boundary.

    Raises:
        MissingExtra: matplotlib is not installed.
    """
    require(("matplotlib",), "report", "a plot")
    import matplotlib
    from matplotlib.figure import Figure

    draws = [("Rows that differ", heat(report)), *_distances(report), *_crossing(report)]
    with matplotlib.rc_context(dict(theme.STYLE) | {"figure.facecolor": "white"}):
        figure = Figure(figsize=(_WIDE * len(draws), _HIGH), layout="constrained")
        for place, (title, draw) in enumerate(draws):
            axes = figure.add_subplot(1, len(draws), place + 1)
            draw(axes)
            axes.set_title(title, fontsize=12, pad=24 if axes.get_legend() else 10)
        _coloured(figure)
    return figure


def heat(report: ParityReport) -> Draw:
    """Candidates by kinds of rows, by the share that differs."""

    def draw(axes: "Axes") -> None:
        for row, pair in enumerate(report.official):
            for stratum in pair.strata:
                share = stratum.different / stratum.rows if stratum.rows else 0.0
                place = report.strata.index(stratum.name)
                _cell(axes, place, row, share, f"{stratum.different:,}\nof {stratum.rows:,}")
        names = [shortened(report.subjects[pair.second].name, 28) for pair in report.official]
        axes.set(xlim=(-0.5, max(1, len(report.strata)) - 0.5), ylim=(max(1, len(names)) - 0.5, -0.5))
        axes.set_xticks(range(len(report.strata)), report.strata)
        axes.set_yticks(range(len(names)), names)
        axes.grid(visible=False)

    return draw


def _cell(axes: "Axes", x: int, y: int, share: float, text: str) -> None:
    from matplotlib.patches import Rectangle

    colour, strength = ("#2da44e", 0.18) if not share else (theme.BAD, 0.2 + 0.35 * share)
    axes.add_patch(Rectangle((x - 0.47, y - 0.45), 0.94, 0.9, facecolor=colour, alpha=strength, linewidth=0))
    axes.text(x, y, text, ha="center", va="center", fontsize=9.5)


def _distances(report: ParityReport) -> list[tuple[str, Draw]]:
    """The output that is farthest apart, in the candidate that is."""
    numbers = [seen for output in report.columns for seen in seen_of(report, output) if seen.number and seen.drawable]
    if not numbers:
        return []
    worst = max(numbers, key=lambda seen: seen.rank)
    bars = difference_bars(worst, report.settings.tolerance(worst.output).atol)
    return [(shortened(f"{worst.output}, {worst.subject}", 44), histogram(bars))]


def _crossing(report: ParityReport) -> list[tuple[str, Draw]]:
    return [("Across a boundary", crossing_plot(report.crossing))] if report.crossing else []


def _coloured(figure: "Figure") -> None:
    """Puts colours where the page would put its variables."""
    from matplotlib.colors import to_hex

    for artist in figure.findobj():
        for part in _PARTS:
            get: Any = getattr(artist, f"get_{part}", None)
            change: Any = getattr(artist, f"set_{part}", None)
            if get is None or change is None:
                continue
            try:
                own = to_hex(get())
            except ValueError:  # several colours, or none
                continue
            if own in COLOURS:
                change(COLOURS[own])
