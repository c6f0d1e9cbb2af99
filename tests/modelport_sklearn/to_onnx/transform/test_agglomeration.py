"""FeatureAgglomeration with every pooling function that is known."""

import numpy as np
import pytest
from sklearn.cluster import FeatureAgglomeration

from modelport.errors import CannotConvert


@pytest.mark.parametrize("pooling", [np.mean, np.max, np.min, np.sum, np.median])
def test_pooling(pooling, agrees):
    rows = np.random.default_rng(3).normal(size=(60, 9))
    agrees(FeatureAgglomeration(3, pooling_func=pooling).fit(rows), rows)
    agrees(FeatureAgglomeration(9, pooling_func=pooling).fit(rows), rows)


def test_python_code_is_refused(agrees):
    rows = np.random.default_rng(3).normal(size=(60, 4))
    with pytest.raises(CannotConvert, match="pooling_func"):
        agrees(FeatureAgglomeration(2, pooling_func=lambda x, axis: x.sum(axis=axis)).fit(rows), rows)
