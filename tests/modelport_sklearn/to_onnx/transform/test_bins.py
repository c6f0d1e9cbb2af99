"""KBinsDiscretizer, on every edge and one step beside it."""

import numpy as np
import pytest
from sklearn.preprocessing import KBinsDiscretizer


@pytest.fixture
def rows():
    rows = np.random.default_rng(2).normal(0, 2, (100, 3))
    rows[:, 1] = rows[:, 1].round(0)
    rows[:, 2] *= 1e-3
    return rows


def on_edges(binner, boundary):
    columns = [boundary(edges) for edges in binner.bin_edges_]
    longest = max(map(len, columns))
    return np.array([(column * longest)[:longest] for column in columns]).T


@pytest.mark.filterwarnings("ignore:Bins whose width")
@pytest.mark.parametrize("encode", ["onehot", "onehot-dense", "ordinal"])
@pytest.mark.parametrize("strategy", ["uniform", "quantile", "kmeans"])
@pytest.mark.parametrize("dtype", [None, np.float32, np.float64])
def test_every_edge(encode, strategy, dtype, rows, agrees, boundary):
    """A public converter puts rows on an edge into the wrong bin."""
    binner = KBinsDiscretizer([4, 7, 40], encode=encode, strategy=strategy, dtype=dtype, random_state=0)
    binner.set_params(quantile_method="linear") if strategy == "quantile" else None
    agrees(binner.fit(rows), rows)
    agrees(binner, on_edges(binner, boundary))


@pytest.mark.filterwarnings("ignore:Feature 1 is constant")
def test_a_column_without_variance(rows, agrees):
    rows[:, 1] = 3.0
    agrees(KBinsDiscretizer(3, quantile_method="linear").fit(rows), rows)
