"""Sparse codes over a dictionary."""

import numpy as np
import pytest
from sklearn.decomposition import DictionaryLearning, MiniBatchDictionaryLearning, SparseCoder

from modelport.errors import CannotConvert

pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning", "ignore::sklearn.exceptions.ConvergenceWarning")


@pytest.fixture
def rows():
    return np.random.default_rng(0).normal(size=(40, 8))


@pytest.fixture
def atoms():
    atoms = np.random.default_rng(1).normal(size=(12, 8))
    return atoms / np.linalg.norm(atoms, axis=1, keepdims=True)


@pytest.mark.parametrize("count", [None, 1, 3, 6, 8])
@pytest.mark.parametrize("split", [True, False])
def test_matching_pursuit(count, split, rows, atoms, agrees):
    coder = SparseCoder(atoms, transform_algorithm="omp", transform_n_nonzero_coefs=count, split_sign=split).fit(rows)
    agrees(coder, rows)
    exact = np.vstack([atoms[:3], atoms[:2] * 0, atoms[:2] + atoms[5:7], rows[:1] * 1e-9])
    agrees(coder, exact)


def test_equal_atoms(rows, atoms, agrees):
    doubled = np.vstack([atoms[:3], atoms[:3]])
    agrees(SparseCoder(doubled, transform_n_nonzero_coefs=5).fit(rows), rows)


@pytest.mark.parametrize("alpha", [None, 0.0, 0.3])
@pytest.mark.parametrize("positive", [True, False])
def test_threshold(alpha, positive, rows, atoms, agrees):
    coder = SparseCoder(atoms, transform_algorithm="threshold", transform_alpha=alpha, positive_code=positive)
    agrees(coder.fit(rows), rows)


@pytest.mark.parametrize("kind", [DictionaryLearning, MiniBatchDictionaryLearning])
def test_learned_dictionaries(kind, rows, agrees):
    agrees(kind(5, random_state=0, max_iter=3).fit(rows), rows)
    agrees(kind(5, random_state=0, max_iter=3, transform_algorithm="threshold", alpha=0.2).fit(rows), rows)


def test_many_atoms(rows, agrees):
    atoms = np.random.default_rng(1).normal(size=(70, 8))
    agrees(SparseCoder(atoms, transform_n_nonzero_coefs=4).fit(rows), rows)


@pytest.mark.parametrize("algorithm", ["lasso_cd", "lasso_lars", "lars"])
def test_paths_are_refused(algorithm, rows, atoms, agrees):
    with pytest.raises(CannotConvert, match="transform_algorithm"):
        agrees(SparseCoder(atoms, transform_algorithm=algorithm).fit(rows), rows)
