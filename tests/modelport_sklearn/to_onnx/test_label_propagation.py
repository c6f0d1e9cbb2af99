"""Label propagation and spreading, also far from every training row."""

import warnings

import numpy as np
import pytest
from sklearn.semi_supervised import LabelPropagation, LabelSpreading

from modelport.errors import CannotConvert


def data():
    rng = np.random.default_rng(5)
    y = rng.integers(0, 3, 150)
    x = rng.normal(size=(150, 3)) + 1.5 * (y[:, None] == np.arange(3))
    return x, np.where(rng.random(150) < 0.6, -1, y + 4)


def fitted(model, x, y):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return model.fit(x, y)


@pytest.mark.parametrize("kernel", ["rbf", "knn"])
@pytest.mark.parametrize("kind", [LabelPropagation, LabelSpreading])
def test_new_rows(kind, kernel, agrees):
    x, y = data()
    agrees(fitted(kind(kernel=kernel, gamma=0.8, n_neighbors=9), x[:100], y[:100]), x)


def test_a_row_far_from_all_others(agrees_on_file):
    x, y = data()
    model = fitted(LabelPropagation(gamma=5), x, y)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        want = model.predict(x + 100), model.predict_proba(x + 100)
    got = agrees_on_file(model, x + 100)
    assert np.isnan(want[1]).all()
    assert np.isnan(got["probability"]).all()
    assert got["label"].tolist() == want[0].tolist()


def test_a_function_is_refused(agrees):
    x, y = data()
    with pytest.raises(CannotConvert, match="Python code"):
        agrees(fitted(LabelPropagation(kernel=lambda a, b: np.exp(-((a[:, None] - b[None]) ** 2).sum(2))), x, y), x)
