"""TfidfTransformer and TfidfVectorizer.

Source: `sklearn.feature_extraction.text.TfidfTransformer.transform` and `TfidfVectorizer.transform` (1.9).
"""

from typing import Any

import numpy as np
from spox import Var

from modelport_onnx.frame import Frame, cast
from modelport_onnx.lowering import Scope
from modelport_onnx.ops import op
from modelport_sklearn.to_onnx.transform.text_count import counts_of
from modelport_sklearn.to_onnx.transform.values import carried, ints, like, numbers, real, result


def tfidf_transformer(estimator: Any, frame: Frame, scope: Scope) -> Frame:
    return result(estimator, weighted(estimator, numbers(frame, scope)), frame.width, sparse=True)


def tfidf_vectorizer(estimator: Any, frame: Frame, scope: Scope) -> Frame:
    """Counts, weighted."""
    kind = np.dtype(real(scope))
    value = weighted(estimator._tfidf, counts_of(estimator, frame, scope, kind))
    width = len(estimator.vocabulary_)
    return result(estimator, cast(value, carried(estimator.dtype, scope)), width, sparse=True)


def weighted(estimator: Any, counts: Var) -> Var:
    """`sublinear_tf` takes `1 + log` of what is not 0; then idf; then rows of length 1, empty rows left alone."""
    if estimator.sublinear_tf:
        absent = op.equal(counts, like(counts, 0))
        safe = op.where(absent, like(counts, 1), counts)
        counts = op.where(absent, counts, op.add(op.log(safe), like(counts, 1)))
    if getattr(estimator, "idf_", None) is not None and estimator.use_idf:
        counts = op.mul(counts, like(counts, estimator.idf_))
    if estimator.norm is None:
        return counts
    length = _length(counts, estimator.norm)
    return op.div(counts, op.where(op.equal(length, like(length, 0)), like(length, 1), length))


def _length(rows: Var, norm: str) -> Var:
    if norm == "l1":
        return op.reduce_sum(op.abs(rows), ints(1))
    return op.sqrt(op.reduce_sum(op.mul(rows, rows), ints(1)))
