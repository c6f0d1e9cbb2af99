"""QuantileTransformer, on every quantile and one step beside it, with repeated quantiles and missing values."""

import numpy as np
import pytest
from scipy import stats
from sklearn.preprocessing import QuantileTransformer


@pytest.fixture
def rows():
    rows = np.random.default_rng(2).normal(0, 2, (150, 3))
    rows[:, 1] = rows[:, 1].round(0)
    rows[:, 2] = np.exp(rows[:, 2] * 5)
    return rows


def on_quantiles(transformer, boundary):
    return np.array([[*boundary(column), -1e9, 1e9] for column in transformer.quantiles_.T]).T


@pytest.mark.parametrize("output", ["uniform", "normal"])
@pytest.mark.parametrize("count", [2, 10, 100])
def test_every_quantile(output, count, rows, agrees, boundary):
    transformer = QuantileTransformer(n_quantiles=count, output_distribution=output).fit(rows)
    agrees(transformer, rows)
    agrees(transformer, on_quantiles(transformer, boundary))


@pytest.mark.parametrize("output", ["uniform", "normal"])
def test_bounds(output, rows, agrees, boundary):
    """With a normal output, whatever is within 1e-7 of the ends is an end."""
    transformer = QuantileTransformer(n_quantiles=20, output_distribution=output).fit(rows)
    ends = np.array(
        [boundary([q[0] + 1e-7, q[0] - 1e-7, q[-1] - 1e-7, q[-1] + 1e-7]) for q in transformer.quantiles_.T]
    )
    agrees(transformer, ends.T)


def test_missing_values_stay(rows, agrees):
    rows[::7, 0] = np.nan
    for output in ("uniform", "normal"):
        agrees(QuantileTransformer(n_quantiles=30, output_distribution=output).fit(rows), rows)


def test_a_column_without_variance(rows, agrees, boundary):
    rows[:, 1] = 3.0
    for output in ("uniform", "normal"):
        transformer = QuantileTransformer(n_quantiles=30, output_distribution=output).fit(rows)
        agrees(transformer, np.array([boundary([3.0])] * 3).T)


def test_conversion_takes_no_minute(rows, agrees):
    """A public converter takes a minute with the default of 1000 quantiles."""
    import time

    rows = np.random.default_rng(0).normal(size=(1200, 20))
    transformer = QuantileTransformer().fit(rows)
    started = time.perf_counter()
    agrees(transformer, rows[:50])
    assert time.perf_counter() - started < 10


def test_the_inverse_of_the_normal_distribution():
    import onnxruntime as ort
    import spox
    from spox import Tensor, argument

    from modelport_onnx.blocks.normal import quantile

    p = argument(Tensor(np.float64, ("N",)))
    session = ort.InferenceSession(spox.build({"p": p}, {"x": quantile(p)}).SerializeToString())
    at = np.concatenate(
        [np.linspace(1e-7, 1 - 1e-7, 4001), 10.0 ** -np.arange(1, 300.0), 1 - 10.0 ** -np.arange(1, 16.0)]
    )
    got = session.run(None, {"p": at})[0]
    want = stats.norm.ppf(at)
    assert np.max(np.abs(got - want) / np.maximum(1, np.abs(want))) < 1e-14
