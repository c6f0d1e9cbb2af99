"""B-spline features: every degree, knots, and what lies beyond them."""

import numpy as np
import pandas as pd
import pytest
from sklearn.preprocessing import SplineTransformer

from modelport.errors import RuntimeFailed


@pytest.fixture
def rows():
    return np.random.default_rng(2).normal(0, 2, (80, 3)).round(2)


def probes(spline, boundary):
    """Every knot of every column and its neighbours, and values far beyond."""
    columns = [[*boundary(item.t), -50.0, 50.0, 0.0, -3.25] for item in spline.bsplines_]
    return np.array(columns).T


@pytest.mark.parametrize("degree", [0, 1, 2, 3, 5])
@pytest.mark.parametrize("extrapolation", ["constant", "linear", "continue", "periodic"])
@pytest.mark.parametrize("include_bias", [True, False])
def test_every_extrapolation(degree, extrapolation, include_bias, rows, agrees, boundary):
    knots = 5 if extrapolation != "periodic" else 8
    spline = SplineTransformer(knots, degree=degree, extrapolation=extrapolation, include_bias=include_bias).fit(rows)
    agrees(spline, rows)
    if degree:
        agrees(spline, probes(spline, boundary))


@pytest.mark.parametrize("knots", ["uniform", "quantile"])
def test_knots(knots, rows, agrees, boundary):
    rows[:20, 1] = 1.5  # repeated quantiles give repeated knots
    spline = SplineTransformer(6, knots=knots).fit(rows)
    agrees(spline, probes(spline, boundary))


def test_given_knots(rows, agrees, boundary):
    spline = SplineTransformer(knots=np.array([[-1, -2, -3], [0, 0.5, 1], [2, 2, 2.5]]), degree=2).fit(rows)
    agrees(spline, probes(spline, boundary))


def test_beyond_the_knots_fails_where_scikit_learn_raises(rows, agrees):
    spline = SplineTransformer(4, extrapolation="error").fit(rows)
    session = agrees(spline, rows)
    beyond = np.nextafter(rows.max(0, keepdims=True), np.inf)
    with pytest.raises(ValueError, match="beyond"):
        spline.transform(beyond)
    with pytest.raises(RuntimeFailed):
        session.run({"X": beyond})


def test_missing_values_become_zeros(rows, agrees):
    rows[::4, 0] = np.nan
    for sparse in (False, True):
        agrees(SplineTransformer(4, handle_missing="zeros", sparse_output=sparse).fit(rows), rows)


def test_names_of_a_frame(rows, agrees):
    frame = pd.DataFrame(rows, columns=["a", "b c", "ä"])
    agrees(SplineTransformer(4).fit(frame), frame)
