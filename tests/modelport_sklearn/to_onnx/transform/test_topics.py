"""LatentDirichletAllocation, on counts and on text."""

import numpy as np
import pandas as pd
import pytest
from sklearn.compose import make_column_transformer
from sklearn.decomposition import LatentDirichletAllocation
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.pipeline import make_pipeline

from modelport.errors import RuntimeFailed


@pytest.mark.parametrize("method", ["batch", "online"])
@pytest.mark.parametrize(
    "options", [{}, {"doc_topic_prior": 0.01, "max_doc_update_iter": 7}, {"mean_change_tol": 1e-8}]
)
def test_documents(method, options, agrees):
    counts = np.random.default_rng(0).poisson(0.8, (40, 12)).astype(float)
    model = LatentDirichletAllocation(4, learning_method=method, random_state=0, max_iter=4, **options).fit(counts)
    agrees(model, counts)
    agrees(model, np.vstack([counts[:1] * 0, counts[:1] * 1000, counts[:1] + 0.5]))
    agrees(model, counts[:1])


def test_text(agrees):
    rows = pd.DataFrame({"text": ["a cat sat", "the cat and the dog", "dogs bark", "", "cat dog cat dog"] * 3})
    topics = make_pipeline(CountVectorizer(), LatentDirichletAllocation(2, random_state=0, max_iter=3))
    agrees(make_column_transformer((topics, "text")).fit(rows), rows)


def test_negative_counts_fail_where_scikit_learn_raises(agrees):
    counts = np.random.default_rng(0).poisson(0.8, (20, 5)).astype(float)
    session = agrees(LatentDirichletAllocation(2, random_state=0, max_iter=2).fit(counts), counts)
    with pytest.raises(RuntimeFailed):
        session.run({"X": -counts - 1})
