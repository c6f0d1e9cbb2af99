"""Counts of terms in JPMML, on texts that are there to be misread."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer

from modelport.errors import CannotConvert
from modelport_pmml.document import PmmlDocument
from modelport_pmml.runtimes.jpmml import JpmmlSession

pytestmark = pytest.mark.java
KNOWN = [
    "one two, two three",
    "x one of the one one",
    "über naïve \u6771\u4eac",
    "\u039f\u0394\u039f\u03a3 a_b 42",
    "\U00010400\U00010401 don't",
]
HARD = [
    "",
    " ",
    ",",
    ",one,",
    "(two)two",
    "ONE, one one.",
    "a b one c two",
    "one\ttwo\r\ntwo  three",
    "two,,two,two three",
    "\u0130one one\u0130",
    "\u039f\u0394\u039f\u03a3.",
    "\u039f\u0394\u039f\u03a3\u039f\u0394",
    "\u03a3 one\u03a3",
    "\U00010400\U00010401,\U00010428\U00010429",
    "two\u0301 two",
    "one\u200done",
    "don't one",
    "one&two <three>",
    "\uff4f\uff4e\uff45 one",
    "of the of one the two",
]
VECTORISERS = [
    CountVectorizer(),
    CountVectorizer(lowercase=False),
    CountVectorizer(ngram_range=(1, 3)),
    CountVectorizer(ngram_range=(2, 2), stop_words=["of", "the"]),
    CountVectorizer(token_pattern=r"\w+", ngram_range=(1, 2), binary=True),
    CountVectorizer(token_pattern=r"(?u)\b\w\w\w+\b", dtype=np.float64),
    TfidfVectorizer(ngram_range=(1, 2)),
]


@pytest.mark.parametrize("vectoriser", VECTORISERS, ids=str)
def test_terms_are_counted_as_they_are_there(vectoriser: Any, to_pmml: Callable[[Any, Any], PmmlDocument]) -> None:
    texts = np.array(KNOWN, object)
    session = JpmmlSession(to_pmml(vectoriser.fit(texts), texts))
    rows = pa.RecordBatch.from_arrays([pa.array([*KNOWN, *HARD])], names=[session.signature.inputs[0].name])
    found = np.column_stack([np.asarray(column, float) for column in session.score(rows).columns])
    np.testing.assert_allclose(found, vectoriser.transform([*KNOWN, *HARD]).toarray(), rtol=0, atol=1e-12)


@pytest.mark.parametrize(
    "vectoriser", [CountVectorizer(token_pattern=r"\S+"), CountVectorizer(strip_accents="unicode"),
                   CountVectorizer(analyzer="char_wb", ngram_range=(2, 3))], ids=str
)  # fmt: skip
def test_other_tokens_are_refused(vectoriser: Any, to_pmml: Callable[[Any, Any], PmmlDocument]) -> None:
    texts = np.array(KNOWN, object)
    with pytest.raises(CannotConvert):
        to_pmml(vectoriser.fit(texts), texts)
