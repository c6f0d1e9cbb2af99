"""Links against SciPy, over their whole range."""

import numpy as np
from scipy import special

from modelport_onnx.blocks import links

X = np.r_[np.linspace(-740, 740, 4001), np.random.default_rng(0).normal(size=2000), 0.0, -0.0][:, None]


def test_expit_keeps_the_relative_size_of_tiny_values(run):
    with np.errstate(over="ignore"):
        got, want = run(links.expit, X), special.expit(X)
    assert want[want > 0].min() < 1e-300
    np.testing.assert_allclose(got, want, rtol=5e-16 * 8, atol=1e-307)


def test_sigmoid_is_within_a_rounding_of_one(run):
    np.testing.assert_allclose(run(links.sigmoid, X), special.expit(X), rtol=0, atol=3e-16)


def test_softmax(run):
    rows = np.random.default_rng(1).normal(size=(50, 4)) * [1, 10, 300, 1000]
    np.testing.assert_allclose(run(links.softmax, rows), special.softmax(rows, axis=1), atol=1e-15)


def test_two_sides_sum_to_one(run):
    assert run(links.two_sided, np.array([[0.25], [1.0]])).tolist() == [[0.75, 0.25], [0.0, 1.0]]


def test_rows_without_any_share_become_uniform(run):
    rows = np.array([[1.0, 3.0], [0.0, 0.0], [1e-300, 3e-300]])
    assert run(lambda x: links.normalised(x, 2), rows).tolist() == [[0.25, 0.75], [0.5, 0.5], [0.25, 0.75]]


def test_softplus(run):
    np.testing.assert_allclose(run(links.softplus, X), np.logaddexp(0, X), rtol=1e-14, atol=1e-307)
