"""Isolation forests come back, with the number of training rows in every leaf."""

import numpy as np
import pytest
from sklearn.ensemble import IsolationForest

from modelport_sklearn.from_onnx.graph import NoMatch
from modelport_sklearn.from_onnx.models.isolation import _expected, _samples


@pytest.mark.parametrize("options", [{}, {"contamination": 0.1}, {"max_samples": 50}])
def test_an_isolation_forest(options, numbers, back) -> None:
    model = IsolationForest(n_estimators=9, random_state=0, **options)
    found = back(model, numbers)
    np.testing.assert_allclose(found.score_samples(numbers), model.score_samples(numbers), rtol=1e-12)


@pytest.mark.parametrize("count", [1, 2, 3, 256, 100_000])
def test_rows_are_told_from_their_expected_depth(count: int) -> None:
    assert _samples(float(_expected(np.array(count)))) == count


def test_a_depth_of_no_number_of_rows() -> None:
    with pytest.raises(NoMatch):
        _samples(1.1)
