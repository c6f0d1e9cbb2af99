"""CountVectorizer, and the counting in TfidfVectorizer: exact on any Unicode text, words and characters alike.

Source: `sklearn.feature_extraction.text._VectorizerMixin` (`build_preprocessor`, `_word_ngrams`, `_char_ngrams`,
`_char_wb_ngrams`) and `CountVectorizer.transform` (1.9). The tokenizer is onnxruntime's own; see
`modelport_onnx.blocks.tokenizer_op`.
"""

from typing import Any

import numpy as np
from spox import Var

from modelport_onnx.blocks.constant import ints
from modelport_onnx.frame import Frame, cast
from modelport_onnx.lowering import Scope
from modelport_onnx.ops import op
from modelport_sklearn.to_onnx.transform.text_char_grams import char_counts
from modelport_sklearn.to_onnx.transform.text_word_grams import pattern_reason, word_counts
from modelport_sklearn.to_onnx.transform.values import carried, like, result

CUSTOM = "fit with the built-in analyzer, lowercase, strip_accents, token_pattern, stop_words and ngram_range"


def count_vectorizer(estimator: Any, frame: Frame, scope: Scope) -> Frame:
    """How often each term of the vocabulary occurs, [N, V]."""
    kind = carried(estimator.dtype, scope)
    counted = counts_of(estimator, frame, scope, kind)
    return result(estimator, cast(counted, kind), len(estimator.vocabulary_), sparse=True)


def counts_of(estimator: Any, frame: Frame, scope: Scope, kind: Any) -> Var:
    """Counts [N, V] in a numeric type, 0 and 1 where `binary`."""
    texts = _texts(estimator, frame, scope)
    counted = (word_counts if estimator.analyzer == "word" else char_counts)(estimator, texts, scope, _counting(kind))
    if estimator.binary:
        counted = cast(op.greater(counted, like(counted, 0)), _counting(kind))
    return counted


def _counting(kind: Any) -> Any:
    """Counts are added up in a type in which onnxruntime adds: float32, float64, int32 or int64."""
    return kind if kind in (np.float32, np.float64, np.int32, np.int64) else np.dtype(np.int64)


def _texts(estimator: Any, frame: Frame, scope: Scope) -> Var:
    refused = check(estimator)
    if refused:
        raise scope.refuse(refused, CUSTOM)
    if frame.width != 1 or not frame.blocks[0].is_text:
        raise scope.refuse(
            f"{type(estimator).__name__} reads one column of text, and {frame.width} column(s) arrive here",
            "give it one column, by name and not in a list",
        )
    return op.reshape(frame.blocks[0].var, ints(-1))


def check(estimator: Any) -> str | None:
    """Why the vectoriser cannot be converted, or None."""
    for name in ("preprocessor", "tokenizer"):
        if getattr(estimator, name) is not None:
            return f"{name}= is Python code, whose meaning is not known here"
    if callable(estimator.analyzer) or callable(estimator.strip_accents):
        return "analyzer= or strip_accents= is Python code, whose meaning is not known here"
    if estimator.input != "content":
        return f"input={estimator.input!r} reads files, which a graph cannot"
    if estimator.analyzer == "word":
        return pattern_reason(estimator)
    return None
