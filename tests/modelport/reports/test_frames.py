"""A report as pandas sees it."""

import math

import numpy as np
import pandas as pd
import pytest

import modelport as mp
from modelport.parity import ParityReport, Settings
from modelport.parity.pieces import Witness
from modelport.reports.frames import WORST, difference

SETTINGS = Settings(rows=100, boundary_rows=100, proof=False, strata=("data", "random"))


@pytest.fixture(scope="module")
def report() -> ParityReport:
    """Two linear models a millionth apart; one of their inputs is called as a column of the frame is."""
    from sklearn.linear_model import LinearRegression

    rows = pd.DataFrame({"row": np.linspace(-1, 1, 50), "x": np.linspace(0, 9, 50) ** 2})
    first = LinearRegression().fit(rows, rows["row"] + rows["x"])
    second = LinearRegression().fit(rows, rows["row"] + rows["x"])
    second.coef_ = second.coef_ + np.array([0.0, 1e-6])
    return mp.verify(first, second, data=rows, settings=SETTINGS)


def test_a_row_for_each_kind_and_output(report: ParityReport) -> None:
    frame = report.to_pandas()
    assert list(frame["kind"]) == ["data", "random"]
    assert list(frame["output"]) == ["prediction", "prediction"]
    assert frame.loc[0, "rows"] == 50
    assert frame.loc[0, "different"] == 49  # of the 50, only x = 0 is not moved
    assert frame.loc[0, "max_abs"] == pytest.approx(81e-6)
    assert 0.9 < frame.loc[0, "bound"] <= 1


def test_worst_rows_come_with_their_inputs(report: ParityReport) -> None:
    frame = report.worst(3)
    assert len(frame) == 3
    assert list(frame.columns) == [*WORST, "input.row", "x"]
    assert list(frame["difference"]) == sorted(frame["difference"], reverse=True)
    whole = report.worst(100)
    own = whole[whole["kind"] == "data"].iloc[0]
    assert (own["row"], own["x"]) == (49, 81.0)
    assert own["differs"]
    assert own["candidate_value"] - own["reference_value"] == pytest.approx(81e-6)


def test_a_report_that_was_read_back_still_has_its_witnesses(report: ParityReport) -> None:
    frame = ParityReport.from_json(report.to_json()).worst()
    assert frame.iloc[0]["difference"] == pytest.approx(report.worst().iloc[0]["difference"])


def test_a_report_of_nothing_is_an_empty_frame() -> None:
    assert ParityReport(()).to_pandas().empty
    assert list(ParityReport(()).worst().columns) == list(WORST)


@pytest.mark.parametrize(
    ("first", "second", "apart"),
    [
        (1.0, 1.5, 0.5),
        (math.nan, math.nan, 0.0),
        (None, None, 0.0),
        (None, 1.0, math.inf),
        (math.nan, 1.0, math.inf),
        (math.inf, -math.inf, math.inf),
        ("a", "a", 0.0),
        ("a", "b", math.nan),
    ],
)
def test_difference(first: object, second: object, apart: float) -> None:
    witness = Witness(0, {}, {"y": first}, {"y": second}, ())
    assert difference(witness, "y") == pytest.approx(apart, nan_ok=True)
