"""LatentDirichletAllocation: the topics of each document, found by the estimator's own iteration.

Source: `sklearn.decomposition.LatentDirichletAllocation.transform`, `_update_doc_distribution`, and
`_online_lda_fast.pyx` with its own digamma function (1.9).
"""

from typing import Any

import numpy as np
from spox import Var

from modelport_onnx.blocks.constant import double, ints
from modelport_onnx.blocks.guard import fail_where
from modelport_onnx.blocks.loops import repeat
from modelport_onnx.frame import Frame
from modelport_onnx.lowering import Scope
from modelport_onnx.ops import op
from modelport_sklearn.to_onnx.transform.values import doubles, result

EULER = 0.577215664901532860606512090082402431
EPSILON = float(np.finfo(np.float64).eps)


def topics(estimator: Any, frame: Frame, scope: Scope) -> Frame:
    """A negative count fails, as scikit-learn raises."""
    x = doubles(frame, scope)
    x = fail_where(op.less(x, double(0.0)), x)
    words = np.asarray(estimator.exp_dirichlet_component_, np.float64)
    found = _settled(estimator, x, words)
    return result(estimator, op.div(found, op.reduce_sum(found, ints(1))), len(words))


def _settled(estimator: Any, x: Var, words: Any) -> Var:
    """Each document by itself: one that has settled is left as it is while others go on."""
    count = len(words)
    prior = double(float(estimator.doc_topic_prior_))
    shape = op.concat([op.shape(x, start=0, end=1), ints(count)], axis=0)
    ones = op.expand(double(1.0), shape)
    open_rows = op.expand(op.const(np.array([[True]])), op.concat([op.shape(x, start=0, end=1), ints(1)], axis=0))

    def body(_: Var, topic: Var, weight: Var, going: Var) -> tuple[Var, list[Var]]:
        phi = op.add(op.matmul(weight, double(words)), double(EPSILON))
        made = op.add(op.mul(weight, op.matmul(op.div(x, phi), double(words.T))), prior)
        change = op.div(op.reduce_sum(op.abs(op.sub(topic, made)), ints(1)), double(float(count)))
        topic = op.where(going, made, topic)
        weight = op.where(going, _expected(made), weight)
        going = op.and_(going, op.greater_or_equal(change, double(float(estimator.mean_change_tol))))
        left = op.reduce_sum(op.cast(going, to=np.int64), keepdims=False)
        return op.greater(left, op.const(np.int64(0))), [topic, weight, going]

    found = repeat([ones, _expected(ones), open_rows], int(estimator.max_doc_update_iter), body)[0]
    return op.reshape(found, ints(-1, count))


def _expected(topic: Var) -> Var:
    """`exp(ψ(topic) - ψ(sum of the row))`."""
    return op.exp(op.sub(digamma(topic), digamma(op.reduce_sum(topic, ints(1)))))


def digamma(x: Var) -> Var:
    """ψ as `_online_lda_fast.pyx` has it: raised to 6 by `ψ(x + 1) = ψ(x) + 1/x`, then four terms of the series."""
    tiny = op.less_or_equal(x, double(1e-6))
    at_zero = op.sub(double(-EULER), op.reciprocal(op.where(tiny, x, double(1.0))))
    raised, total = op.where(tiny, double(6.0), x), op.mul(x, double(0.0))
    for _ in range(6):
        low = op.less(raised, double(6.0))
        total = op.where(low, op.sub(total, op.reciprocal(raised)), total)
        raised = op.where(low, op.add(raised, double(1.0)), raised)
    r = op.reciprocal(raised)
    total = op.add(total, op.sub(op.log(raised), op.mul(double(0.5), r)))
    r = op.mul(r, r)
    inner = op.sub(double(1.0 / 120.0), op.mul(r, double(1.0 / 252.0)))
    series = op.mul(r, op.sub(double(1.0 / 12.0), op.mul(r, inner)))
    return op.where(tiny, at_zero, op.sub(total, series))
