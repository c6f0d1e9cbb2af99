"""Approximations of kernels, and what they refuse as scikit-learn does."""

import numpy as np
import pytest
from sklearn.kernel_approximation import AdditiveChi2Sampler, PolynomialCountSketch, RBFSampler, SkewedChi2Sampler

from modelport.errors import RuntimeFailed


@pytest.fixture
def rows():
    rows = np.random.default_rng(1).uniform(0, 5, (50, 4))
    rows[::3, 1] = 0
    rows[0] = 0
    return rows


@pytest.mark.parametrize(
    "estimator",
    [
        RBFSampler(random_state=0, n_components=20),
        RBFSampler(gamma="scale", random_state=0, n_components=5),
        SkewedChi2Sampler(skewedness=0.5, n_components=9, random_state=0),
        AdditiveChi2Sampler(),
        AdditiveChi2Sampler(sample_steps=1),
        AdditiveChi2Sampler(sample_steps=3),
        AdditiveChi2Sampler(sample_steps=4, sample_interval=0.3),
        PolynomialCountSketch(random_state=0, n_components=16),
        PolynomialCountSketch(degree=3, gamma=0.2, coef0=1.5, n_components=11, random_state=0),
        PolynomialCountSketch(degree=1, coef0=2, n_components=7, random_state=0),
    ],
    ids=repr,
)
def test_every_sampler(estimator, rows, agrees):
    agrees(estimator.fit(rows), rows)


def test_values_at_the_edge_of_the_domain(rows, agrees, boundary):
    sampler = SkewedChi2Sampler(skewedness=0.5, n_components=9, random_state=0).fit(rows)
    edge = np.full((2, 4), np.nextafter(-0.5, 0))
    session = agrees(sampler, edge)
    with pytest.raises(RuntimeFailed):
        session.run({"X": np.full((1, 4), -0.5)})
    session = agrees(AdditiveChi2Sampler().fit(rows), np.full((1, 4), 5e-324))
    with pytest.raises(RuntimeFailed):
        session.run({"X": np.full((1, 4), -5e-324)})
