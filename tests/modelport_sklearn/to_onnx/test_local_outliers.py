"""Local outlier factor, and the reason it may have no answer."""

import numpy as np
import pytest
from sklearn.neighbors import LocalOutlierFactor

from modelport.errors import CannotConvert

X = np.random.default_rng(9).normal(size=(200, 3))


@pytest.mark.parametrize("algorithm", ["kd_tree", "ball_tree", "brute"])
@pytest.mark.parametrize("metric", ["euclidean", "manhattan"])
def test_new_rows(algorithm, metric, agrees):
    model = LocalOutlierFactor(novelty=True, algorithm=algorithm, metric=metric, contamination=0.1).fit(X[:150])
    agrees(model, np.r_[X[150:], X[150:] * 4])


def test_equal_rows(agrees):
    agrees(LocalOutlierFactor(5, novelty=True).fit(np.repeat(X[:20], 10, axis=0)), X)


def test_without_novelty_it_is_refused(agrees):
    with pytest.raises(CannotConvert, match="novelty"):
        agrees(LocalOutlierFactor().fit(X), X)
