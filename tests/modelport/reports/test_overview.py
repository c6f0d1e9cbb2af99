"""The figure of a report: what is drawn, and in which colours."""

import numpy as np
import pytest

import modelport as mp
from modelport.errors import MissingExtra
from modelport.parity import ParityReport, Settings
from modelport.reports.html.figures.theme import VARIABLES
from modelport.reports.overview import COLOURS


@pytest.fixture(scope="module")
def report() -> ParityReport:
    from sklearn.tree import DecisionTreeRegressor

    x = np.random.default_rng(0).normal(size=(80, 2))
    first = DecisionTreeRegressor(max_depth=3).fit(x, x[:, 0])
    second = DecisionTreeRegressor(max_depth=2).fit(x, x[:, 0])
    return mp.verify(first, second, x, settings=Settings(rows=100, boundary_rows=100, proof=False))


def test_three_plots_without_a_display(report: ParityReport) -> None:
    figure = report.plot()
    assert len(figure.axes) == 3
    heat, distances, crossing = figure.axes
    assert [label.get_text() for label in heat.get_xticklabels()] == ["data", "random", "boundary", "special"]
    stratum = report.official[0].strata[0]
    assert f"{stratum.different:,}\nof {stratum.rows:,}" in [text.get_text() for text in heat.texts]
    assert len(distances.patches) >= 1
    assert [line.get_label() for line in crossing.lines] == ["reference", "candidate"]
    figure.canvas.draw()


def test_no_stand_in_colour_is_left(report: ParityReport) -> None:
    from matplotlib.colors import to_hex
    from matplotlib.lines import Line2D

    assert set(COLOURS) == set(VARIABLES)
    for line in report.plot().findobj(Line2D):
        assert isinstance(line, Line2D)
        assert to_hex(line.get_color()) not in VARIABLES


def test_without_matplotlib_the_way_out_is_told(report: ParityReport, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("modelport.plugins.find_spec", lambda name: None)
    with pytest.raises(MissingExtra):
        report.plot()
