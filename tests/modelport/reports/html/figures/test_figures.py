"""Plots: what they count, what they leave out, and that names inside cannot meet."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from matplotlib.figure import Figure

from modelport.parity.crossing import Crossing
from modelport.parity.summary import INFINITE, Point
from modelport.reports.html.figures.axes import power_of_ten
from modelport.reports.html.figures.bounds import Share, bounds
from modelport.reports.html.figures.crossing import crossing_plot
from modelport.reports.html.figures.draw import Draw, svg
from modelport.reports.html.figures.histogram import WIDEST, Bars, histogram
from modelport.reports.html.figures.scatter import scatter, shown
from modelport.reports.html.figures.theme import VARIABLES


def drawn(draw: Draw) -> Any:
    axes = Figure().subplots()
    draw(axes)
    return axes


def rows_of(bar: Any) -> float:
    """Bars stand on half a row, on a logarithmic scale."""
    return float(0.5 * 10 ** bar.get_height())


def test_bars_have_the_height_of_their_rows() -> None:
    axes = drawn(histogram(Bars({-10: 8, -3: 1, INFINITE: 2}, {-3: 1}, 1000, 2, "d", 1e-2)))
    assert sorted(round(rows_of(bar), 6) for bar in axes.patches) == [1, 1, 2, 8, 1000]
    ends = [label.get_text() for label in axes.get_xticklabels()]
    assert (ends[0], ends[-1]) == ("none", "∞")


def test_many_powers_are_drawn_together_and_none_is_lost() -> None:
    counts = dict.fromkeys(range(-900, 900), 1)
    axes = drawn(histogram(Bars(counts, {}, 0, 0, "d")))
    assert len(axes.patches) <= WIDEST
    assert sum(rows_of(bar) for bar in axes.patches) == pytest.approx(1800)


@pytest.mark.parametrize("limit", [0.0, 1e-300, 1e9, None])
def test_a_tolerance_far_off_is_not_marked(limit: float | None) -> None:
    assert not drawn(histogram(Bars({-10: 8}, {}, 0, 0, "d", limit))).lines


def test_dots_that_cover_each_other_are_drawn_once_and_infinite_ones_not_at_all() -> None:
    points = [Point(0.0, 0.0, False), Point(1.0, 1.0, False), *[Point(0.5, 0.5, False)] * 5000, Point(0.5, 0.0, True)]
    axes = drawn(scatter(shown([*points, Point(float("inf"), 1.0, True)])))
    (path,) = [patch.get_path() for patch in axes.patches]
    assert len(path.vertices) == 2 * 3
    assert axes.lines[-1].get_xydata().tolist() == [[0.5, 0.0]]


def crossing(**more: Any) -> Crossing:
    plain: dict[str, Any] = {"subject": "s", "output": "$y$", "column": "x<1>", "inputs": {}, "anchor": 1.0}
    sides = {"values": (1.0, 2.0, 3.0), "reference": (0.0, 1.0, 1.0), "candidate": (0.0, 0.0, 1.0)}
    return Crossing(**(plain | sides | {"offsets": (-1, 0, 1), "width": 1, "low": 1.0, "high": 1.0} | more))


def test_a_crossing_shows_both_sides_and_tints_the_disagreement() -> None:
    axes = drawn(crossing_plot(crossing()))
    assert [line.get_ydata().tolist() for line in axes.lines] == [[0, 1, 1], [0, 0, 1]]
    assert len(axes.patches) == 1
    assert not drawn(crossing_plot(crossing(width=0))).patches


def test_a_crossing_of_labels_has_a_line_for_each_and_gaps_where_rows_were_refused() -> None:
    axes = drawn(crossing_plot(crossing(reference=("a", "b", None), candidate=("a", "a", "b"))))
    assert [label.get_text() for label in axes.get_yticklabels()] == ["a", "b"]
    assert axes.lines[0].get_ydata().tolist()[:2] == [0, 1]
    assert axes.lines[0].get_ydata()[2] != axes.lines[0].get_ydata()[2]


def test_bounds_end_where_they_are() -> None:
    axes = drawn(bounds([Share("data", 0.0, 0.001), Share("random", 0.5, 0.6)]))
    assert [label.get_text() for label in axes.get_yticklabels()] == ["random", "data"]
    random, tick, dot, data, _ = (line.get_xdata() for line in axes.lines)
    assert max(random) == tick[0] == pytest.approx(1.7782, abs=1e-4)  # 60 %
    assert dot[0] == pytest.approx(1.69897, abs=1e-5)  # 50 %
    assert max(data) == pytest.approx(-1)  # 0.1 %


DRAWS: list[Callable[[], Draw]] = [
    lambda: scatter([Point(0.0, 1.0, True), Point(1.0, 1.0, False)]),
    lambda: histogram(Bars({-10: 8}, {}, 3, 0, "d", 1e-3)),
    lambda: crossing_plot(crossing()),
    lambda: bounds([Share("</svg><script>", 0.0, 0.001)]),
]


@pytest.mark.parametrize("make", DRAWS)
def test_an_svg_takes_its_colours_from_the_page_and_shares_no_name(make: Callable[[], Draw]) -> None:
    one, two = (svg(make(), width=300, height=200, title="a <title>", number=i) for i in (1, 2))
    assert not [colour for colour in VARIABLES if colour in one]
    assert "var(--" in one
    ids = [set(re.findall(r' id="([^"]+)"', text)) for text in (one, two)]
    assert not ids[0] & ids[1]
    assert one == svg(make(), width=300, height=200, title="a <title>", number=1)
    assert '<title id="p1-title">a &lt;title&gt;</title>' in one
    assert "<script" not in one
    assert "metadata" not in one
    assert "$y$" in one or "crossing" not in str(make)


def test_powers_of_ten() -> None:
    assert [power_of_ten(p) for p in (-9, -1, 0, 3, 4)] == ["10⁻⁹", "0.1", "1", "1000", "10⁴"]
