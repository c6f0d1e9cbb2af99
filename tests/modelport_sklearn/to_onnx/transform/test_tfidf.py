"""Term weights, from counts and from text."""

import itertools

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from sklearn.compose import make_column_transformer
from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer, TfidfVectorizer
from sklearn.linear_model import SGDClassifier
from sklearn.pipeline import make_pipeline

from modelport.conversion import Context
from modelport.signature import Column, Signature
from modelport_onnx.build import to_onnx
from modelport_onnx.ort import OrtSession

TEXTS = ["the cat sat on the mat", "Der Kater saß auf der Matte", "", "кот сидел", "cat cat cat ΣΑΣ", "unknown words"]


@pytest.mark.parametrize(
    ("norm", "use_idf", "smooth_idf", "sublinear_tf"),
    itertools.product(["l1", "l2", None], [True, False], [True, False], [True, False]),
)
def test_every_option(norm, use_idf, smooth_idf, sublinear_tf, agrees):
    options = {"norm": norm, "use_idf": use_idf, "smooth_idf": smooth_idf, "sublinear_tf": sublinear_tf}
    rows = pd.DataFrame({"text": TEXTS})
    words = TfidfVectorizer(**options).fit(rows["text"][:5])
    assert words.vocabulary_
    agrees(make_column_transformer((TfidfVectorizer(**options), "text")).fit(rows[:5]), rows)
    counts = np.random.default_rng(0).poisson(1, (40, 5)).astype(float)
    counts[3] = 0
    agrees(TfidfTransformer(**options).fit(counts[:20]), counts)


def test_after_counting(agrees):
    rows = pd.DataFrame({"text": TEXTS})
    counter = make_pipeline(CountVectorizer(analyzer="char_wb", ngram_range=(2, 4)), TfidfTransformer())
    agrees(make_column_transformer((counter, "text")).fit(rows), rows)


def text_column(estimator):
    """The file of a model whose rows are texts, not tables."""
    signature = Signature((Column("text", pa.string()),))
    return to_onnx(estimator, Context(signature))


def test_a_model_whose_rows_are_texts():
    """The pipeline most text models are: no ColumnTransformer before the vectoriser."""
    model = make_pipeline(TfidfVectorizer(), SGDClassifier(random_state=0)).fit(TEXTS, [0, 1, 0, 1, 0, 1])
    session = OrtSession(text_column(model), threads=1)
    probes = [*TEXTS, "cat MATTE", "сидел"]
    got = session.score(pa.RecordBatch.from_arrays([pa.array(probes)], names=["text"]))
    assert got.column(0).to_pylist() == model.predict(probes).tolist()


def test_no_locale_is_needed():
    """A public converter's text models ask for a locale that minimal machines lack."""
    proto = text_column(TfidfVectorizer().fit(TEXTS))
    assert not [node for node in proto.graph.node if node.op_type == "StringNormalizer"]
    assert not [item for node in proto.graph.node for item in node.attribute if item.name == "locale"]
