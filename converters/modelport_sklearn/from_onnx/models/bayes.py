"""Naive Bayes: linear joint log-likelihoods, or squared distances in units of variances.

Built on scikit-learn 1.9: `_joint_log_likelihood` of MultinomialNB and BernoulliNB reads `feature_log_prob_` and
`class_log_prior_`, that of GaussianNB `theta_`, `var_` and `class_prior_`.
"""

from typing import Any

import numpy as np

from modelport.signature import Task
from modelport_sklearn.from_onnx.graph import Array, Graph, expect
from modelport_sklearn.from_onnx.head import Found, Head
from modelport_sklearn.from_onnx.models import links
from modelport_sklearn.from_onnx.models.affine import affine


def _likelihood(head: Head) -> str:
    expect(head.task is Task.CLASSIFICATION)
    scores = links.posterior(head.graph, head.probability())
    head.is_largest_of(scores, head.scores)
    return scores


def multinomial(head: Head) -> Found:
    """MultinomialNB; ComplementNB, and BernoulliNB without a threshold, have the same form."""
    rows, weights, offset = affine(head.graph, _likelihood(head))
    from sklearn.naive_bayes import MultinomialNB

    made = _counted(MultinomialNB(), head.classes, weights, offset)
    return Found(made, rows)


def bernoulli(head: Head) -> Found:
    """BernoulliNB: `weights = log p - log(1 - p)`, so log p is `-log(1 + exp(-weights))`."""
    graph = head.graph
    rows, weights, offset = affine(graph, _likelihood(head))
    compare = graph.node(graph.uncast(rows), "Greater")
    threshold = graph.constant(compare.input[1])
    expect(threshold.size == 1)
    from sklearn.naive_bayes import BernoulliNB

    present, absent = -np.logaddexp(0.0, -weights), -np.logaddexp(0.0, weights)
    prior = offset - absent.sum(axis=1)
    made = _counted(BernoulliNB(binarize=float(threshold.ravel()[0])), head.classes, present, prior)
    return Found(made, graph.widened(compare.input[0]))


def categorical(head: Head) -> Found:
    """CategoricalNB: numbers are cut to integers, each looked up in its feature's part of one table."""
    graph = head.graph
    inner, prior = graph.with_constant(_likelihood(head), "Add")
    terms = graph.node(graph.behind(inner, "ReduceSum"), "Gather")
    table, where = graph.constant(terms.input[0]), graph.node(terms.input[1], "Where")
    codes, starts = graph.with_constant(where.input[1], "Add")
    known = graph.node(where.input[0], "And")
    _, sizes = graph.by_constant(known.input[1], "Less")
    ends = starts.ravel() + sizes.ravel()
    expect(ends[-1] == len(table) and (starts.ravel()[1:] == ends[:-1]).all(), "an odd table")
    from sklearn.naive_bayes import CategoricalNB

    made = CategoricalNB()
    made.feature_log_prob_ = [np.ascontiguousarray(part.T) for part in np.split(table, starts.ravel()[1:])]
    made.category_count_ = [np.ones_like(part) for part in made.feature_log_prob_]
    made.n_categories_, made.class_log_prior_ = sizes.ravel(), prior.ravel()
    made.classes_, made.n_features_in_ = head.classes, len(ends)
    made.class_count_ = np.ones(len(head.classes))
    return Found(made, graph.uncast(codes))


def _counted(made: Any, classes: Array, weights: Array, prior: Array) -> Any:
    expect(len(weights) == len(classes))
    made.classes_, made.feature_log_prob_, made.class_log_prior_ = classes, weights, prior
    made.n_features_in_ = weights.shape[1]
    return made


def gaussian(head: Head) -> Found:
    """GaussianNB: `log prior + (scale - distance / 2)`."""
    graph = head.graph
    inner, prior = graph.with_constant(_likelihood(head), "Add")
    spread = graph.node(inner, "Sub")
    half, one_half = graph.with_constant(spread.input[1], "Mul")
    expect((one_half == 0.5).all())
    quotients = list(_quotients(graph, half))
    rows = graph.same(item[0] for item in quotients)
    from sklearn.naive_bayes import GaussianNB

    made = GaussianNB()
    made.theta_ = np.concatenate([np.atleast_2d(np.squeeze(item[1], 0) if item[1].ndim == 3 else item[1])
                                  for item in quotients])  # fmt: skip
    made.var_ = np.concatenate([np.atleast_2d(np.squeeze(item[2], 0) if item[2].ndim == 3 else item[2])
                                for item in quotients])  # fmt: skip
    made.classes_, made.class_prior_ = head.classes, np.exp(prior.ravel())
    made.epsilon_, made.n_features_in_ = 0.0, made.theta_.shape[1]
    expect(made.theta_.shape == made.var_.shape and len(made.theta_) == len(head.classes))
    return Found(made, rows)


def _quotients(graph: Graph, name: str) -> Any:
    """The terms `(x - mean)² / variance` behind a sum: of all classes together, or of each by itself."""
    if graph.op(name) == "Concat":
        for item in graph.node(name, "Concat").input:
            yield from _quotients(graph, item)
        return
    while graph.op(name) in ("Add", "Sum", "Split", "Slice", "Squeeze"):
        name = graph.behind(name, graph.op(name))
    square, variance = graph.by_constant(name, "Div")
    off = graph.node(square, "Mul")
    expect(graph.plain(off.input[0]) == graph.plain(off.input[1]))
    rows, mean = graph.by_constant(off.input[0], "Sub")
    rows = graph.behind(rows, "Unsqueeze") if graph.op(rows) == "Unsqueeze" else rows
    yield rows, mean, variance
