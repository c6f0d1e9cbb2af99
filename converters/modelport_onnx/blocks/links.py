"""Link functions: from scores to probabilities, accurate also where they are tiny."""

from spox import Var

from modelport_onnx.blocks.constant import double, ints
from modelport_onnx.blocks.elementary import log1p
from modelport_onnx.ops import op


def sigmoid(scores: Var) -> Var:
    """`1 / (1 + exp(-x))` to a rounding of 1, in one operation; see `expit` where tiny values matter."""
    return op.sigmoid(scores)


def expit(scores: Var) -> Var:
    """`1 / (1 + exp(-x))` element by element.

    Written out, because onnxruntime's Sigmoid gives 0 where the result is under 1e-16: its absolute error is one
    rounding, but probabilities that are normalised afterwards need the relative one.
    """
    return op.reciprocal(op.add(op.exp(op.neg(scores)), double(1.0)))


def softmax(scores: Var) -> Var:
    """Softmax of each row, as `sklearn.utils.extmath.softmax` has it: the row's maximum is taken off first."""
    return op.softmax(scores, axis=1)


def two_sided(positive: Var) -> Var:
    """[N, 1] probabilities of the positive class → [N, 2], the negative class first."""
    return op.concat([op.sub(double(1.0), positive), positive], axis=1)


def normalised(scores: Var, width: int) -> Var:
    """Each row divided by its sum; a row of zeros becomes uniform.

    Source: `sklearn.linear_model._base.LinearClassifierMixin._predict_proba_lr` (1.9).
    """
    total = op.reduce_sum(scores, ints(1))
    share = op.div(scores, total)
    return op.where(op.equal(total, double(0.0)), double(1.0 / width), share)


def softplus(scores: Var) -> Var:
    """`log(1 + exp(x))`, without overflow: `max(x, 0) + log1p(exp(-|x|))`."""
    return op.add(op.relu(scores), log1p(op.exp(op.neg(op.abs(scores)))))
