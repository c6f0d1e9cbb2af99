"""The word analyzer: tokens, stop words, and n-grams of neighbouring tokens.

Source: `sklearn.feature_extraction.text._VectorizerMixin.build_tokenizer` and `_word_ngrams` (1.9).
"""

from typing import Any

import numpy as np
from spox import Var

from modelport_onnx.blocks.marked import begins, ends
from modelport_onnx.blocks.text_codes import codes
from modelport_onnx.blocks.text_counts import counts, grams, tokens
from modelport_onnx.blocks.text_names import Word
from modelport_onnx.lowering import Scope
from modelport_sklearn.to_onnx.transform.text_alphabet import alphabet_of, code_table
from modelport_sklearn.to_onnx.transform.text_characters import character_class, word_character
from modelport_sklearn.to_onnx.transform.text_pattern import TokenPattern, token_pattern

PART = "token counts"
"""What the part of the graph between the marks is called."""


def word_counts(estimator: Any, texts: Var, scope: Scope, kind: Any) -> Var:
    """Counts [N, V] of the vocabulary's terms."""
    pattern = token_pattern(estimator.token_pattern)
    assert pattern is not None, "checked before"
    smallest, largest = estimator.ngram_range
    stops = frozenset(estimator.get_stop_words() or ())
    terms = {term: parts for term in estimator.vocabulary_ if (parts := _parts(estimator, term, pattern, stops))}
    known = sorted({part for parts in terms.values() for part in parts} | _reachable(stops, pattern))
    alphabet = alphabet_of(known)
    table = code_table(alphabet, pattern.holds, estimator)
    number = {token: i + 1 for i, token in enumerate(known)}
    stopped = [number[token] for token in known if token in stops]
    described = pattern.member is word_character and not pattern.whole and estimator.strip_accents is None
    texts = begins(texts, PART) if described else texts
    found = tokens(codes(texts, table), pattern.shortest, [alphabet.word(token) for token in known], stopped)
    columns: dict[Word, int] = {
        tuple(number[part] for part in parts): int(estimator.vocabulary_[term]) for term, parts in terms.items()
    }
    width = len(estimator.vocabulary_)
    counted = counts(grams(found, columns, range(smallest, largest + 1), width), width, kind)
    return ends(counted, PART, _facts(estimator, terms, pattern, stops, kind)) if described else counted


def _facts(estimator: Any, terms: Any, pattern: TokenPattern, stops: frozenset[str], kind: Any) -> dict[str, Any]:
    """What is counted, for those who write it down in another way."""
    parts: list[list[str]] = [[] for _ in estimator.vocabulary_]
    for term, tokens_of in terms.items():
        parts[int(estimator.vocabulary_[term])] = list(tokens_of)
    return {
        "inside": character_class(word_character),
        "lower": bool(estimator.lowercase),
        "shortest": pattern.shortest,
        "stops": sorted(stops),
        "terms": parts,
        "type": np.dtype(kind).name,
    }


def pattern_reason(estimator: Any) -> str | None:
    """Why the token pattern cannot be converted, or None."""
    pattern = token_pattern(estimator.token_pattern)
    if pattern is None or (pattern.whole and estimator.ngram_range[1] > 1):
        return f"token_pattern={estimator.token_pattern!r} does not mean 'every run of characters of one class'"
    return None


def _reachable(stops: frozenset[str], pattern: TokenPattern) -> set[str]:
    return {stop for stop in stops if pattern.token(stop)}


def _parts(estimator: Any, term: str, pattern: TokenPattern, stops: frozenset[str]) -> tuple[str, ...]:
    """The tokens a term is joined from; nothing where no text can give it."""
    smallest, largest = estimator.ngram_range
    parts = tuple(term.split(" ")) if largest > 1 else (term,)
    fits = smallest <= len(parts) <= largest
    return parts if fits and all(pattern.token(part) and part not in stops for part in parts) else ()
