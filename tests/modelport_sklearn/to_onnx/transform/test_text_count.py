"""Counting words and characters of any Unicode text, as Python's `re` and `str.lower` see it."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sklearn.compose import make_column_transformer
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from modelport.errors import CannotConvert

HOSTILE = [
    "The quick brown fox; the QUICK brown fox.",
    "",
    " ",
    "\n\t\u00a0\u3000 \x1c",
    "a I b c",
    "don't can't won't e-mail foo_bar __init__ x2 2x 42 4",
    "İstanbul ISTANBUL ıstanbul Istanbul istanbul",
    "Kelvin K\u212aelvin \u212a \u2126hm ΩHM ωhm",
    "ΟΔΥΣΣΕΥΣ ΣΑΣ Σ ΣΣ Α.Σ. ΑΣ' ΑΣ\u0301Β ὈΔΥΣΣΕΎΣ οδυσσευς οδυσσευσ",
    "straße STRASSE Straße ẞ ﬁne ﬁ fine ½ ² ①",
    "café cafe\u0301 CAFÉ Cafe\u0301 naïve Ångström \u212bngström",
    "한국어 조선말 北京市 東京 京都 ภาษาไทย नमस्ते",
    "😀😀 emoji\u200djoin zero\u200bwidth soft\u00adhyphen",
    "x\x00y null\x00byte \ufeffbom \uffff \U0010ffff",
    "a" * 70 + " " + "word " * 20,
    "tabs\tand\nnew\r\nlines  double   triple",
    "ﷺ ﬃ ǅ ǆ Ǆ ŉ ΐ",
]


@pytest.mark.parametrize("strip_accents", [None, "unicode", "ascii"])
@pytest.mark.parametrize("lowercase", [True, False])
@pytest.mark.parametrize(("analyzer", "ngrams"), [("word", (1, 1)), ("word", (1, 3)), ("char", (1, 3))])
def test_hostile_text(strip_accents, lowercase, analyzer, ngrams, agrees):
    rows = pd.DataFrame({"text": HOSTILE})
    counter = CountVectorizer(
        strip_accents=strip_accents, lowercase=lowercase, analyzer=analyzer, ngram_range=ngrams
    ).fit(rows["text"])
    model = make_column_transformer((counter, "text")).fit(rows)
    agrees(model, rows)


@pytest.mark.parametrize("ngrams", [(1, 1), (1, 2), (2, 3), (3, 3), (4, 6), (5, 5)])
def test_characters_within_words(ngrams, agrees):
    rows = pd.DataFrame({"text": HOSTILE})
    model = make_column_transformer((CountVectorizer(analyzer="char_wb", ngram_range=ngrams), "text"))
    agrees(model.fit(rows), rows)


@pytest.mark.parametrize("ngrams", [(1, 1), (2, 2), (4, 4), (2, 5)])
def test_characters(ngrams, agrees):
    rows = pd.DataFrame({"text": HOSTILE})
    model = make_column_transformer((CountVectorizer(analyzer="char", ngram_range=ngrams), "text"))
    agrees(model.fit(rows), rows)


@pytest.mark.parametrize("stop_words", ["english", ["fox", "the", "can"]])
@pytest.mark.parametrize("ngrams", [(1, 1), (2, 2), (1, 3)])
def test_stop_words_close_the_gap(stop_words, ngrams, agrees):
    rows = pd.DataFrame({"text": [*HOSTILE, "fox jumps over the lazy dog", "over lazy dog the can fox"]})
    model = make_column_transformer((CountVectorizer(stop_words=stop_words, ngram_range=ngrams), "text"))
    agrees(model.fit(rows), rows)


@pytest.mark.parametrize(
    "pattern",
    [r"(?u)\b\w+\b", r"\w+", r"[a-z]+", r"\S+", r"[^,;. ]{2,}", r"(?u)\b[a-zA-Z]{3,}\b", r"\d+", r"(?u)\w{4,}"],
)
def test_token_patterns(pattern, agrees):
    rows = pd.DataFrame({"text": HOSTILE})
    agrees(make_column_transformer((CountVectorizer(token_pattern=pattern), "text")).fit(rows), rows)


@pytest.mark.parametrize("pattern", [r"(?u)\b\w\w+\b-\w+", r"\w+?", r"\b\w", r"a|b", r"(\w+)x", r"\w{1,3}"])
def test_other_patterns_are_refused(pattern, agrees):
    rows = pd.DataFrame({"text": ["ab-cd aaax b", "ab-cd abx"]})
    with pytest.raises(CannotConvert, match="token_pattern"):
        agrees(make_column_transformer((CountVectorizer(token_pattern=pattern), "text")).fit(rows), rows)


def test_python_code_is_refused(agrees):
    rows = pd.DataFrame({"text": ["ab bc", "bc cd"]})
    for options in ({"tokenizer": str.split, "token_pattern": None}, {"preprocessor": str.upper}, {"analyzer": list}):
        with pytest.raises(CannotConvert, match="Python code"):
            agrees(make_column_transformer((CountVectorizer(**options), "text")).fit(rows), rows)


@pytest.mark.parametrize("options", [{"binary": True}, {"dtype": np.float32}, {"dtype": np.int8}, {"max_features": 3}])
def test_options(options, agrees):
    rows = pd.DataFrame({"text": HOSTILE})
    agrees(make_column_transformer((CountVectorizer(**options), "text")).fit(rows), rows)


def test_a_vocabulary_of_ones_own(agrees):
    rows = pd.DataFrame({"text": ["New York is new", "new york-new york", "NEW  a York"]})
    for vocabulary in (["new", "new york", "York", "a-b", "x", "york new"], {"york": 1, "new": 0}):
        counter = CountVectorizer(vocabulary=vocabulary, ngram_range=(1, 2))
        agrees(make_column_transformer((counter, "text")).fit(rows), rows)


def test_one_row_and_rows_of_nothing(agrees):
    rows = pd.DataFrame({"text": HOSTILE})
    model = make_column_transformer((CountVectorizer(), "text")).fit(rows)
    agrees(model, rows.iloc[:1])
    session = agrees(model, pd.DataFrame({"text": ["", ""]}))
    assert session.run({"text": np.empty((0, 1), object)})["out"].shape == (0, len(model.get_feature_names_out()))


def test_a_vocabulary_that_no_text_reaches(agrees):
    rows = pd.DataFrame({"text": ["A-B x", "x y z"]})
    for options in ({"vocabulary": ["A-B"]}, {"vocabulary": ["x y z"], "ngram_range": (2, 2), "binary": True}):
        agrees(make_column_transformer((CountVectorizer(**options), "text")).fit(rows), rows)


def test_a_classifier_of_text(labels_agree):
    rows = pd.DataFrame({"text": HOSTILE, "n": np.arange(len(HOSTILE)) * 1.5})
    columns = make_column_transformer((CountVectorizer(ngram_range=(1, 2)), "text"), (StandardScaler(), ["n"]))
    labels_agree(make_pipeline(columns, LogisticRegression()).fit(rows, np.arange(len(rows)) % 2), rows)


LETTERS = st.sampled_from(list("abcABC İıKſΣσςΑ.'\u0301\u00ad-_09 \n\t\u3000éÉeﬁ한\u1100北😀\x00\u200d"))
ANY = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
TEXT = st.one_of(st.text(LETTERS, max_size=25), ANY)


def analyzers():
    return st.builds(
        lambda kind, ngrams, lowercase, accents: CountVectorizer(
            analyzer=kind, ngram_range=ngrams, lowercase=lowercase, strip_accents=accents
        ),
        st.sampled_from(["word", "char", "char_wb"]),
        st.sampled_from([(1, 1), (1, 2), (2, 4)]),
        st.booleans(),
        st.sampled_from([None, "unicode", "ascii"]),
    )


@settings(max_examples=60, deadline=None)
@given(analyzers(), st.lists(TEXT, min_size=1, max_size=5), st.lists(TEXT, min_size=1, max_size=5))
@example(CountVectorizer(), ["ΑΣ αΣ' Σα"], ["ΑΣ.Α ΑΣ"])
def test_any_text(agrees_anywhere, counter, known, met):
    try:
        counter.fit([*known, "ab ba", "ΑΣ ας ασ"])
    except ValueError:
        return
    rows = pd.DataFrame({"text": [*known, *met]})
    agrees_anywhere(make_column_transformer((counter, "text")).fit(pd.DataFrame({"text": [*known, "ab ba"]})), rows)
