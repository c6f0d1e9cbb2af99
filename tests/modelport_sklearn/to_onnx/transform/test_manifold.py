"""Embeddings of new rows."""

import numpy as np
import pytest
from sklearn.manifold import Isomap, LocallyLinearEmbedding

from modelport.errors import RuntimeFailed


@pytest.fixture
def rows():
    return np.random.default_rng(3).normal(size=(90, 3))


@pytest.mark.parametrize(
    "estimator",
    [
        Isomap(),
        Isomap(n_neighbors=8, n_components=3, metric="manhattan"),
        Isomap(neighbors_algorithm="brute"),
        Isomap(n_neighbors=None, radius=1.7),
    ],
    ids=repr,
)
@pytest.mark.filterwarnings("ignore::UserWarning")
def test_isomap(estimator, rows, agrees):
    agrees(estimator.fit(rows), rows + np.random.default_rng(4).normal(size=rows.shape) * 0.05)


def test_a_row_without_neighbours_fails(rows, agrees):
    session = agrees(Isomap(n_neighbors=None, radius=1.7).fit(rows), rows)
    with pytest.raises(RuntimeFailed):
        session.run({"X": np.full((1, 3), 1e3)})


@pytest.mark.parametrize("method", ["standard", "modified", "hessian", "ltsa"])
def test_locally_linear(method, rows, agrees):
    embedding = LocallyLinearEmbedding(n_neighbors=8, method=method, random_state=0, eigen_solver="dense").fit(rows)
    agrees(embedding, rows)
    agrees(embedding, np.random.default_rng(4).normal(size=(40, 3)) * 3)
