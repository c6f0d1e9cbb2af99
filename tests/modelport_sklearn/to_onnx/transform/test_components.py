"""Projections on fitted components."""

import numpy as np
import pytest
from sklearn.decomposition import (
    PCA,
    FactorAnalysis,
    FastICA,
    IncrementalPCA,
    MiniBatchSparsePCA,
    SparsePCA,
    TruncatedSVD,
)
from sklearn.neural_network import BernoulliRBM
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder
from sklearn.random_projection import GaussianRandomProjection, SparseRandomProjection


@pytest.fixture
def rows():
    rng = np.random.default_rng(5)
    return rng.normal(3, 2, (80, 6)) @ rng.normal(size=(6, 6))


ALL = [
    PCA(),
    PCA(3),
    PCA(3, whiten=True),
    PCA(0.9),
    PCA(2, svd_solver="randomized", random_state=0),
    IncrementalPCA(3),
    IncrementalPCA(2, whiten=True, batch_size=20),
    TruncatedSVD(3, random_state=0),
    FastICA(3, random_state=0, whiten="unit-variance"),
    FastICA(3, random_state=0, whiten="arbitrary-variance", max_iter=1000),
    FastICA(whiten=False, random_state=0, max_iter=20),
    FactorAnalysis(2),
    FactorAnalysis(2, rotation="varimax"),
    SparsePCA(3, random_state=0, max_iter=30),
    MiniBatchSparsePCA(3, random_state=0, max_iter=30),
    GaussianRandomProjection(4, random_state=0),
    SparseRandomProjection(4, random_state=0),
    SparseRandomProjection(4, random_state=0, dense_output=True),
    BernoulliRBM(5, random_state=0),
]


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
@pytest.mark.parametrize("estimator", ALL, ids=repr)
def test_every_component(estimator, rows, agrees):
    scaled = (rows - rows.min(0)) / np.ptp(rows, axis=0) if isinstance(estimator, BernoulliRBM) else rows
    agrees(estimator.fit(scaled), scaled)
    agrees(estimator, np.vstack([scaled[:3] * 0, scaled[:3] * -100, scaled[:1] + 1e6]))


def test_a_column_without_variance(rows, agrees):
    rows[:, 2] = 7.0
    agrees(PCA(whiten=True, svd_solver="covariance_eigh").fit(rows), rows)
    agrees(PCA(4, whiten=True).fit(rows), rows)


def test_sparse_input(agrees):
    rows = np.random.default_rng(0).integers(0, 4, (60, 3)).astype(float)
    agrees(make_pipeline(OneHotEncoder(), TruncatedSVD(2, random_state=0)).fit(rows), rows)
    agrees(make_pipeline(OneHotEncoder(), PCA(2, svd_solver="arpack", random_state=0)).fit(rows), rows)
