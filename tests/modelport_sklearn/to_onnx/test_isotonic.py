"""Isotonic regression on its knots, a float step either side, and beyond its ends."""

import numpy as np
import onnxruntime as ort
import pytest
from sklearn.isotonic import IsotonicRegression

from modelport.errors import CannotConvert


def data(rows):
    rng = np.random.default_rng(rows)
    x = np.sort(rng.normal(size=rows)) * 3
    return x, x + rng.normal(size=rows)


def probes(model):
    knots = model.X_thresholds_
    steps = np.r_[knots, np.nextafter(knots, np.inf), np.nextafter(knots, -np.inf)]
    middles = (knots[1:] + knots[:-1]) / 2
    beyond = [knots.min() - 1, knots.min() - 1e9, knots.max() + 1, knots.max() + 1e9]
    return np.r_[steps, middles, beyond][:, None]


@pytest.mark.parametrize("rows", [2, 30, 400, 3000])
@pytest.mark.parametrize("bounds", ["nan", "clip"])
@pytest.mark.parametrize("increasing", [True, False, "auto"])
def test_every_knot(rows, bounds, increasing, agrees):
    x, y = data(rows)
    model = IsotonicRegression(out_of_bounds=bounds, increasing=increasing).fit(x, y)
    agrees(model, probes(model))


def test_many_knots(agrees):
    x = np.cumsum(np.random.default_rng(0).random(2500))
    model = IsotonicRegression(out_of_bounds="clip").fit(x, np.sqrt(x))
    assert len(model.X_thresholds_) > 2000
    agrees(model, probes(model))


def test_one_value(agrees):
    agrees(IsotonicRegression(out_of_bounds="clip").fit([2.0, 2.0], [1.0, 3.0]), np.array([[1.0], [2.0], [9.0]]))


def test_bounds_of_y(agrees):
    x, y = data(50)
    model = IsotonicRegression(y_min=-1, y_max=1, out_of_bounds="clip").fit(x, y)
    agrees(model, probes(model))


def test_beyond_the_ends_it_fails_where_scikit_learn_does(agrees_on_file):
    x, y = data(30)
    model = IsotonicRegression(out_of_bounds="raise").fit(x, y)
    rows = np.array([[x[3]], [x.max() + 1]])
    with pytest.raises(ValueError, match="above"):
        model.predict(rows)
    with pytest.raises(ort.capi.onnxruntime_pybind11_state.InvalidArgument):
        agrees_on_file(model, rows)
    np.testing.assert_allclose(agrees_on_file(model, x[:, None])["prediction"], model.predict(x), rtol=1e-12)


def test_single_precision_is_refused(agrees):
    x, y = data(30)
    with pytest.raises(CannotConvert, match="float32"):
        agrees(IsotonicRegression().fit(x.astype(np.float32), y.astype(np.float32)), x[:, None])
