"""Non-negative factorisations, with both solvers, every divergence, and batches that stop early."""

import numpy as np
import pytest
from sklearn.decomposition import NMF, MiniBatchNMF
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder

from modelport.errors import CannotConvert, RuntimeFailed

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")


@pytest.fixture
def rows():
    rng = np.random.default_rng(0)
    return rng.gamma(2, 1, (50, 3)) @ rng.gamma(1, 1, (3, 6)) + rng.gamma(1, 0.1, (50, 6))


@pytest.mark.parametrize("options", [{}, {"alpha_W": 0.1, "l1_ratio": 0.5}, {"tol": 1e-12, "max_iter": 40}], ids=repr)
def test_coordinate_descent(options, rows, agrees):
    factors = NMF(3, init="nndsvda", random_state=0, **options).fit(rows)
    agrees(factors, rows)
    agrees(factors, rows[:1])
    agrees(factors, np.vstack([rows[:3] * 0, rows[:2]]))
    agrees(factors, rows[:3] * 0)


@pytest.mark.parametrize("loss", ["frobenius", "kullback-leibler", "itakura-saito", 0.5, 1.5, 3.0, -1.0])
@pytest.mark.parametrize("options", [{}, {"alpha_W": 0.01, "l1_ratio": 0.3}, {"tol": 0, "max_iter": 15}], ids=repr)
def test_multiplicative_updates(loss, options, rows, agrees):
    factors = NMF(3, solver="mu", beta_loss=loss, init="random", random_state=0, **options).fit(rows)
    agrees(factors, rows)
    agrees(factors, rows[:2])


@pytest.mark.parametrize("loss", ["frobenius", "kullback-leibler", "itakura-saito", 1.5])
def test_mini_batches(loss, rows, agrees):
    factors = MiniBatchNMF(3, beta_loss=loss, init="random", random_state=0, batch_size=16).fit(rows)
    agrees(factors, rows)
    agrees(factors, rows[3:5])


def test_sparse_input(agrees):
    rows = np.random.default_rng(0).integers(0, 4, (60, 2)).astype(float)
    agrees(make_pipeline(OneHotEncoder(), NMF(2, init="nndsvda", random_state=0)).fit(rows), rows)


def test_negative_values_fail_where_scikit_learn_raises(rows, agrees):
    session = agrees(NMF(2, init="nndsvda").fit(rows), rows)
    with pytest.raises(RuntimeFailed):
        session.run({"X": -rows})


def test_a_random_order_is_refused(rows, agrees):
    with pytest.raises(CannotConvert, match="random order"):
        agrees(NMF(2, shuffle=True, init="nndsvda").fit(rows), rows)
