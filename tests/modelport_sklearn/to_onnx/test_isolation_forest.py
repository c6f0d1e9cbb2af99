"""Isolation forests: scores on every split, labels also where a training row is the threshold."""

import numpy as np
import pytest
from sklearn.ensemble import IsolationForest


def splits(probes, model):
    pairs = zip(model.estimators_, model.estimators_features_, strict=True)
    return probes.thresholds_of(
        *[(np.where(m.tree_.feature < 0, -1, own[m.tree_.feature]), m.tree_.threshold) for m, own in pairs]
    )


@pytest.mark.parametrize("options", [{}, {"max_features": 2}, {"contamination": 0.1}, {"max_samples": 1}], ids=str)
def test_isolation_forest(options, agrees, probes):
    x = np.random.default_rng(0).normal(size=(300, 4))
    x[:5] *= 6
    model = IsolationForest(random_state=0, **options).fit(x)
    rows = probes.boundary_rows(x, splits(probes, model), missing=True, extremes=True)
    got = agrees(model, rows)
    assert got["label"].tolist() == model.predict(rows).tolist()
