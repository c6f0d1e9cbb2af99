"""Naive Bayes comes back."""

import numpy as np
import pytest
from sklearn.naive_bayes import BernoulliNB, CategoricalNB, ComplementNB, GaussianNB, MultinomialNB


@pytest.mark.parametrize(
    ("model", "name"),
    [
        (GaussianNB(), "GaussianNB"),
        (MultinomialNB(), "MultinomialNB"),
        (ComplementNB(), "MultinomialNB"),
        (BernoulliNB(binarize=1.0), "BernoulliNB"),
        (CategoricalNB(min_categories=9), "CategoricalNB"),
    ],
    ids=lambda item: type(item).__name__,
)
def test_naive_bayes(model, name, numbers, back) -> None:
    rows = np.floor(np.abs(numbers) / [1, 30, 0.1, 2] * 2).clip(0, 8)
    found = back(model, rows, np.digitize(numbers[:, 0], [-0.5, 0.5]))
    assert type(found).__name__ == name


def test_gaussians_of_many_columns(back) -> None:
    rows = np.random.default_rng(0).normal(size=(120, 90))
    back(GaussianNB(), rows, np.arange(120) % 7)
