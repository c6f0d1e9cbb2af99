"""Naive Bayes on counts and categories."""

import numpy as np
import onnxruntime as ort
import pytest
from sklearn import naive_bayes


@pytest.fixture
def counts():
    rng = np.random.default_rng(5)
    y = rng.integers(0, 3, 120)
    return rng.poisson(2 + 3 * (np.arange(6)[None] % 3 == y[:, None])).astype(float), y


@pytest.mark.parametrize("labels", [[0, 1, 2], ["a", "b", "c"], [False, True, True]], ids=str)
@pytest.mark.parametrize("name", ["MultinomialNB", "ComplementNB", "BernoulliNB", "CategoricalNB"])
def test_labels_of_every_type(name, labels, counts, agrees):
    x, y = counts
    agrees(getattr(naive_bayes, name)().fit(x, np.array(labels)[y]), x)


def test_one_class(counts, agrees):
    x, _ = counts
    for kind in (naive_bayes.MultinomialNB, naive_bayes.ComplementNB, naive_bayes.BernoulliNB):
        agrees(kind().fit(x, np.ones(len(x), int)), x)


def test_normalised_complement(counts, agrees):
    x, y = counts
    agrees(naive_bayes.ComplementNB(norm=True).fit(x, y), x * 100)


@pytest.mark.parametrize("binarize", [None, 0.0, 2.0])
def test_bernoulli_threshold(binarize, counts, agrees):
    x, y = counts
    model = naive_bayes.BernoulliNB(binarize=binarize).fit((x > 2) if binarize is None else x, y)
    steps = np.r_[x, np.nextafter(x, np.inf), np.nextafter(x, -np.inf)]
    agrees(model, (steps > 2).astype(float) if binarize is None else steps)


def test_bernoulli_without_smoothing(agrees):
    x = np.array([[1, 0, 1], [1, 1, 0], [0, 1, 1], [0, 0, 1.0]])
    model = naive_bayes.BernoulliNB(alpha=0.5).fit(x, [0, 0, 1, 1])
    agrees(model, x)


def test_numbers_are_cut_to_categories(counts, agrees):
    x, y = counts
    agrees(naive_bayes.CategoricalNB().fit(x, y), np.minimum(x + 0.7, x.max(axis=0)))
    agrees(naive_bayes.CategoricalNB(min_categories=30).fit(x, y), x + 5.5)


@pytest.mark.parametrize("value", [-1.0, 99.0])
def test_an_unknown_category_stops_the_graph_as_it_stops_scikit_learn(value, counts, agrees_on_file):
    x, y = counts
    model = naive_bayes.CategoricalNB().fit(x, y)
    bad = x[:3].copy()
    bad[1, 2] = value
    with pytest.raises((ValueError, IndexError)):
        model.predict(bad)
    with pytest.raises(ort.capi.onnxruntime_pybind11_state.InvalidArgument, match="out of data bounds"):
        agrees_on_file(model, bad)
