"""The specification's own evaluator agrees: the graphs lean on no peculiarity of onnxruntime but its Tokenizer."""

import numpy as np
import pandas as pd
import pytest
from sklearn.compose import make_column_transformer
from sklearn.decomposition import NMF, LatentDirichletAllocation, SparseCoder
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.impute import KNNImputer, SimpleImputer
from sklearn.manifold import Isomap, LocallyLinearEmbedding
from sklearn.preprocessing import (
    FunctionTransformer,
    KBinsDiscretizer,
    OneHotEncoder,
    OrdinalEncoder,
    PowerTransformer,
    QuantileTransformer,
    SplineTransformer,
    TargetEncoder,
)

RNG = np.random.default_rng(0)
NUMBERS = np.abs(RNG.normal(2, 1, (30, 3)))
GAPS = np.where(RNG.random((30, 3)) < 0.2, np.nan, NUMBERS)
FRAME = pd.DataFrame({"t": [*["a", "b", "ü", np.nan] * 7, "a", "b"], "n": np.arange(30) % 4, "x": NUMBERS[:, 0]})
TEXTS = pd.DataFrame({"text": ["The cat Σας ΑΣ", "İstanbul dog", "", "a\n b  C", "日本 語"]})

MODELS = [
    (OneHotEncoder(handle_unknown="ignore"), FRAME),
    (OrdinalEncoder(), FRAME),
    (TargetEncoder(random_state=0), FRAME),
    (KBinsDiscretizer(3, quantile_method="linear"), NUMBERS),
    (SplineTransformer(4, extrapolation="periodic"), NUMBERS),
    (QuantileTransformer(n_quantiles=10, output_distribution="normal"), NUMBERS),
    (PowerTransformer(), NUMBERS),
    (SimpleImputer(add_indicator=True), GAPS),
    (KNNImputer(), GAPS),
    (NMF(2, init="nndsvda"), NUMBERS),
    (LatentDirichletAllocation(2, random_state=0, max_iter=2), NUMBERS),
    (SparseCoder(np.eye(3)[:2], transform_n_nonzero_coefs=1), NUMBERS),
    (Isomap(n_neighbors=4), NUMBERS),
    (LocallyLinearEmbedding(n_neighbors=5), NUMBERS),
    (FunctionTransformer(np.arctan), NUMBERS),
    (make_column_transformer((CountVectorizer(strip_accents="unicode", ngram_range=(1, 2)), "text")), TEXTS),
    (make_column_transformer((TfidfVectorizer(analyzer="char_wb", ngram_range=(1, 3)), "text")), TEXTS),
]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(("estimator", "rows"), MODELS, ids=[repr(estimator)[:40] for estimator, _ in MODELS])
def test_the_reference_evaluator_agrees(estimator, rows, agrees_by_reference):
    agrees_by_reference(estimator.fit(rows, np.arange(len(rows)) * 1.0), rows)
