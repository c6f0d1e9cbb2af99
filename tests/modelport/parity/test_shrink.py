"""A disagreement is reduced to a row in which only what it needs is unusual."""

from typing import Any

import numpy as np
from parity_fakes import columns, plus, regression

from modelport.parity.shrink import shrink


def test_only_the_inputs_that_matter_stay_unusual() -> None:
    row = {f"x{i}": 17.25 + i for i in range(12)}
    usual = dict.fromkeys(row, 1.0)
    found = shrink(row, usual, lambda r: r["x3"] > 5 and r["x7"] > 5)
    assert {name for name, value in found.items() if value != 1.0} == {"x3", "x7"}


def test_a_value_is_made_rounder_where_that_still_shows_it() -> None:
    found = shrink({"x": 17.2539871}, {"x": 1.0}, lambda r: r["x"] > 17)
    assert found["x"] in (17.3, 17.25, 17.254)
    exact = shrink({"x": 17.2539871}, {"x": 1.0}, lambda r: r["x"] == 17.2539871)
    assert exact["x"] == 17.2539871


def test_missing_text_and_nan_are_values_like_others() -> None:
    row = {"a": None, "b": "odd", "c": float("nan"), "d": -0.0}
    usual = {"a": "x", "b": "x", "c": 1.0, "d": 0.0}
    found = shrink(row, usual, lambda r: r["a"] is None and r["c"] != r["c"])
    assert found["a"] is None
    assert found["b"] == "x"
    assert np.isnan(found["c"])


def test_the_report_holds_the_smallest_row(verify: Any) -> None:
    def off(batch: Any) -> Any:
        return [plus(batch)[0] + (columns(batch)[0] > 2)]

    rng = np.random.default_rng(0)
    rows = {f"x{i}": rng.normal(size=300) for i in range(6)}
    report = verify(regression(plus, 6), regression(off, 6), rows=rows, strata=("data",))
    assert report.smallest.unusual == ("x0",)
    assert report.smallest.witness.inputs["x0"] > 2
    assert report.smallest.witness.reference != report.smallest.witness.candidate


def test_no_disagreement_has_no_smallest_row(verify: Any) -> None:
    assert verify(regression(plus), regression(plus)).smallest is None
