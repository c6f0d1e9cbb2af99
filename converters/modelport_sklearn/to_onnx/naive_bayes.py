"""Naive Bayes on counts and on categories: a linear score, or a table looked up for each feature.

Source: `sklearn.naive_bayes.{MultinomialNB,ComplementNB,BernoulliNB,CategoricalNB}._joint_log_likelihood` (1.9).
"""

from typing import Any

import numpy as np
from spox import Var

from modelport_onnx.blocks.choose import first_largest
from modelport_onnx.blocks.constant import double, integer, ints
from modelport_onnx.blocks.likelihood import posterior
from modelport_onnx.frame import Frame
from modelport_onnx.lowering import Scope
from modelport_onnx.ops import op
from modelport_onnx.outcome import Classified
from modelport_sklearn.to_onnx.classes import classes_of
from modelport_sklearn.to_onnx.linear import affine
from modelport_sklearn.to_onnx.numeric import numeric

_NO_ROW = 2**40
"""A position no table has: onnxruntime stops there, as scikit-learn stops at an unknown category."""


def from_scores(estimator: Any, scores: Var, scope: Scope) -> Classified:
    """`_BaseNB.predict` and `predict_proba` on joint log-likelihoods [N, K]."""
    return Classified(classes_of(estimator.classes_, scope), first_largest(scores), posterior(scores))


def multinomial(estimator: Any, frame: Frame, scope: Scope) -> Classified:
    """MultinomialNB: linear in the counts."""
    scores = affine(numeric(frame, scope), estimator.feature_log_prob_, estimator.class_log_prior_)
    return from_scores(estimator, scores, scope)


def complement(estimator: Any, frame: Frame, scope: Scope) -> Classified:
    """ComplementNB: linear in the counts; the prior counts only where there is one class."""
    prior = estimator.class_log_prior_ if len(estimator.classes_) == 1 else 0.0
    return from_scores(estimator, affine(numeric(frame, scope), estimator.feature_log_prob_, prior), scope)


def bernoulli(estimator: Any, frame: Frame, scope: Scope) -> Classified:
    """BernoulliNB: features above the threshold count as present."""
    matrix = numeric(frame, scope)
    if estimator.binarize is not None:
        matrix = op.cast(op.greater(matrix, double(estimator.binarize)), to=np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        absent = np.log(1 - np.exp(estimator.feature_log_prob_))
        weights = estimator.feature_log_prob_ - absent
    offset = estimator.class_log_prior_ + absent.sum(axis=1)
    return from_scores(estimator, affine(matrix, weights, offset), scope)


def categorical(estimator: Any, frame: Frame, scope: Scope) -> Classified:
    """CategoricalNB: numbers are cut to integers; one outside the known categories stops the graph."""
    sizes = np.array([table.shape[1] for table in estimator.feature_log_prob_], np.int64)
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(np.int64)
    table = np.concatenate([part.T for part in estimator.feature_log_prob_])
    codes = op.cast(numeric(frame, scope), to=np.int64)
    known = op.and_(op.greater_or_equal(codes, integer(0)), op.less(codes, op.const(sizes[None])))
    rows = op.where(known, op.add(codes, op.const(starts[None])), integer(_NO_ROW))
    terms = op.gather(double(table), rows, axis=0)
    scores = op.add(op.reduce_sum(terms, ints(1), keepdims=0), double(estimator.class_log_prior_))
    return from_scores(estimator, scores, scope)
